using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadFunctions.Audit;

/// <summary>
/// People for those who may see how leads do, and not who they are. What is let through is listed, not what is hidden: a member that somebody adds to an answer is hidden until somebody says that it names
/// nobody. Numbers and yes or no tell nobody apart.
/// </summary>
internal static class Masks
{
    public const string Hidden = "•••";

    /// <summary>Members whose text is of ours: ids, states, names of what marketers made.</summary>
    private static readonly HashSet<string> Open =
    [
        "id", "leadId", "eventId", "stage", "grade", "state", "status", "type", "kind", "rule", "model", "journey", "run", "template", "topic", "segment", "segments", "entered", "left", "campaign", "channel", "step", "outcome", "reason", "stageReason",
        "reduced", "cause", "by", "owner", "condition", "nextCursor", "timeZone", "event", "answer", "halfLife", "dimension", "currency", "endReason", "why", "journeys", "mergedInto", "lead", "queue", "language", "source", "origin", "zone",
    ];

    /// <summary>Objects whose <c>name</c> is a thing's and no person's.</summary>
    private static readonly HashSet<string> Things = ["event", "events", "pages", "products", "interests", "lastAct", "campaigns"];

    /// <summary>Objects that hold what somebody said of themselves, whatever the names in them.</summary>
    private static readonly HashSet<string> Closed = ["traits", "properties", "values", "data", "context", "lastActivity", "notes"];

    public static void Apply(JsonNode? node) => Apply(node, member: "", isClosed: false);

    private static void Apply(JsonNode? node, string member, bool isClosed)
    {
        if (node is JsonObject members)
        {
            // Of an event, and of what has a type or a model, the name is no person's.
            var isThing = Things.Contains(member) || members.ContainsKey("type") || members.ContainsKey("persona");
            foreach (var (name, value) in members.ToList())
            {
                var isOpen = !isClosed && (Open.Contains(name) || (name == "name" && isThing));
                if (value is JsonValue text && text.GetValueKind() == JsonValueKind.String)
                {
                    members[name] = isOpen || IsMoment(text.GetValue<string>()) || (!isClosed && IsDay(text.GetValue<string>())) ? text.DeepClone() : Hidden;
                }
                else
                {
                    Apply(value, name, isClosed || Closed.Contains(name));
                }
            }
        }
        else if (node is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++)
            {
                if (items[i] is JsonValue text && text.GetValueKind() == JsonValueKind.String)
                {
                    items[i] = !isClosed && Open.Contains(member) ? text.DeepClone() : Hidden;
                }
                else
                {
                    Apply(items[i], member, isClosed);
                }
            }
        }
    }

    /// <summary>A day that somebody said of themselves may be the one that they were born on.</summary>
    private static bool IsDay(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static bool IsMoment(string text) =>
        text.Length >= 20 && text[4] == '-' && text[10] == 'T' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
