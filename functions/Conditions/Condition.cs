using LeadFunctions.Leads;

namespace LeadFunctions.Conditions;

/// <summary>What an event settles about a condition on its own, before anything is asked about the lead.</summary>
internal enum Verdict : byte
{
    /// <summary>Cannot hold, whatever the lead is like.</summary>
    False,

    /// <summary>Holds for some leads: ask <see cref="Condition.Holds(ulong, ILeadFacts, DateTimeOffset)"/> with the mask.</summary>
    Depends,

    /// <summary>Holds, whatever the lead is like.</summary>
    True,
}

/// <summary>A compiled condition. Immutable; evaluating it allocates nothing.</summary>
internal sealed class Condition
{
    /// <summary>Names of the events that can make it true; null when an event of any name (or none at all) can.</summary>
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>Names of the events whose history it asks for.</summary>
    public required IReadOnlyList<string> History { get; init; }

    /// <summary>Dotted paths of the traits it reads.</summary>
    public required IReadOnlyList<string> Traits { get; init; }

    /// <summary>Its answer can change by time passing alone (history, dates).</summary>
    public bool DependsOnTime { get; init; }

    /// <summary>Whether it holds for this event of this lead. Null stands for no event: then every event atom is false.</summary>
    public bool Holds(LeadEvent? @event, ILeadFacts facts, DateTimeOffset now) => throw new NotImplementedException();

    /// <summary>Evaluates the event atoms only. <paramref name="mask"/> has the bit of each one that holds; it is meaningful only for <see cref="Verdict.Depends"/>.</summary>
    public Verdict Arrive(LeadEvent @event, out ulong mask) => throw new NotImplementedException();

    /// <summary>Finishes what <see cref="Arrive"/> began: traits as known to <paramref name="facts"/>, history and dates as of <paramref name="at"/>.</summary>
    public bool Holds(ulong mask, ILeadFacts facts, DateTimeOffset at) => throw new NotImplementedException();
}
