using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Events;
using LeadFunctions.Facts;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Messaging;
using LeadFunctions.Scoring;

namespace LeadFunctions.Leads.State;

/// <summary>
/// A merge in two commits: the lead that goes is frozen (its effect then brings the news), the lead that stays absorbs
/// the frozen record as a part of its own. Taking it back: the part is dropped, then the frozen lead is set free.
/// </summary>
internal static class Merges
{
    /// <summary>To the lead that goes: be frozen into another.</summary>
    public static LeadEvent Freeze(string leadId, string into, int merges, DateTimeOffset now) =>
        Inside(EventType.Merge, leadId, $"freeze/{leadId}/{merges}", "into", into, now);

    /// <summary>To the lead that goes, because a person says so: whatever their identities, and even if a merge was taken back before.</summary>
    public static LeadEvent FreezeByHand(string leadId, string into, string requestId, DateTimeOffset now) =>
        Inside(EventType.Merge, leadId, "merge/" + requestId, "into", into, now);

    /// <summary>To the lead that stays: absorb the frozen one. Named after the effect that asks for it, so that it counts once.</summary>
    public static LeadEvent Absorb(string leadId, string from, string effectId, DateTimeOffset now) =>
        Inside(EventType.Merge, leadId, "absorb/" + effectId, "from", from, now);

    /// <summary>To the lead that absorbed another: let it go.</summary>
    /// <param name="refused">What of consent is refused again by that (<see cref="Partings.AgreedSince"/>), for who reads the history.</param>
    public static LeadEvent LetGo(string leadId, string from, string requestId, DateTimeOffset now, IReadOnlyList<string>? refused = null) =>
        Inside(EventType.Unmerge, leadId, "letgo/" + requestId, "from", from, now, refused is not { Count: > 0 } ? null
            : JsonSerializer.SerializeToElement(new JsonObject { [UnmergedAnswers.TakenBack] = new JsonArray([.. refused.Select(path => JsonValue.Create(path))]) }, LeadsJson.Default.JsonObject));

    /// <summary>To the frozen lead: be free again.</summary>
    /// <param name="along">What goes with it (<see cref="Partings.Along"/>).</param>
    public static LeadEvent Release(string leadId, string from, string effectId, DateTimeOffset now, JsonElement? along = null) =>
        Inside(EventType.Unmerge, leadId, "release/" + effectId, "release", from, now, along is { ValueKind: JsonValueKind.Array } runs ? Partings.AlongOf(runs) : along);

    /// <summary>To those that were let go and have not surely heard of it.</summary>
    public static IEnumerable<LeadEvent> Releases(LeadState state, DateTimeOffset now) =>
        from effect in state.Outbox where effect is { Kind: EffectKind.Unmerged, To: not null } select Release(effect.To!, effect.LeadId, effect.Id, now, effect.Data); // as was just seen

    /// <summary>What frees a lead that this one has let go: where that was not heard yet, the lead still seems to be a part of this one. Null: it is one, or is free, or was merged anew.</summary>
    /// <param name="frozen">That leads to <paramref name="state"/>.</param>
    public static LeadEvent? ReleaseOf(LeadState frozen, LeadState state, DateTimeOffset now) =>
        frozen.MergedInto == state.Id && !state.AllIds.Contains(frozen.Id) ? Releases(state, now).LastOrDefault(release => release.LeadId == frozen.Id && !frozen.Seen.Contains(release)) : null;

    /// <summary>What <see cref="Freeze"/> made. A client's event may bear any id, but names no lead.</summary>
    public static bool IsFreeze(LeadEvent e) => e is { LeadId: not null, Type: EventType.Merge } && e.Id.StartsWith("freeze/", StringComparison.Ordinal);

    /// <summary>The lead that the event's is to be frozen into.</summary>
    public static string? Freezes(LeadEvent e) => e.Type == EventType.Merge ? EventText.Of(e.Properties, "into") : null;

    /// <summary>Such an event is for exactly this row, even if it is frozen.</summary>
    public static bool IsForFrozen(LeadEvent e) =>
        Freezes(e) is not null || (e.Type == EventType.Unmerge && EventText.Of(e.Properties, "release") is not null);

    /// <summary>The frozen lead whose state the event needs.</summary>
    public static string? Absorbs(LeadEvent e) => e.Type == EventType.Merge ? EventText.Of(e.Properties, "from") : null;

    /// <summary>The lead to absorb came with one of these already: the request is a repetition.</summary>
    /// <param name="passed">The frozen leads on the way to the one that would absorb it.</param>
    public static bool IsDone(LeadEvent absorb, IEnumerable<LeadState> passed) => Absorbs(absorb) is { } from && passed.Any(frozen => frozen.AllIds.Contains(from));

    /// <summary>Merges that can be taken back. A person may come to hundreds of browsers (a kiosk, an agent who logs in as it were from everywhere): what was merged before these is kept as one.</summary>
    internal const int PartsKept = 100;

    /// <summary>Of all parts together, in bytes (<see cref="LeadRecord.Weight"/>): with them, a profile must stay below what a row holds, and be quick to read and write.</summary>
    internal const int PartsWeight = 1024 * 1024;

