namespace LeadFunctions.Scoring;

/// <summary>A lead's engagement and where every point of it comes from.</summary>
/// <param name="Engagement">The sum, clamped to zero and the live model's cap, as it is shown.</param>
/// <param name="Sum">The contributions' <see cref="Contribution.Now"/>, added in order, unrounded as they are.</param>
/// <param name="Clamp">What clamping did; null when it did nothing.</param>
internal sealed record ScoreSheet(double Engagement, double Sum, IReadOnlyList<Contribution> Contributions, Clamp? Clamp)
{
    public static readonly ScoreSheet Zero = new(0, 0, [], null);
}

/// <param name="Points">What the rule gives; of several events, what that is worth at <paramref name="At"/>, the time of the last.</param>
/// <param name="Applied">What repeats, caps and the lead's facts left of it.</param>
/// <param name="Now">What decay has left of <paramref name="Applied"/> today.</param>
/// <param name="Count">How many events it stands for; null for a single one.</param>
/// <param name="Reduced">Why applied differs from points; null when it does not.</param>
/// <param name="Coarse">Names of the events whose number, when that decided, is known only to the hour or day; null when all are exact.</param>
/// <param name="Amount">Of a rule that gives points by amount: what the event named; null when it named none, and of several events.</param>
internal sealed record Contribution(
    string Model, string Rule, string EventId, string EventName, DateTimeOffset At, double Points, double Applied, string? HalfLife, double Now, int? Count, Reduction? Reduced,
    IReadOnlyList<string>? Coarse = null, double? Amount = null);

internal enum Reduction : byte
{
    /// <summary>The repeat policy: it had given points already.</summary>
    Repeat,

    /// <summary>A cap of the rule or of its group.</summary>
    Cap,

    /// <summary>The rest of the condition (traits, history) does not hold for this lead.</summary>
    Condition,

    /// <summary>The version's definition is not there any more, so its points are not known.</summary>
    UnknownModel,

    /// <summary>The event names no amount that the rule could count: none, no number, less than nothing, or less than a full one.</summary>
    Amount,
}

/// <param name="Sum">What it was before.</param>
/// <param name="To">What it was clamped to.</param>
/// <param name="By">"cap" or "zero".</param>
internal sealed record Clamp(double Sum, double To, string By);
