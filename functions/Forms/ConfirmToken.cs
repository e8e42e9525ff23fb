namespace LeadFunctions.Forms;

/// <summary>What stands in the link of a mail that asks to confirm: which submission. It reveals nobody, and is signed (<see cref="Feedback.SignedText"/>).</summary>
/// <param name="Day">Where it waits.</param>
/// <param name="Id">The submission's.</param>
internal sealed record ConfirmToken(string Day, string Id)
{
    /// <summary>What it is signed for.</summary>
    public const string Purpose = "confirm";

    public string Said => $"{Day}.{Id}";

    /// <summary>As it was signed; null for null.</summary>
    public static ConfirmToken? Of(string? said) => said?.Split('.') is [var day, var id] ? new(day, id) : null;
}
