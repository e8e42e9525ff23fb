using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Journeys.Model;

/// <summary>What lets a lead in.</summary>
internal abstract record Trigger
{
    private Trigger()
    {
    }

    /// <summary>An event; also a form, which is an event of a certain name.</summary>
    /// <param name="When">Names and properties.</param>
    /// <param name="Key">Property whose values tell runs apart (one run per cart); null: one run at a time.</param>
    /// <param name="MaxAge">An event that happened longer ago starts nothing.</param>
    public sealed record Event(JourneyCondition When, string? Key, Duration MaxAge) : Trigger;

    /// <summary>Long enough for a phone that was offline over a weekend and for a nightly batch that failed once; too short for imported history.</summary>
    public static readonly Duration DefaultMaxAge = new(TimeSpan.FromDays(3), "3d");

    /// <param name="Enters">When the lead comes into the segment; otherwise when it leaves it.</param>
    public sealed record Segment(string Name, bool Enters) : Trigger;

    /// <summary>The lifecycle stage becomes one of these.</summary>
    public sealed record Stage(IReadOnlyList<string> Stages) : Trigger;

    /// <summary>Engagement rises to or over the level; or, with <paramref name="Down"/>, falls under it.</summary>
    public sealed record Engagement(double Level, bool Down) : Trigger;

    /// <summary>A date that a trait holds, or its return each year.</summary>
    public sealed record Date(DateRule Rule) : Trigger;

    /// <summary>Only by <c>POST /api/journeys/{id}/runs</c> (which every live journey accepts) or another journey.</summary>
    public sealed record Api : Trigger;
}

/// <summary>When a date that a trait holds is due, in the lead's zone.</summary>
/// <param name="At">Local time of day; null: the moment the trait names, or midnight when it names a day only.</param>
internal sealed record DateRule(string Trait, bool Yearly, Offset? Offset, TimeOnly? At);

/// <summary>How often the same lead may go through.</summary>
internal abstract record Reentry
{
    private Reentry()
    {
    }

    /// <summary>Once in a life.</summary>
    public sealed record Never : Reentry;

    /// <summary>Again as soon as the run before has ended.</summary>
    public sealed record AfterExit : Reentry;

    /// <summary>Again when the run before has ended and began at least so long ago.</summary>
    public sealed record After(Duration Period) : Reentry;

    /// <summary>Runs with different keys side by side; the same key once.</summary>
    public sealed record Concurrent : Reentry;
}
