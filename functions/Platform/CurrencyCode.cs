namespace LeadFunctions.Platform;

/// <summary>Currencies as ISO 4217 writes them, such as <c>EUR</c>.</summary>
internal static class CurrencyCode
{
    /// <summary>Three capital letters: which of them there are changes, and is not ours to know.</summary>
    public static bool IsValid(string text) => text.Length == 3 && text.All(char.IsAsciiLetterUpper);
}
