using System.Buffers;
using System.Globalization;

namespace LeadFunctions.Events;

/// <summary>An e-mail address in the one form in which it is kept, compared and sent to.</summary>
internal static class EmailAddress
{
    private const int Longest = 254;

    private const string Scheme = "mailto:";

    private static readonly SearchValues<char> Unseen = SearchValues.Create("\u200B\u200C\u200D\u2060\uFEFF");

    private static readonly SearchValues<char> Special = SearchValues.Create("<>(),;:\"\\@");

    private static readonly IdnMapping Idn = new() { AllowUnassigned = true };

    /// <summary>
    /// Without blanks around it, with the domain in lower case and ASCII (<c>bücher.example</c> is <c>xn--bcher-kva.example</c>, which every mail server takes). What stands before the @ keeps its case, since it is
    /// the receiver's. Neither what people and programs put around one (<c>&lt;ann@example.com&gt;</c>, <c>mailto:</c>, a comma at the end), nor characters that cannot be seen.
    /// Null for what is no address; one with a blank or a control character inside is none.
    /// </summary>
    public static string? Normalise(string text)
    {
        if (text.AsSpan().ContainsAny(Unseen))
        {
            text = string.Concat(text.Where(c => !Unseen.Contains(c)));
        }

        var address = text.AsSpan().Trim().TrimEnd(",;").Trim();
        address = address is ['<', .., '>'] ? address[1..^1].Trim() : address;
        address = address.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? address[Scheme.Length..].Trim() : address;
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

        // Whatever stands in quotes is the receiver's; elsewhere these part addresses from each other and from names.
        if (address[..at].ContainsAny(Special) && address is not ['"', ..])
        {
            return null;
        }

        var domain = address[(at + 1)..].TrimEnd('.').ToString().ToLowerInvariant();
        if (domain.Contains("..", StringComparison.Ordinal) || domain.AsSpan().ContainsAny(Special))
        {
            return null;
        }

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
