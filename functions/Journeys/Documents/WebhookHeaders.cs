namespace LeadFunctions.Journeys.Documents;

/// <summary>Which headers a webhook step may send. A header's text is partly what visitors typed: nothing in it may end the line, or the request.</summary>
internal static class WebhookHeaders
{
    /// <summary>What frames the request, or means this one connection; and the key that makes a call happen once.</summary>
    private static readonly IReadOnlySet<string> Reserved = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Content-Length", "Transfer-Encoding", "Connection", "Idempotency-Key", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Upgrade", "Expect",
    };

    public static bool IsName(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>Why it may not be sent; null when it may.</summary>
    public static string? FaultOf(string name, string value) =>
        !IsName(name) ? $"\"{name}\" is not a header's name."
        : Reserved.Contains(name) ? $"The header {name} is not for a journey to set."
        : value.Any(char.IsControl) ? $"The header {name} has a line break or another control character in it."
        : null;
}
