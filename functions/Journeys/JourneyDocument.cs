using System.Text.Json;
using LeadFunctions.Conditions;

namespace LeadFunctions.Journeys;

/// <summary>A journey as a marketer wrote it, checked.</summary>
/// <param name="Goal">Reached anywhere, it ends the run as a success.</param>
/// <param name="Exit">Fulfilled anywhere, it ends the run.</param>
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
    IReadOnlyList<Step> Steps)
{
    /// <summary>All mistakes at once; the document is null when any makes it unreadable. Warnings come with a document only.</summary>
    public static ParsedJourney Parse(JsonElement json)
    {
        var parser = new JourneyParser();
        var document = parser.Parse(json);
        parser.Errors.AddRange(PatternsGivenUp.TooMany(json) is { } tooMany ? [tooMany] : []);
        parser.Errors.AddRange(StepsAtOnce.FaultOf(document.Steps) is { } tooManySteps ? [tooManySteps] : []);
        return DocumentError.Grave(parser.Errors) > 0
            ? new(null, [.. parser.Errors], [])
            : new(document, [.. parser.Errors], [.. parser.Errors, .. JourneyWarnings.Of(document), .. PatternsGivenUp.In(json)]);
    }

    /// <summary>As above, from UTF-8 text; text that is not JSON is the one mistake then, at <c>$</c>.</summary>
    public static ParsedJourney Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var json = JsonDocument.Parse(utf8);
            return Parse(json.RootElement);
        }
        catch (JsonException exception)
        {
            return new(null, [new("$", $"This is not JSON: see line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.", "a JSON object")], []);
        }
    }
}

/// <param name="Document">Null when there are errors that make it unreadable.</param>
/// <param name="Warnings">What is allowed and probably not meant.</param>
internal sealed record ParsedJourney(JourneyDocument? Document, IReadOnlyList<DocumentError> Errors, IReadOnlyList<DocumentError> Warnings);

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
