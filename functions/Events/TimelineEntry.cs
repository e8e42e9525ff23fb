namespace LeadFunctions.Events;

/// <summary>One event in a lead's timeline: what happened, and what it did to the lead when it was applied.</summary>
/// <param name="ReceivedAt">When it arrived.</param>
/// <param name="Points">What each rule gave for it at that moment, after caps and repeats.</param>
/// <param name="Changes">What else it changed.</param>
internal sealed record TimelineEntry(LeadEvent Event, DateTimeOffset ReceivedAt, IReadOnlyList<EarnedPoints> Points, TimelineChanges? Changes);

/// <summary>What an event did, and to whom.</summary>
internal readonly record struct AppliedEvent(string LeadId, TimelineEntry Entry);

/// <summary>Points that a rule gave.</summary>
internal sealed record EarnedPoints(string Rule, double Points);

/// <param name="Traits">Paths of the traits that got another value.</param>
/// <param name="Stage">The new stage.</param>
/// <param name="Entered">Segments that the lead is in since then.</param>
/// <param name="Left">Segments that it is no longer in.</param>
/// <param name="Merged">The lead that was absorbed.</param>
/// <param name="Unmerged">The lead that was set free.</param>
/// <param name="Owner">The new owner; empty for none.</param>
/// <param name="Message">What was decided about a message.</param>
/// <param name="NotStarted">Journeys that it would have started, and why they did not: they start each other without end.</param>
internal sealed record TimelineChanges(
    IReadOnlyList<string>? Traits = null, string? Stage = null, string? Merged = null, string? Unmerged = null, IReadOnlyList<string>? Entered = null, IReadOnlyList<string>? Left = null,
    IReadOnlyList<string>? NotStarted = null, string? Owner = null,
    MessageAnswer? Message = null);

/// <summary>What the arbiter said to a message.</summary>
/// <param name="Answer"><c>send</c>, <c>hold</c> or <c>skip</c>.</param>
/// <param name="Until">Of a hold.</param>
/// <param name="Reason">Why not now, in words.</param>
internal sealed record MessageAnswer(string Answer, DateTimeOffset? Until = null, string? Reason = null);
