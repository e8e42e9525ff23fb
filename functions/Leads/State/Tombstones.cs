using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LeadFunctions.Forms;
using LeadFunctions.Integrations;

namespace LeadFunctions.Leads.State;

/// <summary>What is left of a lead that was erased.</summary>
/// <param name="Id">Of the erasure.</param>
/// <param name="At">Unix ms. What was received until then counts no more, whenever it comes.</param>
/// <param name="Told">The last that the world was told of the lead before, by number: what of it is still on its way goes out no more.</param>
/// <param name="IsSwept">All places were looked at: who comes by themselves may come. What is sent before that goes the way of the rest.</param>
/// <param name="IsOver">The person came back, as a new lead that stands in the same row.</param>
/// <param name="Late">Leads that were frozen into this one as it was erased: they are the person's too.</param>
internal sealed record LeadErasure(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("at")] long At,
    [property: JsonPropertyName("t"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Told = 0,
    [property: JsonPropertyName("s"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsSwept = false,
    [property: JsonPropertyName("o"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsOver = false,
    [property: JsonPropertyName("l")] IReadOnlyList<string>? Late = null);

/// <summary>
/// An erased lead keeps its row, with nothing in it but numbers: whoever still holds the lead in memory loses the race for the row, and what is on its way to it finds that nobody is there any more (ADR 30).
/// </summary>
internal static class Tombstones
{
    /// <summary>The row that takes the lead's place. Its counters go on, so that nothing is taken for a repetition of what was.</summary>
    /// <param name="heard">What somebody outside listens to.</param>
    public static LeadState Bury(LeadState lead, string erasure, IReadOnlySet<string>? heard, DateTimeOffset now)
    {
        var left = new LeadState
        {
            Id = lead.Id,
            Merges = lead.Merges,
            Changes = lead.Changes,
            Told = lead.Told,
            Erased = new(erasure, now.ToUnixTimeMilliseconds(), lead.Told),
        };
        left.Outbox.AddRange(lead.Outbox.Where(effect => effect.Kind == EffectKind.Unmerged)); // whoever was let go, and has not heard of it, is somebody else
        Effects.AddErased(lead, left, now);
        if (heard?.Contains(HappeningTypes.LeadErased) == true)
        {
            Effects.Tell(left, HappeningTypes.LeadErased, new JsonObject { ["lead"] = new JsonObject { ["id"] = lead.Id } }, now);
        }

        left.ListingVersion = ListingChange.NextVersion(lead, left, now);
        return left;
    }

    /// <summary>All places were looked at. What came until now has gone the same way, so it counts no more either.</summary>
    public static LeadState Swept(LeadState left, DateTimeOffset now)
    {
        var swept = left.Copy();
        swept.Erased = left.Erased! with { At = now.ToUnixTimeMilliseconds(), IsSwept = true }; // who calls has seen that it was erased
        return swept;
    }

    /// <summary>What may be applied of what came: before the person is back nothing, but for what they send by themselves; and never what was received before.</summary>
    /// <returns>The very same lead where nothing changed but that.</returns>
    public static (LeadState Lead, IReadOnlyList<Arrival> Arrivals) Admit(LeadState lead, IReadOnlyList<Arrival> arrivals)
    {
        if (lead.Erased is not { } erased)
        {
            return (lead, arrivals);
        }

        List<Arrival> admitted = [.. arrivals.Where(arrival => arrival.ReceivedAt.ToUnixTimeMilliseconds() > erased.At)];
        if (erased.IsOver)
        {
            return (lead, admitted);
        }

        List<string> late = [.. arrivals.Select(arrival => arrival.Other).OfType<LeadState>().Where(other => other.MergedInto == lead.Id).Select(other => other.Id).Except(erased.Late ?? [])];
        admitted = erased.IsSwept ? [.. admitted.SkipWhile(arrival => !FormEvents.IsOne(arrival.Event))] : [];
        if (late.Count + admitted.Count == 0)
        {
            return (lead, admitted);
        }

        lead = lead.Copy();
        lead.Erased = erased with { IsOver = admitted.Count > 0, Late = late.Count == 0 ? erased.Late : [.. erased.Late ?? [], .. late] };
        return (lead, admitted);
    }
}
