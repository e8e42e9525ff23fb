using LeadFunctions.Events;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Lifecycle;
using LeadFunctions.Messaging;

namespace LeadFunctions.Leads.State;

/// <summary>Something that the person did: no mail that a machine opened, nothing that we did or that time brought.</summary>
/// <param name="Name">The event's.</param>
/// <param name="At">Unix ms.</param>
internal readonly record struct HumanAct(string Name, long At)
{
    /// <summary>In characters: the rest of a longer name no listing shows.</summary>
    private const int NameLimit = 60;

    /// <summary>They come from inside, and yet a person did them.</summary>
    private static readonly IReadOnlySet<string> AnswersToMessages = new HashSet<string> { MessageEvents.Opened, MessageEvents.Clicked };

    private static readonly IReadOnlySet<string> OfOthers = new HashSet<string>(
        [.. MessageEvents.Names, .. JourneyEvents.FromInside, .. StageEvents.Names, .. StageEvents.Contacts, LeadRecord.OtherNames, .. Enum.GetNames<EventType>().Except(OfPeople).Select(name => name.ToLowerInvariant())]);

    /// <summary>Types whose events bear their type's name, and tell what somebody did.</summary>
    private static string[] OfPeople => [nameof(EventType.Page), nameof(EventType.Screen), nameof(EventType.Identify)];

    /// <summary>Null where nothing is known of it. What was only told of somebody, by a file or a colleague, is none: it is later than they were seen.</summary>
    public static HumanAct? LastOf(LeadRecord whole)
    {
        HumanAct? last = null;
        foreach (var (name, counter) in whole.Activity)
        {
            if (counter.Last > (last?.At ?? 0) && (AnswersToMessages.Contains(name) || (counter.Last <= whole.LastSeen && !OfOthers.Contains(name))))
            {
                last = new(name, counter.Last);
            }
        }

        return last is { } act ? act with { Name = EventText.Cut(act.Name, NameLimit) } : null;
    }
}
