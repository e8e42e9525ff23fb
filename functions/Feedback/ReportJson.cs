using System.Globalization;
using System.Text.Json;
using LeadFunctions.Events;

namespace LeadFunctions.Feedback;

/// <summary>What carriers' reports have in common: optional members of every type.</summary>
internal static class ReportJson
{
    private const int MostReason = 500;

    public static JsonElement In(this JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var found) ? found : default;

    /// <summary>A text, or a number as it is spelt; null for neither, and for an empty one.</summary>
    public static string? Text(this JsonElement parent, string name) => parent.In(name) switch
    {
        { ValueKind: JsonValueKind.String } text when text.GetString() is { Length: > 0 } found => found,
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    public static string? Reason(string? text) => text is null ? null : EventText.Cut(text.Trim(), MostReason);

    /// <summary>Unix time in seconds, whole or not, or ISO 8601.</summary>
    public static DateTimeOffset Time(this JsonElement parent, string name, DateTimeOffset otherwise) =>
        parent.In(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var seconds) && seconds is > 0 and < 100_000_000_000 ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000))
        : parent.Text(name) is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time
        : otherwise;

    public static IReadOnlyList<string> References(params ReadOnlySpan<string?> references)
    {
        var found = new List<string>(references.Length);
        foreach (var reference in references)
        {
            if (!string.IsNullOrWhiteSpace(reference))
            {
                found.Add(reference);
            }
        }

        return found;
    }
}
