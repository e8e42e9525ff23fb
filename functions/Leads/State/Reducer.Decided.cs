using LeadFunctions.Events;
using LeadFunctions.Lifecycle;
using LeadFunctions.Segments;

namespace LeadFunctions.Leads.State;

/// <summary>What the lead as a whole decides: segments and stages.</summary>
internal static partial class Reducer
{
    /// <summary>After the score, which conditions may ask for. Entering and leaving are events too, and count in the lead's history; points they earn none, since a score may be what decided.</summary>
    /// <param name="staged">When time alone brought the lead into the stage that it is in, or had the lifecycle tell something of it; null: it did not, or something else came with it.</param>
    /// <param name="isQuiet">All that makes this look necessary comes of a publication that was to start nothing.</param>
    /// <returns>What time alone did before the events came.</returns>
    private static IReadOnlyList<SegmentNews.Changed> Segment(
        LeadState before, LeadState state, List<(Arrival Arrival, TimelineChanges? Changes)> applied, LeadRules rules, LeadScore score, bool isKnownBetter, bool hasEarned, DateTimeOffset? staged, bool isQuiet, DateTimeOffset now)
    {
        if (state.MergedInto is not null || (rules.Segments.AreNone && state.Segments is null))
        {
            return [];
        }

        IReadOnlyList<LeadEvent> events = applied.ConvertAll(one => one.Arrival.Event);
        var change = new SegmentChange(
            events, events.Any(e => e.Type is EventType.Merge or EventType.Unmerge), isKnownBetter || TraitsMayDiffer(state), hasEarned, state.Own.Traits.HasAnswered, HasLooked(before, state),
            () => (new LeadProfile(before.Whole, default, rules.Scoring), new LeadProfile(state.Whole, score, rules.Scoring)),
            before.MergedInto is null ? (segments, at) => LeadProfile.Of(before, segments, rules, at) : null,
            segments => new LeadProfile(state.Whole, score, rules.Scoring, new(rules.Segments, segments, state.Id)), rules.Scoring,
            staged is { } moment ? (moment, (segments, at) => LeadProfile.Of(state, segments, rules, at)) : null, IsNew: before.Whole.Activity.Count == 0); // whoever was only told of from inside was known, too
        (state.Segments, var news) = SegmentReducer.Apply(state.Segments ?? LeadSegments.None, rules.Segments, change, state.Changes, now);
        if (news.Count == 0)
        {
            return [];
        }

        if (isQuiet)
        {
            news = [.. news.Select(item => item is SegmentNews.Changed change ? change with { IsQuiet = true } : item)];
        }

        var (hops, accepted) = (events.Max(e => e.Hops), AcceptedOf(applied, now));
        List<SegmentNews.Changed> moves = [.. news.OfType<SegmentNews.Changed>()];
        var told = moves.ConvertAll(move => SegmentEvents.Of(state.Id, move, move.IsEarlier ? null : hops, now));
        Effects.Add(state, news, told, now);
        var entries = moves.Zip(told, (move, e) => (new Arrival(e, now, []) { AcceptedAt = accepted }, (TimelineChanges?)(move.Enters ? new(Entered: [move.Segment]) : new(Left: [move.Segment])))).ToList();
        var earlier = moves.Count(move => move.IsEarlier); // they come first
        applied.InsertRange(0, entries[..earlier]);
        applied.AddRange(entries[earlier..]);
        told.ForEach(e => Count(state.Own, e, rules));
        state.Forget();
        return moves[..earlier];
    }

    /// <summary>What is told is as good as accepted with the last of what it comes of: something that was accepted later, and is applied later, is no late cause of it.</summary>
    private static DateTimeOffset AcceptedOf(List<(Arrival Arrival, TimelineChanges? Changes)> applied, DateTimeOffset now) => applied.Count > 0 ? applied.Max(one => one.Arrival.AcceptedAt) : now;

