using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;

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

/// <summary>
/// A compiled condition. Immutable; evaluating it allocates nothing (but for long text and text with escapes).
/// <para>
/// A condition may ask the event in hand and the lead at once ("an order, by someone who is not internal"). Events arrive in any order, and what is known
/// of the lead grows, so the two halves are evaluated apart: <see cref="Arrive"/> decides the event atoms when the event comes and keeps them as bits;
/// <see cref="Holds(ulong, ILeadFacts, DateTimeOffset)"/> decides the rest whenever it is asked, with traits as known then and history as of the event's own
/// time. The answer is thus a function of what is known, not of the order in which it became known.
/// </para>
/// </summary>
internal sealed class Condition(Node root, EventAtom[] eventAtoms, IReadOnlyList<string> history, IReadOnlyList<string> traits, bool dependsOnTime, IReadOnlyList<TallyDefinition> tallies)
{
    private readonly bool _asksLead = history.Count + traits.Count > 0;

    /// <summary>Names of the events that can make it true; null when an event of any name (or none at all) can.</summary>
    public IReadOnlyList<string>? Events { get; } = root.CanHold.AllBut ? null : [.. root.CanHold.Names.Order(StringComparer.Ordinal)];

    /// <summary>It looks at the event in hand, among others perhaps.</summary>
    public bool AsksEvent => eventAtoms.Length > 0;

    /// <summary>Names of the events whose history it asks for.</summary>
    public IReadOnlyList<string> History => history;

    /// <summary>What it asks of events beyond their names.</summary>
    public IReadOnlyList<TallyDefinition> Tallies => tallies;

    /// <summary>Dimensions of interests that it asks for.</summary>
    public IReadOnlyList<string> Interests { get; } = [.. traits.Where(path => path.StartsWith(ProfileFacts.Interest, StringComparison.Ordinal)).Select(path => path[ProfileFacts.Interest.Length..])];

    /// <summary>The lead has events that it asks for from before they were asked for: they have to be read from its timeline first.</summary>
    public bool Lacks(ILeadFacts facts, DateTimeOffset at)
    {
        foreach (var tally in tallies)
        {
            if (!facts.TryTally(tally.Key, tally.Names, out _))
            {
                return true;
            }
        }
        foreach (var dimension in Interests)
        {
            if (!facts.TryInterests(dimension, at, out _))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Dotted paths of the traits it reads.</summary>
    public IReadOnlyList<string> Traits => traits;

    /// <summary>Its answer can change by time passing alone (history, dates, scores).</summary>
    public bool DependsOnTime => dependsOnTime;

    /// <summary>Whether it holds for this event of this lead. Null stands for no event: then every event atom is false.</summary>
    public bool Holds(LeadEvent? @event, ILeadFacts facts, DateTimeOffset now) => root.Holds(@event, facts, now);

    /// <summary>Evaluates the event atoms only. <paramref name="mask"/> has the bit of each one that holds; it is meaningful only for <see cref="Verdict.Depends"/>.</summary>
    public Verdict Arrive(LeadEvent @event, out ulong mask)
    {
        mask = 0;
        if (!_asksLead)
        {
            return root.Holds(@event, NoFacts.Instance, @event.At) ? Verdict.True : Verdict.False;
        }
        foreach (var atom in eventAtoms)
        {
            mask |= atom.Bit(@event);
        }
        return root.Decide(mask);
    }

    /// <summary>Finishes what <see cref="Arrive"/> began: traits as known to <paramref name="facts"/>, history and dates as of <paramref name="at"/>.</summary>
    public bool Holds(ulong mask, ILeadFacts facts, DateTimeOffset at) => root.Holds(mask, facts, at);

    /// <summary>Names of the events whose number, as it asks for it at this time, is known only to the hour or day.</summary>
    public void AddCoarse(ILeadFacts facts, DateTimeOffset at, ISet<string> names) => root.AddCoarse(facts, at, names);

    /// <summary>
    /// When, after a time, its answer without an event in hand may first be another if nothing happens but time passing; null: never. To the millisecond; it may be
    /// too early (then it is to be asked again), but is never too late.
    /// </summary>
    /// <param name="before">A change that comes then or later need not be told.</param>
    public DateTimeOffset? NextChange(ILeadFacts facts, DateTimeOffset after, DateTimeOffset? before = null) =>
        dependsOnTime ? root.NextChange(facts, after, before ?? DateTimeOffset.MaxValue) : null;

    /// <summary>The value that it compares, where it compares one.</summary>
    public Value Seen(ILeadFacts facts, DateTimeOffset at) => root.Seen(facts, at);

    private sealed class NoFacts : ILeadFacts
    {
        public static readonly NoFacts Instance = new();

        public Value Trait(string path) => Value.Missing;

        public IEnumerable<ConsentAnswer> Answers => [];

        public int Count(string eventName, DateTimeOffset from, DateTimeOffset to) => 0;

        public bool IsExact(string eventName, DateTimeOffset from, DateTimeOffset to) => true;

        public IEnumerable<(DateTimeOffset Begin, DateTimeOffset End)> Spans(string eventName, DateTimeOffset from) => [];

        public DateTimeOffset? NextChange(string path, IReadOnlyList<double> levels, DateTimeOffset after) => null;
    }
}
