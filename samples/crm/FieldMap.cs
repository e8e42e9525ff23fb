using System.Globalization;
using System.Text.Json;

namespace LeadFunctions.Crm;

/// <summary>Who wins where both sides have a value.</summary>
public enum Owner
{
    /// <summary>It is written whenever it is another one.</summary>
    LeadFunctions,

    /// <summary>It is written while the CRM has none: sales people's word counts.</summary>
    Crm,
}

/// <summary>A field on both sides.</summary>
/// <param name="Ours">In the event's <c>lead</c>.</param>
/// <param name="Theirs">In the CRM's record.</param>
public sealed record Field(string Ours, string Theirs, Owner Owner);

/// <summary>Which field of a CRM is which of a lead, and who owns it: change the table, not the code.</summary>
/// <param name="At">The CRM's field that keeps when the newest thing that was written happened, in Unix ms.</param>
public sealed record FieldMap(IReadOnlyList<Field> Fields, string At)
{
    /// <summary>What to write. Empty when the record is newer than what is told, which a retry or a replay may be.</summary>
    /// <param name="current">The CRM's record as it is; null when there is none.</param>
    public IReadOnlyDictionary<string, object> Changes(Told told, IReadOnlyDictionary<string, string?>? current)
    {
        var at = told.At.ToUnixTimeMilliseconds();
        if (long.TryParse(current?.GetValueOrDefault(At), NumberStyles.Integer, CultureInfo.InvariantCulture, out var known) && known >= at)
        {
            return new Dictionary<string, object>();
        }

        var changes = new Dictionary<string, object> { [At] = at.ToString(CultureInfo.InvariantCulture) };
        foreach (var field in Fields)
        {
            if (told.Lead.TryGetProperty(field.Ours, out var value) && Text(value) is { Length: > 0 } text)
            {
                var theirs = current?.GetValueOrDefault(field.Theirs);
                if (field.Owner == Owner.Crm ? string.IsNullOrWhiteSpace(theirs) : theirs != text)
                {
                    changes[field.Theirs] = text;
                }
            }
        }

        return changes;
    }

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
}
