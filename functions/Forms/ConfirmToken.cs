namespace LeadFunctions.Forms;

/// <summary>What stands in the link of a mail that asks to confirm: which submission, signed. It reveals nobody.</summary>
/// <param name="Day">Where it waits.</param>
/// <param name="Id">The submission's.</param>
internal sealed record ConfirmToken(string Day, string Id)
{
    public static string Sign(string day, string id, byte[] key) => $"{day}.{id}.{FormTicket.Signature(Said(day, id), key)}";

    /// <summary>Null for one that nobody signed.</summary>
    public static ConfirmToken? Read(string text, byte[] key) =>
        text.Length <= 200 && text.Split('.') is [var day, var id, var signature] && FormTicket.IsSigned(Said(day, id), signature, key) ? new(day, id) : null;

    private static string Said(string day, string id) => $"confirm\n{day}\n{id}";
}
