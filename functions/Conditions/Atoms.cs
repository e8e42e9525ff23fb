using System.Text;
using System.Text.Json;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;

namespace LeadFunctions.Conditions;

/// <summary>The current event has one of these names, and its properties pass the tests.</summary>
internal sealed class EventAtom(string[] names, PropertyTest[] where, int bit) : Node
{
    public override EventNames CanHold { get; } = EventNames.Of(names);

    public override EventNames CanFail { get; } = where.Length > 0 ? EventNames.Any : EventNames.Of(names).Inverse;

    public bool Holds(LeadEvent @event)
    {
        if (Array.IndexOf(names, @event.Name) < 0)
        {
            return false;
        }
        foreach (var test in where)
        {
            if (!test.Holds(@event))
            {
                return false;
            }
        }
        return true;
    }

    public ulong Bit(LeadEvent @event) => Holds(@event) ? 1UL << bit : 0;

    public override bool Holds(LeadEvent? @event, ILeadFacts facts, DateTimeOffset now) => @event is not null && Holds(@event);

    public override Verdict Decide(ulong mask) => (mask & (1UL << bit)) != 0 ? Verdict.True : Verdict.False;

    public override bool Holds(ulong mask, ILeadFacts facts, DateTimeOffset at) => (mask & (1UL << bit)) != 0;

    // Without an event it is false at any time.
    public override DateTimeOffset? NextChange(ILeadFacts facts, DateTimeOffset after, DateTimeOffset before) => null;
}

/// <summary>Tests of one value of an event. Dates are as of the event's own time.</summary>
internal sealed class PropertyTest(PropertyPath path, Test[] tests)
{
    public bool Holds(LeadEvent @event) => Test.AllHold(tests, EventReader.Of(@event).Read(path, out var element), element, @event.At);
}

/// <summary>Asks the lead, not the event.</summary>
internal abstract class LeadAtom : Node
{
    public override EventNames CanHold => EventNames.Any;

    public override EventNames CanFail => EventNames.Any;

    public override bool Holds(LeadEvent? @event, ILeadFacts facts, DateTimeOffset now) => Holds(facts, now);

    public override Verdict Decide(ulong mask) => Verdict.Depends;

    public override bool Holds(ulong mask, ILeadFacts facts, DateTimeOffset at) => Holds(facts, at);

    protected abstract bool Holds(ILeadFacts facts, DateTimeOffset at);
}

/// <summary>A trait, as known now, passes the tests.</summary>
internal sealed class TraitAtom(string path, Test[] tests) : LeadAtom
{
    private readonly double[] _levels = [.. tests.SelectMany(test => test.Reaches).Distinct()];
    private readonly bool _asksDates = tests.Any(test => test.DependsOnTime);

    protected override bool Holds(ILeadFacts facts, DateTimeOffset at) => Test.AllHold(tests, facts.Trait(path), at);

    public override Value Seen(ILeadFacts facts, DateTimeOffset at) => facts.Trait(path);

    public override DateTimeOffset? NextChange(ILeadFacts facts, DateTimeOffset after, DateTimeOffset before) => Moments.Earliest(
        facts.MayChange(path, _levels, after, before) ? facts.NextChange(path, _levels, after) : null,
        _asksDates ? Test.NextChange(tests, facts.Trait(path), after) : null);
}

/// <summary>How often events of these names happened up to a time (and in a window before it): at least once, or as often as the tests say.</summary>
internal sealed class HistoryAtom(string[] names, TimeSpan? within, Test[] count) : LeadAtom
{
    // Counting down, the answer can turn with one of these, the highest first.
    private readonly int[] _turns = count.Length == 0 ? [0] : [.. count.SelectMany(test => test.Levels).Where(level => level is >= 0 and < int.MaxValue)
        .SelectMany(level => (int[])[(int)Math.Floor(level), (int)Math.Floor(level) - 1]).Where(number => number >= 0).Distinct().OrderDescending()];

    protected override bool Holds(ILeadFacts facts, DateTimeOffset at)
    {
        var from = Begin(at);
        var total = 0;
        foreach (var name in names)
        {
            total += facts.Count(name, from, at);
            if (count.Length == 0 && total > 0)
            {
                return true;
            }
        }
        return count.Length > 0 && Test.AllHold(count, Value.From(total), at);
    }

    public override Value Seen(ILeadFacts facts, DateTimeOffset at) => Value.From(names.Sum(name => facts.Count(name, Begin(at), at)));

    public override void AddCoarse(ILeadFacts facts, DateTimeOffset at, ISet<string> coarse) =>
        coarse.UnionWith(names.Where(name => !facts.IsExact(name, Begin(at), at)));

    public override DateTimeOffset? NextChange(ILeadFacts facts, DateTimeOffset after, DateTimeOffset before) =>
        TryLeave(facts, after, out var next) ? next : NextOfAll(facts, after);

