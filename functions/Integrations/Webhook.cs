using LeadFunctions.Conditions;
using LeadFunctions.Events;

namespace LeadFunctions.Integrations;

/// <summary>Whom the world's events go to, compiled.</summary>
/// <param name="Types">Without the prefix; never empty.</param>
/// <param name="Filter">Asks the event's data; null: all of these types.</param>
internal sealed record Webhook(string Id, string Name, Uri Url, IReadOnlyList<string> Types, Condition? Filter)
{
    public bool Wants(WorldEvent e) => Types.Contains(e.Type) && (Filter is null || Filter.Arrive(Asked(e), out _) == Verdict.True);

    /// <summary>In the shape that conditions ask: the data are the event's properties.</summary>
    private static LeadEvent Asked(WorldEvent e) => new() { Id = e.Id, Type = EventType.Track, Name = e.Type, At = e.At, Properties = e.Data };
}
