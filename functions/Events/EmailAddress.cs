using System.Globalization;

namespace LeadFunctions.Events;

/// <summary>An e-mail address in the one form in which it is kept, compared and sent to.</summary>
internal static class EmailAddress
{
    private const int Longest = 254;

    private static readonly IdnMapping Idn = new() { AllowUnassigned = true };

    /// <summary>
    /// Without blanks around it, with the domain in lower case and ASCII (<c>bücher.example</c> is <c>xn--bcher-kva.example</c>, which every mail server takes). What stands before the @ keeps its case, since it is
    /// the receiver's. Null for what is no address; one with a blank or a control character inside is none.
    /// </summary>
    public static string? Normalise(string text)
    {
        var address = text.AsSpan().Trim().Trim("\u200B\u200C\u200D\u2060\uFEFF").Trim();
        var at = address.LastIndexOf('@');
        if (at <= 0 || at == address.Length - 1 || address.Length > Longest)
        {
            return null;
        }

        foreach (var c in address)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c))
            {
                return null;
            }
        }

        var domain = address[(at + 1)..].TrimEnd('.').ToString().ToLowerInvariant();
        return domain.Length > 0 && ToAscii(domain) is { } ascii ? string.Concat(address[..(at + 1)], ascii) : null;
    }

    private static string? ToAscii(string domain)
    {
        if (System.Text.Ascii.IsValid(domain))
        {
            return domain;
        }

        try
        {
            return Idn.GetAscii(domain).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null; // two dots in a row, a label too long
        }
    }
}
