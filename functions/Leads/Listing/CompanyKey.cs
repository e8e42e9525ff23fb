using LeadFunctions.Leads.State;

namespace LeadFunctions.Leads.Listing;

/// <summary>
/// Which company a lead belongs to: the one that <c>group</c> calls name. Where none did, people who say the same name, however they write it, are of one company; its key begins with <c>~</c>.
/// </summary>
internal static class CompanyKey
{
    private const char ByName = '~';

    /// <summary>Null for a lead of no company.</summary>
    public static string? Of(ListedLead lead) => lead.CompanyId ?? (lead.Company is { } name ? ByName + (FoldedText.Of(name) ?? name).ToLowerInvariant() : null);

    /// <summary>What <c>group</c> calls it; null for one that is known by its name.</summary>
    public static string? IdIn(string? key) => key is [ByName, ..] ? null : key;
}