    /// <summary>After segments, which its conditions may ask for; what it makes happen counts in the lead's history, as theirs does.</summary>
    /// <param name="earlierSegments">Segments that time alone made it enter or leave before the events came.</param>
    /// <param name="left">Stages that rules took it out of in the rounds before.</param>
    /// <param name="earlier">When time alone moved it last, or had something told of it, before the events came; null: it did not.</param>
    /// <param name="isQuiet">Of what makes this look necessary, and then of what it told: all of it comes of a publication that was to start nothing. So is what follows from that alone.</param>
    /// <returns>Whether something happened that conditions may ask for.</returns>
    private static bool MoveOn(LeadState before, LeadState state, List<(Arrival Arrival, TimelineChanges? Changes)> applied, LeadRules rules, LeadScore score, bool isKnownBetter,
        IReadOnlyList<SegmentNews.Changed> earlierSegments, HashSet<string> left, out DateTimeOffset? earlier, ref bool isQuiet, DateTimeOffset now)
    {
        earlier = null;
        if (state.MergedInto is not null || rules.Lifecycle.AreNone)
        {
            return false;
        }

        IReadOnlyList<LeadEvent> events = applied.ConvertAll(one => one.Arrival.Event);
        var change = new LifecycleChange(
            events, isKnownBetter || TraitsMayDiffer(state) || state.Own.Traits.HasAnswered || HasLooked(before, state) || !ReferenceEquals(before.Segments, state.Segments),
            before.MergedInto is null ? at => LeadProfile.Of(before, LeadSegments.AsOf(before.Segments, earlierSegments, at), rules, at) : null,
            new LeadProfile(state.Whole, score, rules.Scoring, new(rules.Segments, state.Segments, state.Id)), rules.Scoring, before.Lifecycle?.Now?.Number,
            [.. earlierSegments.Select(move => DateTimeOffset.FromUnixTimeMilliseconds(move.At)).Distinct()]);
        (var after, var news) = LifecycleReducer.Apply(state.Lifecycle ?? LeadLifecycle.None, rules.Lifecycle, change, left, now);
        state.Lifecycle = ReferenceEquals(after, LeadLifecycle.None) ? null : after;
        var (hops, told, quiet, accepted) = (events.Max(e => e.Hops), 0, 0, AcceptedOf(applied, now));
        foreach (var item in news)
        {
            Effects.Add(state, item, now);
            var moved = item as LifecycleNews.Moved;
            var isQuietly = moved is not null && (isQuiet || (moved.IsEarlier && earlierSegments.Any(segment => segment.IsQuiet && segment.At == moved.Stay.At)));
            if (StageEvents.Of(state.Id, item, state.Whole.Owner, hops, isQuietly) is not { } e)
            {
                continue;
            }

            (told, quiet) = (told + 1, quiet + (isQuietly ? 1 : 0));
            var entry = (new Arrival(e, now, []) { AcceptedAt = accepted }, moved is null ? null : new TimelineChanges(Stage: moved.Stay.Stage));
            applied.Insert(e.At < now && applied.FindIndex(one => one.Arrival.Event.At > e.At) is >= 0 and var place ? place : applied.Count, entry);
            Count(state.Own, e, rules);
            if (moved is not null)
            {
                // Of two at one moment the second is the later.
                var at = !moved.IsEarlier ? After(state, e.At) : earlier >= e.At ? earlier.Value.AddMilliseconds(1) : e.At;
                earlier = moved.IsEarlier ? at : earlier;
                Stages.Apply(state.Own.Traits, e with { At = at });
            }

            if (item is LifecycleNews.SlaMissed { IsEarlier: true } or LifecycleNews.Neglected { IsEarlier: true })
            {
                earlier = earlier > e.At ? earlier : e.At;
            }

            state.Forget();
        }

        isQuiet = told > 0 && quiet == told;
        return told > 0;
    }

    /// <summary>Also by what the lead said before: of a merged one, another part may have said otherwise in between.</summary>
    private static bool TraitsMayDiffer(LeadState state) => state.Own.Traits.IsChanged || (state.Own.Traits.IsRenewed && state.Absorbed.Count > 0);

    private static bool HasLooked(LeadState before, LeadState state) => !ReferenceEquals(before.Own.Looked, state.Own.Looked);

    /// <summary>A rule saw the stage that stands: what it decides comes after it.</summary>
    private static DateTimeOffset After(LeadState state, DateTimeOffset at) =>
        state.Whole.Traits.SetAt(Stages.Path) is { } standing && standing >= at.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(standing + 1) : at;
}
