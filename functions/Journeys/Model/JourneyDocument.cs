using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Journeys.Model;

/// <summary>A journey as a marketer wrote it, checked.</summary>
/// <param name="Goal">Reached anywhere, it ends the run as a success.</param>
/// <param name="Exit">Fulfilled anywhere, it ends the run.</param>
/// <param name="Holdout">Who gets nothing of it; null: everybody gets it.</param>
/// <param name="Zone">IANA zone of leads whose own is not known; null for the workspace's.</param>
internal sealed record JourneyDocument(
    string Name,
    string? Description,
    Trigger Trigger,
    JourneyCondition? EntryWhen,
    Reentry Reentry,
    JourneyCondition? Goal,
    JourneyCondition? Exit,
    QuietHours? QuietHours,
    IReadOnlyList<FrequencyCap> Frequency,
    string? Zone,
    IReadOnlyList<Step> Steps,
    Holdout? Holdout = null);

/// <summary>A daily stretch of local time in which nothing is sent; over midnight when it ends before it begins.</summary>
internal sealed record QuietHours(TimeOnly From, TimeOnly To);

/// <summary>A daily stretch of local time on some weekdays; one that goes over midnight belongs to the day on which it opens.</summary>
internal sealed record Window(TimeOnly From, TimeOnly To, IReadOnlyList<DayOfWeek> Days);

/// <param name="Waits">A message that would be too many waits until it is not; otherwise it is left out.</param>
internal sealed record FrequencyCap(int Max, Duration Per, bool Waits)
{
    /// <summary>One more may go out.</summary>
    public Node Allows { get; } = new HistoryAtom([JourneyEvents.MessageSent], Per.Length, [new Test.InRange(double.NegativeInfinity, true, Max, false)]);
}

internal enum WhenLate
{
    Send,
    Skip,
    Exit,
}

/// <summary>What becomes of a step that comes up more than <paramref name="After"/> later than it should have.</summary>
internal sealed record Lateness(Duration After, WhenLate Do);
