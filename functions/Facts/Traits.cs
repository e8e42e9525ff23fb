using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;

namespace LeadFunctions.Facts;

/// <summary>What is said of a person and of their company; the last writer by event time wins.</summary>
internal static class Traits
{
    public static TimelineChanges? Apply(TraitMap traits, LeadEvent e)
    {
        var at = e.At.ToUnixTimeMilliseconds();
        switch (e.Type)
        {
            case EventType.Identify:
                var set = traits.SetAll(e.Traits, "", at);
                traits.NoteReached(e);
                return Changes(Answer(traits, e) is [_, ..] refused ? [.. set, .. refused] : set);

            case EventType.Group:
                var company = traits.SetAll(e.Traits, "company.", at);
                return Changes(e.GroupId is { } group && traits.Set("company.id", Value.From(group), at) ? [.. company, "company.id"] : company);

            case EventType.Track:
                return Changes(Answer(traits, e));

            default:
                return null;
        }
    }

    /// <summary>Whether it answers about consent.</summary>
    public static bool IsAnswer(LeadEvent e) =>
        e.Type == EventType.Identify ? RefusingTraits.AreIn(e.Traits) : e.Type == EventType.Unmerge ? UnmergedAnswers.AreIn(e) : ConsentEvents.Include(e.Type, e.Name);

    /// <summary>What it answers about consent; nothing, where it does not.</summary>
    /// <returns>The paths whose value changed.</returns>
    public static IReadOnlyList<string> Answer(TraitMap traits, LeadEvent e)
    {
        var at = e.At.ToUnixTimeMilliseconds();
        return e.Type == EventType.Identify ? RefusingTraits.Apply(traits, e.Traits, at)
            : e.Type == EventType.Unmerge ? UnmergedAnswers.Apply(traits, e)
            : ConsentEvents.Include(e.Type, e.Name) ? traits.SetAnswers(e.Properties, at, e.IsHearsay == true ? 0 : at)
            : [];
    }

    private static TimelineChanges? Changes(IReadOnlyList<string> paths) => paths.Count > 0 ? new TimelineChanges(paths) : null;
}
