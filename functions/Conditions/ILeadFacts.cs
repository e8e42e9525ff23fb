using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Conditions;

/// <summary>What a condition may ask about a lead: its profile as known now, whatever the order in which it became known.</summary>
public interface ILeadFacts
{
    /// <summary>The trait at a dotted path (<c>company.employees</c>); <see cref="Value.Missing"/> when there is none.</summary>
    Value Trait(string path);

    /// <summary>When the trait was set, event time, Unix ms; null when it never was, or is not kept.</summary>
    long? SetAt(string path) => null;

    /// <summary>Every answer about consent, in no order.</summary>
    IEnumerable<ConsentAnswer> Answers { get; }

    /// <summary>How often an event of this name happened in [from, to], by event time, to the millisecond; where <see cref="IsExact"/> does not hold, hours or days at the ends count whole.</summary>
    int Count(string eventName, DateTimeOffset from, DateTimeOffset to);

    /// <summary>Whether that number is known, and not only about: exact times are kept of the newest events.</summary>
    bool IsExact(string eventName, DateTimeOffset from, DateTimeOffset to);

    /// <summary>
    /// A window that begins at <paramref name="from"/> or later and moves through the history of this event shows something else only when its end comes to a begin, or its begin to an
    /// end, of one of these. In no order.
    /// </summary>
    IEnumerable<(DateTimeOffset Begin, DateTimeOffset End)> Spans(string eventName, DateTimeOffset from);

    /// <summary>When events of this name happened, Unix ms, in order. False when not all of them are known exactly, or only <see cref="Spans"/> can tell.</summary>
    bool TryTimes(string eventName, out ReadOnlySpan<long> times)
    {
        times = default;
        return false;
    }

    /// <summary>What is kept of events that a condition asks for beyond their names. False when that is not known yet: the lead has such events from before they were asked for.</summary>
    /// <param name="key">Of the question.</param>
    /// <param name="names">Of the events.</param>
    bool TryTally(string key, IReadOnlyList<string> names, out Tally tally)
    {
        tally = Tally.Empty;
        return true;
    }

    /// <summary>Where the fifths of all buyers end; null before they were computed, and where nobody asks.</summary>
    RfmBoundaries? Rfm => null;

    /// <summary>What the lead looks at in a dimension, as of a time. False when that is not known yet: it has such events from before they were asked for.</summary>
    bool TryInterests(string dimension, DateTimeOffset at, out InterestView interests)
    {
        interests = InterestView.None;
        return true;
    }

    /// <summary>False where <see cref="NextChange"/> would surely not answer with a moment before a time.</summary>
    bool MayChange(string path, IReadOnlyList<double> levels, DateTimeOffset after, DateTimeOffset before) => true;

    /// <summary>
    /// When, after a time, the fact at this path may first be another through time alone; of a number, when it may first reach one of the levels, or fall under it. Null: never.
    /// To the millisecond; it may be too early, but is never too late.
    /// </summary>
    DateTimeOffset? NextChange(string path, IReadOnlyList<double> levels, DateTimeOffset after);
}

/// <summary>A lead seen as it is but for what a class that comes of this says otherwise.</summary>
internal abstract class LeadFactsOver(ILeadFacts lead) : ILeadFacts
{
    protected ILeadFacts Lead => lead;

    public virtual Value Trait(string path) => lead.Trait(path);

    public long? SetAt(string path) => lead.SetAt(path);

    public IEnumerable<ConsentAnswer> Answers => lead.Answers;

    public virtual int Count(string eventName, DateTimeOffset from, DateTimeOffset to) => lead.Count(eventName, from, to);

    public bool IsExact(string eventName, DateTimeOffset from, DateTimeOffset to) => lead.IsExact(eventName, from, to);

    public IEnumerable<(DateTimeOffset Begin, DateTimeOffset End)> Spans(string eventName, DateTimeOffset from) => lead.Spans(eventName, from);

    public virtual bool TryTimes(string eventName, out ReadOnlySpan<long> times) => lead.TryTimes(eventName, out times);

    public virtual bool TryTally(string key, IReadOnlyList<string> names, out Tally tally) => lead.TryTally(key, names, out tally);

    public RfmBoundaries? Rfm => lead.Rfm;

    public bool TryInterests(string dimension, DateTimeOffset at, out InterestView interests) => lead.TryInterests(dimension, at, out interests);

    public bool MayChange(string path, IReadOnlyList<double> levels, DateTimeOffset after, DateTimeOffset before) => lead.MayChange(path, levels, after, before);

    public DateTimeOffset? NextChange(string path, IReadOnlyList<double> levels, DateTimeOffset after) => lead.NextChange(path, levels, after);
}
