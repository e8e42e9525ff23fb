using System.Text;

namespace LeadFunctions.Mail;

/// <summary>Texts for headers. What a person or a trait says can begin no line of its own there.</summary>
internal static class HeaderText
{
    private const int Longest = 900;

    /// <summary>On one line: whatever ends a line or is invisible control is a blank, blanks that follow each other are one, and half a character is the sign for one that is missing. =? begins what readers decode, so that it might mean anything: it is broken up.</summary>
    /// <param name="most">Of the text so many characters at most; the last may be one more.</param>
    public static string Plain(string text, int most = Longest)
    {
        var plain = new StringBuilder(Math.Min(text.Length, most));
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || Rune.IsWhiteSpace(rune))
            {
                if (plain is { Length: > 0 } && plain[^1] != ' ')
                {
                    plain.Append(' ');
                }
            }
            else
            {
                plain.Append(rune.Value == '?' && plain is { Length: > 0 } && plain[^1] == '=' ? " " : "").Append(rune);
            }

            if (plain.Length >= most)
            {
                break;
            }
        }

        return plain.ToString().TrimEnd();
    }

    /// <summary>A web address as a header can hold it, in ASCII, without blanks and on one line; null for what is none.</summary>
    public static string? FindUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" && url.IdnHost.Length > 0
        && new UriBuilder(url) { Host = url.IdnHost }.Uri.AbsoluteUri.Replace(">", "%3E", StringComparison.Ordinal).Replace("<", "%3C", StringComparison.Ordinal) is { Length: <= Longest } plain
            ? plain
            : null;

    /// <summary>
    /// A List-Id's label for the name of what a mail is part of. Where letters beyond a label's had to go, two names might become one: then a part of a hash keeps them apart.
    /// </summary>
    public static string Label(string name)
    {
        var label = new string([.. name.ToLowerInvariant().Take(40).Select(c => char.IsAsciiLetterOrDigit(c) || c == '-' ? c : '-')]).Trim('-');
        return label == name.ToLowerInvariant() ? label : $"{label}-{SendIds.Local(name)[..8]}".TrimStart('-');
    }
}
