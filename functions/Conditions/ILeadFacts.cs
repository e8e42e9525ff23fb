namespace LeadFunctions.Conditions;

/// <summary>What a condition may ask about a lead: its profile as known now, whatever the order in which it became known.</summary>
public interface ILeadFacts
{
    /// <summary>The trait at a dotted path (<c>company.employees</c>); <see cref="Value.Missing"/> when there is none.</summary>
    Value Trait(string path);

    /// <summary>How often an event of this name happened in [from, to], by event time, to the precision of the activity counters (an hour for the last 48 hours, else a UTC day).</summary>
    int Count(string eventName, DateTimeOffset from, DateTimeOffset to);

    /// <summary>When an event of this name last happened; null when it never did. Exact.</summary>
    DateTimeOffset? LastAt(string eventName);

    /// <summary>When an event of this name first happened; null when it never did. Exact.</summary>
    DateTimeOffset? FirstAt(string eventName);
}
