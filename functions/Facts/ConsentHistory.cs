using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Events;

namespace LeadFunctions.Facts;

/// <summary>What somebody had answered about consent at some moment, and by which events: told from their timeline, so that any past moment can be shown.</summary>
/// <param name="Answers">As they stood then, with the event that gave each.</param>
/// <param name="Events">All that answered until then, newest first, each with its own answers.</param>
internal sealed record ConsentHistory(IReadOnlyList<(ConsentAnswer Answer, LeadEvent Event)> Answers, IReadOnlyList<(LeadEvent Event, IReadOnlyList<ConsentAnswer> Answers)> Events)
{
    /// <param name="events">Those of the timeline that answer (<see cref="Traits.IsAnswer"/>), in any order.</param>
    public static ConsentHistory Of(IEnumerable<LeadEvent> events, DateTimeOffset at)
    {
        var told = events.Where(e => e.At <= at).DistinctBy(e => e.Id).Select(e => (Event: e, Answers: (IReadOnlyList<ConsentAnswer>)[.. By(e).Answers.OrderBy(answer => answer.Path, StringComparer.Ordinal)])).OrderByDescending(one => one.Event.At).ToList();
        var all = new TraitMap();
        told.ForEach(one => Traits.Answer(all, one.Event));
        var standing = from answer in all.Answers.OrderBy(answer => answer.Path, StringComparer.Ordinal)
                       let giver = told.Find(one => one.Answers.Contains(answer)).Event
                       where giver is not null // it was summed up: where there are more than are kept
                       select (answer, giver);
        return new([.. standing], told);
    }

    private static TraitMap By(LeadEvent e)
    {
        var traits = new TraitMap();
        Traits.Answer(traits, e);
        return traits;
    }

    /// <summary>How it was given: what a form, or whoever entered it, says of that. Undefined: nobody said.</summary>
    public static JsonElement HowOf(LeadEvent e, string name) =>
        e.Context.ValueKind == JsonValueKind.Object && e.Context.TryGetProperty(name, out var how) && how.ValueKind == JsonValueKind.Object ? how : default;
}
