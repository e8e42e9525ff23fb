using System.Text.Json;
using LeadFunctions.Conditions.Patterns;
using LeadFunctions.Events;
using LeadFunctions.Facts;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Lifecycle;
using LeadFunctions.Messaging;
using LeadFunctions.Push;
using LeadFunctions.Scoring;
using LeadFunctions.Segments;

namespace LeadFunctions.Leads.State;

/// <summary>An event on its way into a lead.</summary>
/// <param name="Identities">Those of the event's identities that belong to this lead.</param>
/// <param name="Other">Of a merge, the lead to absorb, frozen.</param>
/// <param name="WasApplied">A lead that is, or is about to become, part of this one had the event: only its identities may be news.</param>
internal sealed record Arrival(LeadEvent Event, DateTimeOffset ReceivedAt, IReadOnlyList<Identity> Identities, LeadState? Other = null, bool WasApplied = false)
{
    /// <summary>When what it comes of was accepted: of a merge, the event that brought two leads together.</summary>
    public DateTimeOffset AcceptedAt { get; init; } = ReceivedAt;
}

/// <param name="State">The state after; the very one before when nothing changed.</param>
/// <param name="Timeline">The events that were applied: without those that had been before.</param>
/// <param name="Score">The score after; null when nothing changed.</param>
internal sealed record Reduced(LeadState State, IReadOnlyList<TimelineEntry> Timeline, LeadScore? Score);

/// <summary>A lead's score as of its last commit: what its row and listings show.</summary>
/// <param name="Curve">How engagement goes on, exactly; null for an anonymous lead, which no listing shows.</param>
/// <param name="Pace">How it goes on from there, as far as levels ask.</param>
internal readonly record struct LeadScore(double Engagement, double Fit, string? Grade, EngagementCurve? Curve, EngagementPace Pace = default);

/// <summary>
/// How events change a lead: the one place, pure, used by the pipeline, and by backtests and simulations with other
/// rules or another clock. Events that were applied before change nothing.
/// </summary>
internal static partial class Reducer
{
    /// <summary>How often segments and stages may follow from each other within one look.</summary>
    private const int MostRounds = 20;

    /// <summary>Entries kept one by one for the explanation; older ones are folded together (<see cref="Ledger.Compact"/>).</summary>
    private const int LedgerLimit = 256;

    /// <summary>
    /// What an event does to each part of a lead. A part is added in its own folder, here, and, where it keeps something of its own, in <see cref="LeadRecord"/>.
    /// What has to see the whole lead comes after them: the score, then segments and the lifecycle, then journeys.
    /// </summary>
    private static readonly IReadOnlyList<Part> Parts =
    [
        (lead, e, _, _) => Traits.Apply(lead.Traits, e),
        (lead, e, _, _) => LeadZone.Apply(lead.Traits, e),
        (lead, e, _, _) => Origins.Apply(lead.Traits, e),
        (lead, e, _, _) => Stages.Apply(lead.Traits, e),
        (lead, e, _, _) => SegmentMembership.Apply(lead.Traits, e),
        (lead, e, _, _) => BrowserSubscriptions.Apply(lead.Traits, e),
        (lead, e, rules, _) => Count(lead, e, rules),
        (_, e, rules, earned) => Earn(e, rules.Scoring, earned),
    ];

    /// <param name="earned">Points are judged when all events are known: what the event may be worth is added here.</param>
    /// <returns>What the timeline tells of it.</returns>
    private delegate TimelineChanges? Part(LeadRecord lead, LeadEvent e, LeadRules rules, List<LedgerEntry> earned);

