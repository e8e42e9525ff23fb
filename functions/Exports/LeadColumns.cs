using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Imports.Rows;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;
using LeadFunctions.Segments;

namespace LeadFunctions.Exports;

/// <summary>A lead with all that a row of it shows.</summary>
internal sealed record ExportedLead(LeadState State, LeadRecord Whole, LeadScore Score, IReadOnlyList<string> Segments);

/// <summary>
/// What can stand in a row of an export. Names that are none of these are traits; "consent." and a topic is the answer about that. Whoever reads the file knows no other answers: where one of them, to everything or to
/// what is above the topic, is a refusal, it is a no.
/// </summary>
internal static class LeadColumns
{
    public const int Most = 200;

    private const string Answer = "consent.";

    private static readonly Dictionary<string, Func<ExportedLead, Value>> Own = new(StringComparer.Ordinal)
    {
        ["id"] = lead => Text(lead.State.Id),
        ["userId"] = lead => Text(lead.Whole.UserId),
        ["email"] = lead => Text(lead.Whole.Email),
        ["name"] = lead => Text(lead.Whole.Name),
        ["company"] = lead => Text(lead.Whole.Company),
        ["stage"] = lead => Text(lead.Whole.Stage),
        ["owner"] = lead => Text(lead.Whole.Owner),
        ["engagement"] = lead => Value.From((double)ScoreExplanation.Hundredths(lead.Score.Engagement)),
        ["fit"] = lead => Value.From((double)ScoreExplanation.Hundredths(lead.Score.Fit)),
        ["grade"] = lead => Text(lead.Score.Grade),
        ["firstSeen"] = lead => Time(lead.Whole.FirstSeen),
        ["lastSeen"] = lead => Time(lead.Whole.LastSeen),
        ["segments"] = lead => Text(string.Join(';', lead.Segments)),
        ["lists"] = lead => Text(string.Join(';', SegmentMembership.Lists(lead.Whole.Traits).Select(list => list.Name).Where(lead.Segments.Contains).Order(StringComparer.Ordinal))),
    };

    /// <summary>Where nobody says which.</summary>
    public static IReadOnlyList<string> Usual { get; } = [.. Own.Keys];

    /// <summary>Null when it can be shown; else why not.</summary>
    public static string? Fault(string name) => name.Length is 0 or > 200 || name[0] == '$' ? $"\"{name}\" is no column." : null;

    public static Value Of(ExportedLead lead, string column) =>
        Own.TryGetValue(column, out var own) ? own(lead)
        : !column.StartsWith(Answer, StringComparison.Ordinal) ? lead.Whole.Traits.Find(column)
        : TopicConsent.Refuse(column[Answer.Length..], ConsentAtom.UsualChannel, lead.Whole) is not null ? Value.From(false)
        : lead.Whole.Traits.Find(Consent.Prefix + column[Answer.Length..]);

    /// <summary>As a cell: numbers and dates as programs read them, texts so that no spreadsheet takes them for a formula.</summary>
    public static string Cell(Value value) => value.Kind switch
    {
        ValueKind.Missing or ValueKind.Null => "",
        ValueKind.Number => value.ToString(),
        ValueKind.True => "true",
        ValueKind.False => "false",
        ValueKind.Text => CellGuard.Guard(value.Text ?? ""),
        _ => CellGuard.Guard(JsonSerializer.Serialize(value, LeadsJson.Default.Value)),
    };

    public static JsonNode? Json(Value value) => value.Exists ? JsonSerializer.SerializeToNode(value, LeadsJson.Default.Value) : null;

    private static Value Text(string? text) => string.IsNullOrEmpty(text) ? Value.Missing : Value.From(text);

    private static Value Time(long ms) => ms is > 0 and < 253_402_300_799_000
        ? Value.From(DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture))
        : Value.Missing;
}
