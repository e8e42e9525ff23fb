using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Conditions;
using LeadFunctions.Events;
using LeadFunctions.Integrations;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Lifecycle;
using LeadFunctions.Messaging;
using LeadFunctions.Scoring;

namespace LeadFunctions.Leads.State;

/// <summary>
/// What the world is told of a change of a lead: the difference of two states, and what the events that were applied say. The picture is as of the commit.
/// Only of what somebody listens to; it is numbered lead by lead, so that it can go out in order.
/// </summary>
internal static class Happenings
{
    /// <param name="applied">The events that were, in order.</param>
    public static void Tell(LeadState before, LeadState after, IReadOnlyList<(LeadEvent Event, TimelineChanges? Changes)> applied, LeadRules rules, LeadScore score, DateTimeOffset now)
    {
        if (rules.Heard is null or { Count: 0 })
        {
            after.Level = null;
            return;
        }

        if (after.MergedInto is not null)
        {
            return; // it is nobody any more: the one that absorbs it tells
        }

        JsonNode? picture = null;
        foreach (var (type, data) in Staged(before, after, applied).Concat(Segmented(before, after, applied, rules)).Concat(applied.Select(one => Said(one.Event, after)).OfType<(string, JsonObject)>()).Concat(Scored(before, after, rules, score, now)))
        {
            if (rules.Heard.Contains(type))
            {
                picture ??= JsonSerializer.SerializeToNode(PictureOf(after, score), IntegrationsJson.Default.LeadPicture);
                data.Insert(0, "lead", picture!.DeepClone()); // a picture is an object
                Effects.Tell(after, type, data, now);
            }
        }
    }

    /// <summary>Each move that an event made, where they lead to what holds now; of a lead with absorbed ones, whose stage may be theirs, the difference.</summary>
    private static IEnumerable<(string, JsonObject)> Staged(LeadState before, LeadState after, IReadOnlyList<(LeadEvent Event, TimelineChanges? Changes)> applied)
    {
        var (from, to) = (before.Whole.Stage, after.Whole.Stage);
        var moves = applied.Where(one => one.Changes?.Stage is not null).Select(one => (To: one.Changes!.Stage!, Cause: (LeadEvent?)one.Event)).ToList(); // as the line before says
        if (moves.Count == 0 || moves[^1].To != to)
        {
            moves = [(to, null)];
        }

        foreach (var (stage, cause) in moves)
        {
            if (stage != from)
            {
                yield return (HappeningTypes.StageChanged, With(new() { ["from"] = from, ["to"] = stage }, cause, "reason", "by", "cause", "journey", "outcome", "amount", "currency"));
                from = stage;
            }
        }
    }

    /// <summary>Likewise.</summary>
    private static IEnumerable<(string, JsonObject)> Segmented(LeadState before, LeadState after, IReadOnlyList<(LeadEvent Event, TimelineChanges? Changes)> applied, LeadRules rules)
    {
        if (!rules.Heard!.Contains(HappeningTypes.SegmentEntered) && !rules.Heard.Contains(HappeningTypes.SegmentLeft)) // who calls has seen that somebody listens
        {
            return [];
        }

        var (was, now) = (before.SegmentNames(rules.Segments), after.SegmentNames(rules.Segments));
        var (within, moves) = (was.ToHashSet(), new List<(string Segment, bool Enters)>());
        foreach (var changes in applied.Select(one => one.Changes).OfType<TimelineChanges>())
        {
            moves.AddRange((changes.Left ?? []).Where(within.Remove).Select(segment => (segment, false)));
            moves.AddRange((changes.Entered ?? []).Where(within.Add).Select(segment => (segment, true)));
        }

        if (!within.SetEquals(now))
        {
            moves = [.. was.Except(now).Select(segment => (segment, false)), .. now.Except(was).Select(segment => (segment, true))];
        }

        return moves.Select(move => (move.Enters ? HappeningTypes.SegmentEntered : HappeningTypes.SegmentLeft, new JsonObject { ["segment"] = move.Segment }));
    }

