using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Lifecycle;
using LeadFunctions.Segments;

namespace LeadFunctions.Leads.State;

/// <summary>What a change of a lead must cause elsewhere: the difference of two states, as effects in the new one's outbox.</summary>
internal static class Effects
{
    public static void Add(LeadState before, LeadState after, DateTimeOffset now)
    {
        if (after.MergedInto is { } into && before.MergedInto is null)
        {
            Emit(after, EffectKind.Merged, now, null, into);
            if (IsOfSales(before))
            {
                Emit(after, EffectKind.StageChanged, now, before.Whole.Stage, null);
            }
        }

        foreach (var gone in before.Absorbed)
        {
            // It may have become one with the rest, or a part of a part.
            if (after.Absorbed.All(part => part.Id != gone.Id) && !after.AllIds.Contains(gone.Id))
            {
                Emit(after, EffectKind.Unmerged, now, null, gone.Id, Partings.Along(gone, before, after));
            }
        }

        // Who counted it out when it was merged counts it in again.
        var isFreed = before.MergedInto is not null && after.MergedInto is null && IsOfSales(after);
        if (before.Whole.Stage != after.Whole.Stage || isFreed)
        {
            Emit(after, EffectKind.StageChanged, now, before.Whole.Stage, after.Whole.Stage);
        }

        if (before.Whole.Owner != after.Whole.Owner || (isFreed && after.Whole.Owner is not null))
        {
            Emit(after, EffectKind.OwnerChanged, now, before.Whole.Owner, after.Whole.Owner, JsonSerializer.SerializeToElement(after.Whole.Stage, LeadsJson.Default.String));
        }
    }

    /// <summary>Who counted it in counts it out.</summary>
    public static void AddErased(LeadState before, LeadState left, DateTimeOffset now)
    {
        if (IsOfSales(before))
        {
            Emit(left, EffectKind.StageChanged, now, before.Whole.Stage, null);
            Emit(left, EffectKind.OwnerChanged, now, before.Whole.Owner, null);
        }
    }

    private static bool IsOfSales(LeadState state) => state.Whole.Owner is not null || state.Whole.Stage != Stages.Lead;

    public static void Add(LeadState state, IReadOnlyList<JourneyNews> news, DateTimeOffset now)
    {
        foreach (var item in news)
        {
            switch (item)
            {
                case JourneyNews.Entered { Start: var start }:
                    Emit(state, EffectKind.JourneyEntered, now, null, start.RunId, JsonSerializer.SerializeToElement(start, JourneysJson.Default.RunStart));
                    break;
                case JourneyNews.Woken { RunId: var run }:
                    Emit(state, EffectKind.JourneyWoken, now, null, run);
                    break;
                case JourneyNews.Due { At: var at }:
                    NoteDue(state, at, now);
                    break;
            }
        }
    }

    public static void Add(LeadState state, LifecycleNews news, DateTimeOffset now)
    {
        switch (news)
        {
            case LifecycleNews.Due { At: var at }:
                NoteDue(state, at, now);
                break;
            case LifecycleNews.OwnerWanted wanted:
                Emit(state, EffectKind.OwnerWanted, now, wanted.Stay.Stage, $"{wanted.Stay.Number}", JsonSerializer.SerializeToElement(wanted.Owners, StagesJson.Default.IReadOnlyListString));
                break;
        }
    }

    /// <summary>As if it had been asked with the lead's last effect.</summary>
    public static LeadEffect OwnerWanted(LeadState state, Stay stay, IReadOnlyList<string> owners, DateTimeOffset now) => new(
        $"{state.Id}.{state.Changes}", EffectKind.OwnerWanted, state.Id, now, stay.Stage, $"{stay.Number}", JsonSerializer.SerializeToElement(owners, StagesJson.Default.IReadOnlyListString));

    /// <param name="events">Those that tell of the moves, in their order.</param>
    public static void Add(LeadState state, IReadOnlyList<SegmentNews> news, IReadOnlyList<LeadEvent> events, DateTimeOffset now)
    {
        // The moves first: they were numbered as they are here.
        foreach (var (move, e) in news.OfType<SegmentNews.Changed>().Zip(events))
        {
            var data = JsonSerializer.SerializeToElement(new SegmentMove(e.Id, e.At, move.Version, move.Stay), SegmentsJson.Default.SegmentMove);
            Emit(state, move.Enters ? EffectKind.SegmentEntered : EffectKind.SegmentLeft, now, move.Enters ? null : move.Segment, move.Enters ? move.Segment : null, data);
        }

        foreach (var due in news.OfType<SegmentNews.Due>())
        {
            NoteDue(state, due.At, now);
        }
    }

    /// <summary>What was written down about the lead, to be found again.</summary>
    public static void AddNotes(LeadState state, IEnumerable<LeadEvent> events, DateTimeOffset now)
    {
        foreach (var e in events.Where(e => e.Name == StageEvents.NoteAdded))
        {
            var note = new Note(e.At, EventText.Of(e.Properties, "by"), EventText.Of(e.Properties, "text") ?? "");
            Emit(state, EffectKind.NoteAdded, now, null, e.Id, JsonSerializer.SerializeToElement(note, StagesJson.Default.Note));
        }
    }

    /// <summary>Tells the world. The number is the lead's own, so that what is told of it can be put in order.</summary>
    public static void Tell(LeadState state, string type, JsonObject data, DateTimeOffset now) =>
        Emit(state, EffectKind.Told, now, null, type, JsonSerializer.SerializeToElement(new JsonObject { ["number"] = ++state.Told, ["data"] = data }, LeadsJson.Default.JsonObject));

    /// <summary>Has the lead looked at when time alone will have changed it.</summary>
    public static void NoteDue(LeadState state, DateTimeOffset at, DateTimeOffset now) => Emit(state, EffectKind.LeadDue, now, null, at.ToString("O"));

    private static void Emit(LeadState state, EffectKind kind, DateTimeOffset now, string? from, string? to, JsonElement? data = null) =>
        state.Outbox.Add(new LeadEffect($"{state.Id}.{++state.Changes}", kind, state.Id, now, from, to, data));
}
