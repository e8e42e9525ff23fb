namespace LeadFunctions.Conditions;

/// <summary>What a condition may ask about a lead: its profile as known now, whatever the order in which it became known.</summary>
public interface ILeadFacts
{
    /// <summary>The trait at a dotted path (<c>company.employees</c>); <see cref="Value.Missing"/> when there is none.</summary>
    Value Trait(string path);

    /// <summary>When the trait was set, event time, Unix ms; null when it never was, or is not kept.</summary>
    long? SetAt(string path) => null;

    /// <summary>How often an event of this name happened in [from, to], by event time, to the precision of the activity counters (an hour for the last 48 hours, else a UTC day).</summary>
    int Count(string eventName, DateTimeOffset from, DateTimeOffset to);

    /// <summary>When an event of this name last happened; null when it never did. Exact.</summary>
    DateTimeOffset? LastAt(string eventName);

    /// <summary>When an event of this name first happened; null when it never did. Exact.</summary>
    DateTimeOffset? FirstAt(string eventName);

    /// <summary>A window that moves through the history of this event shows something else only when its begin or its end comes to one of these moments. In no order.</summary>
    IEnumerable<DateTimeOffset> Edges(string eventName);

    /// <summary>
    /// When, after a time, the fact at this path may first be another through time alone; of a number, when it may first change sides to one of the levels. Null: never.
    /// To the millisecond; it may be too early, but is never too late.
    /// </summary>
    DateTimeOffset? NextChange(string path, IReadOnlyList<double> levels, DateTimeOffset after);
}
