namespace LeadFunctions.Integrations;

/// <summary>A lead as of when something happened to it: what a receiver needs to find and show the person, so that it need not ask back.</summary>
/// <param name="Id">The product's own. Of an erased lead nothing else is left.</param>
internal sealed record LeadPicture(
    string Id, string? UserId = null, string? Email = null, string? Name = null, string? Company = null,
    string? Stage = null, double? Engagement = null, double? Fit = null, string? Grade = null, string? Owner = null);