    /// <summary>What an event from inside says by itself.</summary>
    private static (string, JsonObject)? Said(LeadEvent e, LeadState lead) => e switch
    {
        { LeadId: null } => null, // from outside anybody may say anything
        { Name: JourneyEvents.MessageSent, Type: EventType.Track } => (HappeningTypes.MessageSent, OfMessage(lead, e)),
        { Name: MessageEvents.Clicked, Type: EventType.Track } => (HappeningTypes.MessageClicked, With(OfMessage(lead, e), e, "url", "link", "confidence")),
        { Name: MessageEvents.Bounced, Type: EventType.Track } => (HappeningTypes.MessageBounced, With(OfMessage(lead, e), e, "kind", "code", "reason")),
        { Name: StageEvents.SlaMissed, Type: EventType.Track } => (HappeningTypes.SlaMissed, With([], e, "stage", "since", "sla")),
        { Name: StageEvents.Reopened, Type: EventType.Track } => (HappeningTypes.LeadReopened, With([], e, "since", "reason", "count", "low", "engagement")),
        { Name: StageEvents.Neglected, Type: EventType.Track } => (HappeningTypes.Neglected, With([], e, "stage", "since", "after")),
        { Type: EventType.Merge } when Merges.Absorbs(e) is { } merged => (HappeningTypes.LeadMerged, new() { ["merged"] = merged }),
        { Type: EventType.Journey, Name: RunOrder.Ended } when EventText.Of(e.Properties, "reason") is ("completed" or "goal" or "exited") and var outcome =>
            (HappeningTypes.JourneyCompleted, With(new() { ["outcome"] = outcome }, e, "journey", "version", "run")),
        _ => null,
    };

    /// <summary>What an event says of its message, and what the lead knows of that besides: a link and a carrier know little more than its id.</summary>
    private static JsonObject OfMessage(LeadState lead, LeadEvent e)
    {
        var data = With([], e, "messageId", "channel", "template", "topic", "journey", "version", "run", "step", "campaign");
        if (EventText.Of(e.Properties, "messageId") is { } id && lead.Messages?.Find(id) is { } message)
        {
            foreach (var (name, value) in new[] { ("template", message.Template), ("topic", message.Topic), ("journey", message.Journey), ("step", message.Step), ("campaign", message.Campaign) })
            {
                if (value is not null && !data.ContainsKey(name))
                {
                    data[name] = value;
                }
            }
        }

        return data;
    }

    /// <summary>Levels of the live model that engagement is at another side of than when the lead was last looked at; and when time alone will bring it there.</summary>
    private static IEnumerable<(string, JsonObject)> Scored(LeadState before, LeadState after, LeadRules rules, LeadScore score, DateTimeOffset now)
    {
        if (!rules.Heard!.Contains(HappeningTypes.ScoreThresholdCrossed) || rules.Scoring.Live?.Document.Thresholds is not [_, ..] levels) // who calls has seen that somebody listens
        {
            after.Level = null;
            return [];
        }

        var was = before.Level?.Points ?? (before.Own.Ledger.Count + before.Absorbed.Count == 0 ? 0 : Reducer.ScoreOf(before, rules.Scoring, now).Engagement);
        var noted = before.Level?.Due is { } due && due > now.ToUnixTimeMilliseconds() ? due : (long?)null;
        var next = new LeadProfile(after.Whole, score, rules.Scoring).NextChange(ProfileFacts.Engagement, levels, now);
        if (Moments.IsNews(next, noted, now, out var at))
        {
            Effects.NoteDue(after, at, now);
            noted = at.ToUnixTimeMilliseconds();
        }

        after.Level = new(score.Engagement, noted);
        return ScoreLevels.Crossed(levels, was, score.Engagement).Select(level => (HappeningTypes.ScoreThresholdCrossed, new JsonObject
        {
            ["level"] = level,
            ["direction"] = score.Engagement >= level ? "up" : "down",
            ["engagement"] = Math.Round(score.Engagement, 2),
        }));
    }

    private static LeadPicture PictureOf(LeadState state, LeadScore score)
    {
        var whole = state.Whole;
        return new(state.Id, whole.UserId, whole.Email, whole.Name, whole.Company, whole.Stage, Math.Round(score.Engagement, 2), Math.Round(score.Fit, 2), score.Grade, whole.Owner);
    }

    private static JsonObject With(JsonObject data, LeadEvent? e, params IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (e is { Properties.ValueKind: JsonValueKind.Object } && e.Properties.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
            {
                data[name] = JsonNode.Parse(value.GetRawText());
            }
        }

        return data;
    }
}