    public static Reduced Apply(LeadState before, IReadOnlyList<Arrival> arrivals, LeadRules rules, DateTimeOffset now)
    {
        using var budget = PatternBudget.Of(Math.Max(1, arrivals.Count)); // for scoring, segments, stages and journeys together
        (before, arrivals) = Tombstones.Admit(before, arrivals);
        if (before.Messages is { } messages)
        {
            arrivals = [.. arrivals.Select(arrival => arrival with { Event = KnownMessage.Named(arrival.Event, messages) })];
        }

        // A tick says what time it is. A clock that is a moment behind would look too early, and nobody would look again.
        foreach (var arrival in arrivals)
        {
            now = arrival.Event is { Type: EventType.Journey, Name: RunOrder.Tick, At: var at } && at > now ? at : now;
        }

        var state = before.Copy();
        var applied = new List<(Arrival Arrival, TimelineChanges? Changes)>(arrivals.Count);
        var earned = new List<LedgerEntry>();
        var isKnownBetter = false;
        foreach (var arrival in arrivals)
        {
            // Also from an event that was applied before: its redirect may have been written only after it.
            foreach (var identity in arrival.Identities)
            {
                isKnownBetter |= !state.Absorbed.Exists(part => part.Record.Carries(identity)) && state.Own.AddIdentity(identity);
                isKnownBetter |= state.DropClaim(identity.Key);
            }

            if (!arrival.WasApplied && state.Seen.Add(arrival.Event, arrival.ReceivedAt))
            {
                applied.Add((arrival, Apply(state, arrival, rules, earned)));
            }
        }

        if (applied.Count == 0 && !isKnownBetter)
        {
            return new Reduced(before, [], null);
        }

        var hasEarned = earned.Count > 0 || !ReferenceEquals(state.Folded, before.Folded);
        if (hasEarned)
        {
            state.Own.Ledger = state.Own.Ledger.Add(earned);
        }

        state.Forget();
        var points = new List<(LedgerEntry Entry, double Applied)>(earned.Count);
        var score = ScoreOf(state, rules.Scoring, now, earned, points);
        state.Grade = score.Grade;
        if (state.Own.Ledger.Count > LedgerLimit)
        {
            // Only now: the timeline tells what each of these events earned, and an old one that came late is folded at once.
            state.Own.Ledger = state.Own.Ledger.Compact(LedgerLimit, rules.Scoring, state.Own, now);
            state.Forget();
        }

        if (state.Absorbed.Count > 0 && Merges.KeepWithinRow(state, rules.Scoring))
        {
            state.Forget();
        }

        var (left, staged, isQuiet) = (new HashSet<string>(), (DateTimeOffset?)null, false);
        var isTimeAlone = applied.TrueForAll(one => one.Arrival.Event is { Type: EventType.Journey, Name: RunOrder.Tick });
        for (var round = 0; ; round++)
        {
            // A stage may depend on a segment, a segment on a stage, and both on what the lifecycle tells.
            var earlier = Segment(before, state, applied, rules, score, isKnownBetter, hasEarned, isTimeAlone ? staged : null, isQuiet, now);
            if (round == MostRounds || !MoveOn(before, state, applied, rules, score, isKnownBetter || hasEarned, earlier, left, out staged, ref isQuiet, now))
            {
                break;
            }
        }

        if (state.MergedInto is null && applied.Exists(one => one.Arrival.Event.LeadId is not null)) // from outside nobody asks
        {
            Decide(state, applied, rules, score, now);
        }

        NoteRefused(applied, Journey(before, state, applied, rules, score, now));
        Effects.Add(before, state, now);
        Effects.AddNotes(state, applied.Select(one => one.Arrival.Event), now);
        Happenings.Tell(before, state, applied.ConvertAll(a => (a.Arrival.Event, a.Changes)), rules, score, now);
        state.ListingVersion = ListingChange.NextVersion(before, state, now);
        return new Reduced(state, applied.ConvertAll(a => new TimelineEntry(a.Arrival.Event, a.Arrival.ReceivedAt, PointsOf(a.Arrival.Event, points), a.Changes)), score);
    }

    public static LeadScore ScoreOf(LeadState state, ScoringModels rules, DateTimeOffset now) => ScoreOf(state, rules, now, [], []);

    private static LeadScore ScoreOf(LeadState state, ScoringModels rules, DateTimeOffset now, List<LedgerEntry> earned, List<(LedgerEntry Entry, double Applied)> points)
    {
        var whole = state.Whole;
        var fit = rules.Live?.FitOf(whole, now);
        var (engagement, curve, pace) = Engagement.ValueAndCurve(whole.Ledger, rules, whole, now, whole.IsKnown, earned, points);
        return new LeadScore(engagement, fit?.Score ?? 0, fit?.Grade, curve, pace);
    }

    private static IReadOnlyList<EarnedPoints> PointsOf(LeadEvent e, List<(LedgerEntry Entry, double Applied)> points)
    {
        List<EarnedPoints>? own = null;
        foreach (var (entry, applied) in points)
        {
            if (entry.EventId == e.Id)
            {
                (own ??= []).Add(new EarnedPoints(entry.Rule, applied));
            }
        }

        return own ?? (IReadOnlyList<EarnedPoints>)[];
    }

