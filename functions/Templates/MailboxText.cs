using MimeKit;

namespace LeadFunctions.Templates;

/// <summary>A sender: an address that stands in the template, and a name that values can be part of, and no more than that.</summary>
internal static class MailboxText
{
    /// <summary>Null when it is none.</summary>
    public static (string Name, string Address)? Split(string source)
    {
        var text = source.Trim();
        var open = text.EndsWith('>') ? text.LastIndexOf('<') : -1;
        var (name, address) = open < 0 ? ("", text) : (text[..open].Trim(), text[(open + 1)..^1].Trim());
        return !address.Contains('{', StringComparison.Ordinal) && MailboxAddress.TryParse(address, out var parsed) && parsed.Address == address && address.IndexOf('@', StringComparison.Ordinal) > 0
            ? (name.Trim('"'), address) : null;
    }

    /// <summary>As in a header: whatever the name holds is quoted there.</summary>
    public static string Of(string name, string address) => name.Length == 0 ? address : $"{Quoted(name)} <{address}>";

    private static string Quoted(string name) => name.All(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_' or '\'' or '&' || c > 127)
        ? name
        : $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
