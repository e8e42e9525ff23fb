using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Events;
using LeadFunctions.Facts;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Messaging;

namespace LeadFunctions.Leads.State;

/// <summary>What a merge that is taken back leaves with whom. Of what came in between nothing tells whose it was: where it says no, it holds for both (ADR 36).</summary>
internal static class Partings
{
    private const string Runs = "runs";
    private const string Wished = "wishes";
    private const string Sent = "messages";

    /// <summary>What was agreed to since a lead was absorbed, though who absorbed it had refused it before: that may have been the other's.</summary>
    public static IReadOnlyList<string> AgreedSince(LeadState state, AbsorbedLead gone) => state.Own.Traits.AgreedSince(
        gone.Refusals, state.Absorbed.Where(part => part != gone && part.At <= gone.At).SelectMany(part => part.Record.Traits.Refusals()?.Keys ?? []), gone.At);

    /// <summary>
    /// What goes along with a lead that is let go: its runs that are under way, with what they heard meanwhile, since those that it remembers may be over; what was refused and wished meanwhile, since that may have been
    /// its person; and the messages, which may have gone to its address: they count against its caps, and one that has begun to go out is not begun again.
    /// </summary>
    /// <param name="before">The lead that it was part of.</param>
    /// <param name="after">That without it. Its runs are taken from there.</param>
    public static JsonElement Along(AbsorbedLead gone, LeadState before, LeadState after)
    {
        JsonElement? runs = null;
        if (after.Journeys is { } journeys)
        {
            (after.Journeys, var parted) = journeys.Part([.. gone.Ids]);
            runs = JsonSerializer.SerializeToElement(parted, JourneysJson.Default.IReadOnlyListLeadRun);
        }

        var messages = after.Messages?.Since(gone.At);
        after.Messages = after.Messages?.WithoutWaiting(send => RunId.OfAct(send) is { } run && RunId.Parse(run) is { LeadId: var lead } && gone.Ids.Contains(lead));
        return AlongOf(runs, after.Own.Traits.RefusedSince(gone.Refusals), Wishes.Since(before.Own.Traits, gone.Wishes), messages);
    }

    public static JsonElement AlongOf(JsonElement? runs, TraitMap? answers = null, TraitMap? wishes = null, LeadMessages? messages = null)
    {
        var along = new JsonObject();
        if (runs is { } some)
        {
            along[Runs] = JsonNode.Parse(some.GetRawText());
        }

        if (answers is not null)
        {
            along[UnmergedAnswers.Carried] = JsonSerializer.SerializeToNode(answers, LeadsJson.Default.TraitMap);
        }

        if (wishes is not null)
        {
            along[Wished] = JsonSerializer.SerializeToNode(wishes, LeadsJson.Default.TraitMap);
        }

        if (messages is not null)
        {
            along[Sent] = JsonSerializer.SerializeToNode(messages, LeadsJson.Default.LeadMessages);
        }

        return JsonSerializer.SerializeToElement(along, LeadsJson.Default.JsonObject);
    }

    /// <summary>Of either: who is let go, and who lets go.</summary>
    internal static TimelineChanges? Apply(LeadState state, Arrival arrival)
    {
        var properties = arrival.Event.Properties;
        if (EventText.Of(properties, "release") is { } keeper)
        {
            Free(state, keeper, properties, arrival.Event.At);
            return null;
        }

        var from = EventText.Of(properties, "from");
        if (from is null || state.Absorbed.Find(part => part.Id == from) is not { } gone)
        {
            return null;
        }

        state.Own.Traits.TakeBack(AgreedSince(state, gone), gone.Refusals);
        if (gone.Wishes is { } wishes)
        {
            Wishes.Keep(state.Own.Traits, wishes);
        }

        state.Absorbed.Remove(gone);
        KeepApart(state, from);
        return new TimelineChanges(Unmerged: from);
    }

    private static void Free(LeadState state, string keeper, JsonElement along, DateTimeOffset at)
    {
        state.MergedInto = null;
        KeepApart(state, keeper);
        if (keeper.Length > 0 && state.Journeys is { } before)
        {
            // What came up meanwhile came up for the person that it was part of: now it would be late, and perhaps for the second time.
            state.Journeys = before with { Due = before.Due.Where(due => due.Value > at.ToUnixTimeMilliseconds()).ToDictionary(), Missed = null };
        }

        if (state.Journeys is { } journeys && along.TryGetProperty(Runs, out var runs))
        {
            state.Journeys = journeys with { Runs = runs.Deserialize(JourneysJson.Default.IReadOnlyListLeadRun) ?? [] };
        }

        if (Read(along, UnmergedAnswers.Carried) is { } refused)
        {
            state.Own.Traits.SetAll(refused);
        }

        if (Read(along, Wished) is { } wishes)
        {
            Wishes.Keep(state.Own.Traits, wishes);
        }

        if (along.TryGetProperty(Sent, out var sent) && sent.Deserialize(LeadsJson.Default.LeadMessages) is { } messages)
        {
            state.Messages = (state.Messages ?? LeadMessages.None).WithThose(messages);
        }
    }

    private static TraitMap? Read(JsonElement along, string what) => along.TryGetProperty(what, out var traits) ? traits.Deserialize(LeadsJson.Default.TraitMap) : null;

    private static void KeepApart(LeadState state, string other)
    {
        if (other.Length > 0 && !state.Apart.Contains(other))
        {
            state.Apart.Add(other);
        }
    }
}
