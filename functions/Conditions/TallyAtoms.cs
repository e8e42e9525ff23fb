using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;

namespace LeadFunctions.Conditions;

internal enum TallyKind
{
    /// <summary>When it happened.</summary>
    Times,

    /// <summary>And how much it brought: a number in a property.</summary>
    Amounts,

    /// <summary>And which of several it was: a value of a property.</summary>
    Kinds,

    /// <summary>And how much an order brought, by any name that it has in Segment's events; nothing where it does not say.</summary>
    Orders,
}

/// <summary>Events that a lead's record keeps beyond their names: those whose properties pass tests, with what one property held.</summary>
/// <param name="Key">Of the same question wherever it is asked.</param>
internal sealed record TallyDefinition(string Key, IReadOnlyList<string> Names, PropertyTest[] Where, TallyKind Kind, PropertyPath? Property)
{
    private static readonly PropertyPath[] Brought = [new("revenue"), new("total"), new("value")];

    /// <summary>What the event adds; null when it is none of these, or has nothing to add.</summary>
    public long? ValueOf(LeadEvent e)
    {
        if (!Names.Contains(e.Name) || !Array.TrueForAll(Where, test => test.Holds(e)))
        {
            return null;
        }

        if (Kind == TallyKind.Times)
        {
            return 0;
        }

        if (Kind == TallyKind.Orders)
        {
            foreach (var path in Brought)
            {
                if (AmountIn(e, path) is { } amount)
                {
                    return amount;
                }
            }

            return 0;
        }

        if (Kind == TallyKind.Kinds)
        {
            // This kind has a property, as the other. Nothing is no kind of anything, as for "exists".
            return Value.From(Property!.Find(e)) is { Exists: true } value && !string.IsNullOrWhiteSpace(value.Text ?? "-") ? (long)TextHash.Of(value.ToString()) : null;
        }

        return AmountIn(e, Property!);
    }

    private static long? AmountIn(LeadEvent e, PropertyPath path) =>
        Numbers.TryRead(EventReader.Of(e).Read(path, out _), out var number) ? (long)Math.Round(Math.Clamp(number, -1e12, 1e12) * Tally.PerUnit) : null;
}

/// <summary>Asks what a tally says: how often, how much, how many different ones, in all or in the window that ends now.</summary>
internal sealed class TallyAtom(TallyDefinition tally, TimeSpan? within, Test[] tests) : LeadAtom
{
    protected override bool Holds(ILeadFacts facts, DateTimeOffset at) => facts.TryTally(tally.Key, tally.Names, out var known) && Fits(Of(known, at), at);

    public override Value Seen(ILeadFacts facts, DateTimeOffset at) => facts.TryTally(tally.Key, tally.Names, out var known) ? Value.From(Of(known, at)) : Value.Missing;

    public override DateTimeOffset? NextChange(ILeadFacts facts, DateTimeOffset after, DateTimeOffset before)
    {
        if (!facts.TryTally(tally.Key, tally.Names, out var known) || known.Times.Length == 0)
        {
            return null;
        }

        var holds = Fits(Of(known, after), after);
        foreach (var ms in Moments(known, after.ToUnixTimeMilliseconds()))
        {
            var moment = DateTimeOffset.FromUnixTimeMilliseconds(ms);
            if (moment >= before)
            {
                return null;
            }

            if (Fits(Of(known, moment), moment) != holds)
            {
                return moment;
            }
        }

        return null;
    }

    private bool Fits(double measure, DateTimeOffset at) => tests.Length == 0 ? measure > 0 : Test.AllHold(tests, Value.From(measure), at);

    private double Of(Tally known, DateTimeOffset at)
    {
        var ms = at.ToUnixTimeMilliseconds();
        var until = known.CountUntil(ms);
        if (within is null && known.Last <= ms)
        {
            return tally.Kind switch
            {
                TallyKind.Times => known.Total,
                TallyKind.Amounts => known.Sum / Tally.PerUnit,
                _ => Different(known.Values),
            };
        }

        var from = within is { } length ? known.CountUntil(ms - (long)length.TotalMilliseconds - 1) : 0;
        var values = known.Values[from..Math.Max(from, until)];
        return tally.Kind switch
        {
            TallyKind.Times => values.Length,
            TallyKind.Amounts => Total(values) / Tally.PerUnit,
            _ => Different(values),
        };
    }

    private static long Total(ReadOnlySpan<long> values)
    {
        var sum = 0L;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }

    private static int Different(ReadOnlySpan<long> values)
    {
        var different = new HashSet<long>(values.Length);
        foreach (var value in values)
        {
            different.Add(value);
        }

        return different.Count;
    }

    /// <summary>When, after a time, an event begins to count or leaves the window, in order.</summary>
    private IEnumerable<long> Moments(Tally known, long after)
    {
        var leave = within is { } length ? (long)length.TotalMilliseconds + 1 : (long?)null;
        if (known.Last <= after)
        {
            // The usual case: nothing lies in the future.
            return leave is { } left ? known.Times[known.CountUntil(after - left)..].ToArray().Select(time => time + left) : [];
        }

        var moments = new SortedSet<long>();
        foreach (var time in known.Times)
        {
            if (time > after)
            {
                moments.Add(time);
            }

            if (leave is { } later && time + later > after)
            {
                moments.Add(time + later);
            }
        }

        return moments;
    }
}