    /// <summary>Of a person's times and folded entries, packed, in bytes (<see cref="LeadRecord.HistorySize"/>): what leaves a row (<c>Packed.Limit</c>) room for the rest.</summary>
    private const int HistoryLimit = 640 * 1024;

    /// <summary>Beyond, the timelines of the first ones are not found any more.</summary>
    internal const int FoldedKept = 10_000;

    internal static TimelineChanges? Apply(LeadState state, Arrival arrival, LeadRules rules)
    {
        if (EventText.Of(arrival.Event.Properties, "into") is { } into)
        {
            if (state.MergedInto is null && into != state.Id)
            {
                state.MergedInto = into;
                state.Journeys = MissedStart.OwedSince(state.Journeys, arrival.AcceptedAt);
                state.Apart.Remove(into);
                state.Merges++;
            }

            return null;
        }

        // Frozen into another than this was asked for, it belongs there.
        if (arrival.Other is not { MergedInto: { } asked } || asked != arrival.Event.LeadId || state.AllIds.Contains(arrival.Other.Id))
        {
            return null;
        }

        var other = WithoutShared(state, arrival.Other);
        var parts = other.AllIds;
        state.Apart.RemoveAll(parts.Contains);
        var apart = other.AllApart.Except(state.AllIds).ToList();
        state.Absorbed.Add(new AbsorbedLead(
            other.Id, other.Whole.AsOne(rules), arrival.Event.At.ToUnixTimeMilliseconds(), parts.Count == 1 ? null : [.. parts.Skip(1)], apart.Count == 0 ? null : apart, state.Own.Traits.Refusals(), Wishes.Of(state.Own.Traits)));

        // What came while the other was frozen, and not here yet, wrote its names down here.
        state.Own.Identities.RemoveAll(other.Whole.Identities.Contains);
        other.Whole.Identities.ForEach(key => state.DropClaim(key));
        state.Seen.AddAll(other.Seen);
        if (other.Journeys is { } journeys)
        {
            state.Journeys = LeadJourneys.Union(state.Journeys ?? LeadJourneys.None, journeys, rules.Journeys.MaySideBySide);
        }

        if (other.Messages is { } messages)
        {
            state.Messages = LeadMessages.Union(state.Messages ?? LeadMessages.None, messages);
        }

        Fold(state, rules);
        return new TimelineChanges(Merged: other.Id);
    }

    /// <summary>A lead that both have absorbed, by different ways, counts once: with the other, which it goes with should that be let go.</summary>
    private static LeadState WithoutShared(LeadState state, LeadState other)
    {
        var theirs = other.AllIds.ToHashSet();
        state.Absorbed.RemoveAll(part => theirs.Contains(part.Id));
        var mine = state.AllIds.ToHashSet();
        return other.Absorbed.Exists(part => mine.Contains(part.Id)) ? other.With(other.Own.Copy(), other.Absorbed.Where(part => !mine.Contains(part.Id))) : other;
    }

    private static void Fold(LeadState state, LeadRules rules)
    {
        var weight = state.Absorbed.Sum(part => part.Record.Weight);
        while (state.Absorbed.Count > PartsKept || (weight > PartsWeight && state.Absorbed.Count > 1))
        {
            var oldest = state.Absorbed[0];
            state.Absorbed.RemoveAt(0);
            weight -= oldest.Record.Weight;
            state.Own.Fold(oldest.Record, rules);
            state.Apart.AddRange((oldest.Apart ?? []).Except(state.Apart));
            state.Folded = [.. (state.Folded ?? []).Concat(oldest.Ids).TakeLast(FoldedKept)];
        }
    }

    /// <summary>
    /// What of absorbed leads' long histories would make the row too large is known only about, here; the frozen leads keep all of theirs, so that taking back stays exact.
    /// </summary>
    /// <returns>Whether that was so.</returns>
    internal static bool KeepWithinRow(LeadState state, ScoringModels models)
    {
        var isChanged = false;
        for (var size = state.Own.HistorySize + state.Absorbed.Sum(part => part.Record.HistorySize); size > HistoryLimit; isChanged = true)
        {
            var largest = state.Absorbed.MaxBy(part => part.Record.HistorySize)!; // not null: who calls has seen that there is one
            var lighter = largest.Record.Lighter(models);
            if (lighter.HistorySize >= largest.Record.HistorySize * 0.9)
            {
                break; // What is left cannot be settled.
            }

            size -= largest.Record.HistorySize - lighter.HistorySize;
            state.Absorbed[state.Absorbed.IndexOf(largest)] = largest with { Record = lighter };
        }

        return isChanged;
    }

    private static LeadEvent Inside(EventType type, string leadId, string id, string property, string value, DateTimeOffset now, JsonElement? along = null)
    {
        var properties = along is { } some ? JsonObject.Create(some)! : []; // not null: an object
        properties[property] = value;

        return new()
        {
            Id = id,
            Type = type,
            Name = type == EventType.Merge ? "merge" : "unmerge",
            At = now,
            LeadId = leadId,
            Properties = JsonSerializer.SerializeToElement(properties, LeadsJson.Default.JsonObject),
        };
    }
}
