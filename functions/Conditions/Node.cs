using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;

namespace LeadFunctions.Conditions;

/// <summary>A compiled part of a condition. Event atoms ask the current event; lead atoms (traits, history) ask the lead.</summary>
internal abstract class Node
{
    /// <summary>The events for which it can be true, at most; and false.</summary>
    public abstract EventNames CanHold { get; }

    public abstract EventNames CanFail { get; }

    /// <summary>With event and lead at hand.</summary>
    public abstract bool Holds(LeadEvent? @event, ILeadFacts facts, DateTimeOffset now);

    /// <summary>With the event atoms decided and nothing known about the lead: three-valued.</summary>
    public abstract Verdict Decide(ulong mask);

    /// <summary>With the event atoms decided and the lead at hand.</summary>
    public abstract bool Holds(ulong mask, ILeadFacts facts, DateTimeOffset at);

    /// <summary>See <see cref="Condition.NextChange"/>.</summary>
    public abstract DateTimeOffset? NextChange(ILeadFacts facts, DateTimeOffset after, DateTimeOffset before);

    /// <summary>See <see cref="Condition.AddCoarse"/>.</summary>
    public virtual void AddCoarse(ILeadFacts facts, DateTimeOffset at, ISet<string> names)
    {
    }

    /// <summary>See <see cref="Condition.Seen"/>.</summary>
    public virtual Value Seen(ILeadFacts facts, DateTimeOffset at) => Value.Missing;

    private static void AddCoarse(Node[] parts, ILeadFacts facts, DateTimeOffset at, ISet<string> names)
    {
        foreach (var part in parts)
        {
            part.AddCoarse(facts, at, names);
        }
    }

    /// <summary>While one part has the answer that decides (false for all, true for any), the whole keeps it; else the whole keeps its own while all parts keep theirs.</summary>
    private static DateTimeOffset? NextChange(Node[] parts, bool decisive, ILeadFacts facts, DateTimeOffset after, DateTimeOffset before)
    {
        DateTimeOffset? first = null;
        DateTimeOffset? last = null;
        foreach (var part in parts)
        {
            var next = part.NextChange(facts, after, before);
            if (part.Holds(null, facts, after) != decisive)
            {
                first = Moments.Earliest(first, next);
            }
            else if (next is null)
            {
                return null;
            }
            else
            {
                last = next > last ? next : last ?? next;
            }
        }
        return last ?? first;
    }

    public sealed class All(Node[] parts) : Node
    {
        public override EventNames CanHold { get; } = parts.Aggregate(EventNames.Any, (names, part) => names.And(part.CanHold));

        public override EventNames CanFail { get; } = parts.Aggregate(EventNames.None, (names, part) => names.Or(part.CanFail));

        public override bool Holds(LeadEvent? @event, ILeadFacts facts, DateTimeOffset now)
        {
            foreach (var part in parts)
            {
                if (!part.Holds(@event, facts, now))
                {
                    return false;
                }
            }
            return true;
        }

        public override Verdict Decide(ulong mask)
        {
            var verdict = Verdict.True;
            foreach (var part in parts)
            {
                verdict = (Verdict)Math.Min((byte)verdict, (byte)part.Decide(mask));
            }
            return verdict;
        }

        public override bool Holds(ulong mask, ILeadFacts facts, DateTimeOffset at)
        {
            foreach (var part in parts)
            {
                if (!part.Holds(mask, facts, at))
                {
                    return false;
                }
            }
            return true;
        }

        public override DateTimeOffset? NextChange(ILeadFacts facts, DateTimeOffset after, DateTimeOffset before) => NextChange(parts, decisive: false, facts, after, before);

        public override void AddCoarse(ILeadFacts facts, DateTimeOffset at, ISet<string> names) => AddCoarse(parts, facts, at, names);
    }

    public sealed class Any(Node[] parts) : Node
    {
        public override EventNames CanHold { get; } = parts.Aggregate(EventNames.None, (names, part) => names.Or(part.CanHold));

        public override EventNames CanFail { get; } = parts.Aggregate(EventNames.Any, (names, part) => names.And(part.CanFail));

        public override bool Holds(LeadEvent? @event, ILeadFacts facts, DateTimeOffset now)
        {
            foreach (var part in parts)
            {
                if (part.Holds(@event, facts, now))
                {
                    return true;
                }
            }
            return false;
        }

        public override Verdict Decide(ulong mask)
        {
            var verdict = Verdict.False;
            foreach (var part in parts)
            {
                verdict = (Verdict)Math.Max((byte)verdict, (byte)part.Decide(mask));
            }
            return verdict;
        }

        public override bool Holds(ulong mask, ILeadFacts facts, DateTimeOffset at)
        {
            foreach (var part in parts)
            {
                if (part.Holds(mask, facts, at))
                {
                    return true;
                }
            }
            return false;
        }

        public override DateTimeOffset? NextChange(ILeadFacts facts, DateTimeOffset after, DateTimeOffset before) => NextChange(parts, decisive: true, facts, after, before);

        public override void AddCoarse(ILeadFacts facts, DateTimeOffset at, ISet<string> names) => AddCoarse(parts, facts, at, names);
    }

    public sealed class Not(Node part) : Node
    {
        public override EventNames CanHold => part.CanFail;

        public override EventNames CanFail => part.CanHold;

        public override bool Holds(LeadEvent? @event, ILeadFacts facts, DateTimeOffset now) => !part.Holds(@event, facts, now);

        public override Verdict Decide(ulong mask) => Verdict.True - (byte)part.Decide(mask);

        public override bool Holds(ulong mask, ILeadFacts facts, DateTimeOffset at) => !part.Holds(mask, facts, at);

        public override DateTimeOffset? NextChange(ILeadFacts facts, DateTimeOffset after, DateTimeOffset before) => part.NextChange(facts, after, before);

        public override void AddCoarse(ILeadFacts facts, DateTimeOffset at, ISet<string> names) => part.AddCoarse(facts, at, names);
    }
}
