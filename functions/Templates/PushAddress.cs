namespace LeadFunctions.Templates;

/// <summary>Where a push message leads, or has its picture from.</summary>
internal static class PushAddress
{
    /// <summary>Null for what is no whole address of the web: nothing else is opened or shown, whatever a value says.</summary>
    public static string? Of(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.Host.Length > 0 ? text : null;
}