    /// <summary>Where all times are known and none lies in the future, events only leave the window, the oldest first: so many must, until their number gives another answer.</summary>
    private bool TryLeave(ILeadFacts facts, DateTimeOffset after, out DateTimeOffset? next)
    {
        next = null;
        var (ms, from, left) = (after.ToUnixTimeMilliseconds(), Begin(after).ToUnixTimeMilliseconds(), 0);
        Span<int> firsts = stackalloc int[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            if (!facts.TryTimes(names[i], out var times) || (times.Length > 0 && times[^1] > ms))
            {
                return false;
            }
            firsts[i] = ~times.BinarySearch(new FirstFrom(from));
            left += times.Length - firsts[i];
        }
        if (within is not { } length || left == 0)
        {
            return true;
        }
        var holds = Fits(left, after);
        foreach (var fewer in _turns)
        {
            if (fewer < left && Fits(fewer, after) != holds)
            {
                next = Leaves(facts, firsts, left - fewer, length);
                return true;
            }
        }
        return true;
    }

    /// <summary>When the last of so many of the oldest leaves.</summary>
    private DateTimeOffset? Leaves(ILeadFacts facts, Span<int> firsts, int many, TimeSpan length)
    {
        if (names.Length == 1)
        {
            facts.TryTimes(names[0], out var times);
            return Moments.JustAfter(DateTimeOffset.FromUnixTimeMilliseconds(times[firsts[0] + many - 1]), length);
        }
        var last = 0L;
        for (; many > 0; many--)
        {
            var oldest = -1;
            for (var i = 0; i < names.Length; i++)
            {
                facts.TryTimes(names[i], out var times);
                if (firsts[i] < times.Length && (oldest < 0 || times[firsts[i]] < last))
                {
                    (oldest, last) = (i, times[firsts[i]]);
                }
            }
            firsts[oldest]++;
        }
        return Moments.JustAfter(DateTimeOffset.FromUnixTimeMilliseconds(last), length);
    }

    private bool Fits(int number, DateTimeOffset at) => count.Length == 0 ? number > 0 : Test.AllHold(count, Value.From(number), at);

    private readonly struct FirstFrom(long from) : IComparable<long>
    {
        public int CompareTo(long other) => from <= other ? -1 : 1;
    }

    private DateTimeOffset? NextOfAll(ILeadFacts facts, DateTimeOffset after)
    {
        var moments = new List<DateTimeOffset>();
        foreach (var (begin, end) in names.SelectMany(name => facts.Spans(name, within is null ? after : Begin(after))))
        {
            if (begin > after)
            {
                moments.Add(begin);
            }
            if (within is { } length && DateTimeOffset.MaxValue - end > length && end + length > after)
            {
                moments.Add(end + length);
            }
        }
        moments.Sort();
        var holds = Holds(facts, after);
        foreach (var moment in moments)
        {
            if (Holds(facts, moment) != holds)
            {
                return moment;
            }
        }
        return null;
    }

    private DateTimeOffset Begin(DateTimeOffset at) => within is { } length && at - DateTimeOffset.MinValue > length ? at - length : DateTimeOffset.MinValue;
}

/// <summary>Where a value is in an event: a dotted path into its properties, or, by prefix, into its <c>context</c>, <c>traits</c> or <c>properties</c>.</summary>
internal sealed class PropertyPath
{
    private readonly Func<LeadEvent, JsonElement> _root;
    private readonly byte[][] _names;
    private readonly byte[][] _rests;

    public PropertyPath(string path)
    {
        (_root, var skip) = path.Split('.', 2) switch
        {
            ["context", _] => ((Func<LeadEvent, JsonElement>)(e => e.Context), 8),
            ["traits", _] => (e => e.Traits, 7),
            ["properties", _] => (e => e.Properties, 11),
            _ => (e => e.Properties, 0),
        };
        Text = path;
        var names = path[skip..].Split('.');
        _names = names.Select(Encoding.UTF8.GetBytes).ToArray();
        _rests = names.Select((_, i) => Encoding.UTF8.GetBytes(string.Join('.', names[i..]))).ToArray();
    }

    public string Text { get; }

    /// <summary>All that there is, where lists are on the way or at the end: of each of their items.</summary>
    public IEnumerable<JsonElement> FindAll(LeadEvent @event) => FindAll(_root(@event), 0);

    private IEnumerable<JsonElement> FindAll(JsonElement at, int name) =>
        at.ValueKind == JsonValueKind.Array ? at.EnumerateArray().SelectMany(item => FindAll(item, name))
        : name == _names.Length ? [at]
        : JsonText.TryGet(at, _rests[name], out var whole) ? FindAll(whole, _names.Length)
        : JsonText.TryGet(at, _names[name], out var inner) ? FindAll(inner, name + 1)
        : [];

    /// <summary>Undefined when there is nothing. At each level a member whose own name is the rest of the path goes before a nested one, as in <see cref="Value.At"/>.</summary>
    public JsonElement Find(LeadEvent @event)
    {
        var at = _root(@event);
        for (var i = 0; i < _names.Length; i++)
        {
            if (JsonText.TryGet(at, _rests[i], out var whole))
            {
                return whole;
            }
            if (i == _names.Length - 1 || !JsonText.TryGet(at, _names[i], out at))
            {
                return default;
            }
        }
        return default;
    }
}