/// <summary>Asks when it happened for the first or the last time.</summary>
internal sealed class TallyTimeAtom(TallyDefinition tally, bool isFirst, Test[] tests) : LeadAtom
{
    protected override bool Holds(ILeadFacts facts, DateTimeOffset at) => facts.TryTally(tally.Key, tally.Names, out var known) && Test.AllHold(tests, Of(known, at), at);

    public override Value Seen(ILeadFacts facts, DateTimeOffset at) => facts.TryTally(tally.Key, tally.Names, out var known) ? Of(known, at) : Value.Missing;

    public override DateTimeOffset? NextChange(ILeadFacts facts, DateTimeOffset after, DateTimeOffset before)
    {
        if (!facts.TryTally(tally.Key, tally.Names, out var known))
        {
            return null;
        }

        var next = Test.NextChange(tests, Of(known, after), after);
        return known.Last > after.ToUnixTimeMilliseconds() ? Moments.Earliest(next, DateTimeOffset.FromUnixTimeMilliseconds(known.Times[known.CountUntil(after.ToUnixTimeMilliseconds())])) : next;
    }

    // What lies in the future has not happened.
    private Value Of(Tally known, DateTimeOffset at)
    {
        var ms = at.ToUnixTimeMilliseconds();
        var time = isFirst ? known.First : known.Last <= ms ? known.Last : known.CountUntil(ms) is > 0 and var until ? known.Times[until - 1] : long.MaxValue;
        return known.Total == 0 || time > ms ? Value.Missing : Value.From(DateTimeOffset.FromUnixTimeMilliseconds(time).ToString("O"));
    }
}

/// <summary>One event, and then, within a time after it, another; or, once that time is over, none. Of the first ones those that are kept one by one, in the window that ends now where there is one.</summary>
internal sealed class SequenceAtom(TallyDefinition first, TimeSpan? within, TallyDefinition then, TimeSpan gap, bool isAbsence) : LeadAtom
{
    private readonly long _gap = (long)gap.TotalMilliseconds;

    protected override bool Holds(ILeadFacts facts, DateTimeOffset at) => Find(facts, at).Exists;

    public override Value Seen(ILeadFacts facts, DateTimeOffset at) => Find(facts, at);

    public override DateTimeOffset? NextChange(ILeadFacts facts, DateTimeOffset after, DateTimeOffset before)
    {
        if (!facts.TryTally(first.Key, first.Names, out var begins) || !facts.TryTally(then.Key, then.Names, out var follows) || begins.Times.Length == 0)
        {
            return null;
        }

        var (ms, moments) = (after.ToUnixTimeMilliseconds(), new SortedSet<long>());
        foreach (var time in begins.Times)
        {
            Add(time);
            Add(isAbsence ? time + _gap + 1 : null);
            Add(within is { } length ? time + (long)length.TotalMilliseconds + 1 : null);
        }

        foreach (var time in follows.Times)
        {
            Add(time);
        }

        var holds = Find(facts, after).Exists;
        foreach (var moment in moments.Select(DateTimeOffset.FromUnixTimeMilliseconds).TakeWhile(moment => moment < before))
        {
            if (Find(facts, moment).Exists != holds)
            {
                return moment;
            }
        }

        return null;

        void Add(long? moment) => _ = moment > ms && moments.Add(moment.Value);
    }

    /// <summary>When the last such one began; missing when there is none.</summary>
    private Value Find(ILeadFacts facts, DateTimeOffset at)
    {
        if (!facts.TryTally(first.Key, first.Names, out var begins) || !facts.TryTally(then.Key, then.Names, out var follows))
        {
            return Value.Missing;
        }

        var ms = at.ToUnixTimeMilliseconds();
        var oldest = within is { } length ? ms - (long)length.TotalMilliseconds : long.MinValue;
        for (var i = begins.CountUntil(ms) - 1; i >= 0 && begins.Times[i] >= oldest; i--)
        {
            var time = begins.Times[i];
            var isFollowed = follows.CountUntil(Math.Min(ms, time + _gap)) > follows.CountUntil(time);
            if (isAbsence ? !isFollowed && ms > time + _gap : isFollowed)
            {
                return Value.From(DateTimeOffset.FromUnixTimeMilliseconds(time).ToString("O"));
            }
        }

        return Value.Missing;
    }
}

/// <summary>A random share of all leads, in percent: a hash of the lead's id and a salt, so that the same lead is always in the same share, and shares of other salts have nothing to do with it.</summary>
internal sealed class BucketAtom(string salt, double from, double to) : LeadAtom
{
    protected override bool Holds(ILeadFacts facts, DateTimeOffset at) => Of(facts) is var place && place >= from && place < to;

    public override Value Seen(ILeadFacts facts, DateTimeOffset at) => Of(facts) is var place && double.IsNaN(place) ? Value.Missing : Value.From(place);

    public override DateTimeOffset? NextChange(ILeadFacts facts, DateTimeOffset after, DateTimeOffset before) => null;

    private double Of(ILeadFacts facts) => facts.Trait(ProfileFacts.Id).Text is { } id ? TextHash.Of($"{salt}/{id}") % 10_000 / 100.0 : double.NaN;
}