    private static TimelineChanges? Apply(LeadState state, Arrival arrival, LeadRules rules, List<LedgerEntry> earned)
    {
        var e = arrival.Event;
        switch (e.Type)
        {
            case EventType.Merge:
                return Merges.Apply(state, arrival, rules);
            case EventType.Unmerge:
                return Partings.Apply(state, arrival);
            case EventType.Journey or EventType.Message:
                return null;
            default:
                TimelineChanges? changes = null;
                foreach (var part in Parts)
                {
                    changes = part(state.Own, e, rules, earned) ?? changes; // an event changes one of them
                }

                return changes;
        }
    }

    private static TimelineChanges? Count(LeadRecord own, LeadEvent e, LeadRules rules)
    {
        own.Note(e, rules);
        own.Count(e, rules);
        return null;
    }

    private static TimelineChanges? Earn(LeadEvent e, ScoringModels rules, List<LedgerEntry> earned)
    {
        if (e.Type != EventType.Points)
        {
            rules.Live?.Earn(e, earned);
        }
        else if (e.Properties.ValueKind == JsonValueKind.Object && e.Properties.TryGetProperty("points", out var points) && points.TryGetDouble(out var given))
        {
            earned.Add(LedgerEntry.Given(e, given));
        }

        return null;
    }

    /// <summary>Messages that somebody asks about, after what came along: a refusal among it counts.</summary>
    private static void Decide(LeadState state, List<(Arrival Arrival, TimelineChanges? Changes)> applied, LeadRules rules, LeadScore score, DateTimeOffset now)
    {
        var (messages, profile) = (state.Messages ?? LeadMessages.None, (LeadProfile?)null);
        for (var i = 0; i < applied.Count; i++)
        {
            (messages, var answer) = MessagingReducer.Apply(
                messages, applied[i].Arrival.Event, () => profile ??= new LeadProfile(state.Whole, score, rules.Scoring, new(rules.Segments, state.Segments, state.Id)), rules.Messages, rules.Journeys.Zone, now);
            applied[i] = answer is null ? applied[i] : applied[i] with { Changes = (applied[i].Changes ?? new()) with { Message = answer } };
        }

        state.Messages = ReferenceEquals(messages, LeadMessages.None) ? null : messages;
    }

    /// <summary>After all else, so that conditions see the lead as these events left it.</summary>
    private static IReadOnlyList<JourneyNews> Journey(
        LeadState before, LeadState state, List<(Arrival Arrival, TimelineChanges? Changes)> applied, LeadRules rules, LeadScore score, DateTimeOffset now)
    {
        if (state.MergedInto is not null || (rules.Journeys.AreNone && state.Journeys is null))
        {
            return [];
        }

        var change = new LeadChange(
            state.Id, [.. applied.Select(a => a.Arrival.Event)], [.. applied.Select(a => a.Arrival.AcceptedAt)],
            new LeadProfile(before.Whole, default, rules.Scoring, new(rules.Segments, before.Segments)),
            new LeadProfile(state.Whole, score, rules.Scoring, new(rules.Segments, state.Segments)),
            new Lazy<double>(() => ScoreOf(before, rules.Scoring, now).Engagement),
            QuietOf(applied));
        var (after, news) = JourneyReducer.Apply(state.Journeys ?? LeadJourneys.None, rules.Journeys, change, now);
        state.Journeys = ReferenceEquals(after, LeadJourneys.None) ? null : after;
        Effects.Add(state, news, now);
        return news;
    }

    /// <summary>Segments that it entered or left by a publication that was to start nothing; null where there are none, as mostly.</summary>
    private static HashSet<string>? QuietOf(List<(Arrival Arrival, TimelineChanges? Changes)> applied) => !applied.Exists(one => SegmentEvents.IsQuiet(one.Arrival.Event)) ? null
        : applied.Select(one => one.Arrival.Event).Where(SegmentEvents.IsQuiet).Select(e => EventText.Of(e.Properties, "segment")).OfType<string>().ToHashSet();

    private static void NoteRefused(List<(Arrival Arrival, TimelineChanges? Changes)> applied, IReadOnlyList<JourneyNews> news)
    {
        foreach (var refused in news.OfType<JourneyNews.Refused>())
        {
            var at = applied.FindIndex(one => one.Arrival.Event.Id == refused.EventId);
            var changes = applied[at].Changes ?? new TimelineChanges();
            applied[at] = applied[at] with { Changes = changes with { NotStarted = [.. changes.NotStarted ?? [], refused.Reason] } };
        }
    }
}
