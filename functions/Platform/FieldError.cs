using System.Text.Json;

namespace LeadFunctions.Platform;

/// <summary>One thing wrong with what somebody sent.</summary>
/// <param name="Path">JSON path (<c>$.rules[2].points</c>), or the name of a query parameter or header.</param>
/// <param name="Message">What is wrong, for a person.</param>
/// <param name="Expected">What would be right; null when the message says it all.</param>
public record FieldError(string Path, string Message, string? Expected = null)
{
    /// <summary>What is wrong with a text that broke off, or never was JSON.</summary>
    // The reader says so in no other way.
    private const string TooDeep = "maximum configured depth";

    public static string NotJson(JsonException exception) =>
        $"This is {(exception.Message.Contains(TooDeep, StringComparison.OrdinalIgnoreCase) ? "nested too deep, more than 64 levels" : "not JSON")}: see line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.";
}
