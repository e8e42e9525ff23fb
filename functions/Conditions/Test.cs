using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Patterns;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Conditions;

/// <summary>
/// One operator with its operand. Text compares ignoring case. A number and text that reads as a number compare as numbers;
/// true and false equal the texts "true" and "false". Of an array, an operator asks whether any item fits (contains: whether
/// any item equals), a negative one whether none does. Nothing but <c>notEquals</c>, <c>notIn</c>, <c>exists: false</c> and
/// <c>equals: null</c> holds for a missing value.
/// </summary>
internal abstract class Test
{
    /// <summary>Its answer depends on the current time.</summary>
    public virtual bool DependsOnTime => false;

    /// <summary>The numbers at which its answer about a number can change.</summary>
    public virtual IEnumerable<double> Levels => [];

    /// <summary>The same, as numbers of which it matters only whether one reaches them: to be above 20 is to reach the next number that there is.</summary>
    public virtual IEnumerable<double> Reaches => [];

    protected abstract bool Fits(in Scalar scalar, DateTimeOffset now);

    /// <summary>When, after a time, its answer about this value may first be another through time alone; null: never.</summary>
    protected virtual DateTimeOffset? NextChange(in Scalar scalar, DateTimeOffset after) => null;

    protected virtual bool FitsItem(in Scalar item, DateTimeOffset now) => Fits(item, now);

    protected virtual bool Holds(Value array, DateTimeOffset now)
    {
        Span<char> buffer = stackalloc char[Scalar.NumberLength];
        foreach (var item in array.Items)
        {
            if (FitsItem(Scalar.Of(item, buffer), now))
            {
                return true;
            }
        }
        return false;
    }

    protected virtual bool Holds(JsonElement array, DateTimeOffset now)
    {
        Span<char> buffer = stackalloc char[256];
        foreach (var item in array.EnumerateArray())
        {
            if (FitsItem(Scalar.Of(item, buffer), now))
            {
                return true;
            }
        }
        return false;
    }

    public static bool AllHold(Test[] tests, Value value, DateTimeOffset now)
    {
        Span<char> buffer = stackalloc char[Scalar.NumberLength];
        var scalar = Scalar.Of(value, buffer);
        foreach (var test in tests)
        {
            if (!(scalar.Kind == ValueKind.Array ? test.Holds(value, now) : test.Fits(scalar, now)))
            {
                return false;
            }
        }
        return true;
    }

    /// <param name="array">The items, when the scalar is an array.</param>
    public static bool AllHold(Test[] tests, in Scalar scalar, JsonElement array, DateTimeOffset now)
    {
        foreach (var test in tests)
        {
            if (!(scalar.Kind == ValueKind.Array ? test.Holds(array, now) : test.Fits(scalar, now)))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>For a value that stands still.</summary>
    public static DateTimeOffset? NextChange(Test[] tests, Value value, DateTimeOffset after)
    {
        Span<char> buffer = stackalloc char[Scalar.NumberLength];
        DateTimeOffset? next = null;
        foreach (var test in tests)
        {
            if (!test.DependsOnTime)
            {
                continue;
            }
            foreach (var item in value.Kind == ValueKind.Array ? value.Items : new ReadOnlySpan<Value>(in value))
            {
                next = Moments.Earliest(next, test.NextChange(Scalar.Of(item, buffer), after));
            }
        }
        return next;
    }

    public sealed class Not(Test test) : Test
    {
        public override bool DependsOnTime => test.DependsOnTime;

        public override IEnumerable<double> Levels => test.Levels;

        public override IEnumerable<double> Reaches => test.Reaches;

        protected override DateTimeOffset? NextChange(in Scalar scalar, DateTimeOffset after) => test.NextChange(scalar, after);

        protected override bool Fits(in Scalar scalar, DateTimeOffset now) => !test.Fits(scalar, now);

        protected override bool Holds(Value array, DateTimeOffset now) => !test.Holds(array, now);

        protected override bool Holds(JsonElement array, DateTimeOffset now) => !test.Holds(array, now);
    }

    /// <summary>Something is known. A form sends an empty text for a field that nobody filled in, and an empty list for a choice that nobody made: that is nothing.</summary>
    public sealed class Exists : Test
    {
        protected override bool Fits(in Scalar scalar, DateTimeOffset now) => scalar.Kind > ValueKind.Null && (scalar.Kind != ValueKind.Text || !scalar.Text.IsWhiteSpace());

        protected override bool Holds(Value array, DateTimeOffset now) => array.Items.Length > 0;

        protected override bool Holds(JsonElement array, DateTimeOffset now) => array.GetArrayLength() > 0;
    }

    /// <summary><c>equals</c> and <c>in</c>.</summary>
    public sealed class OneOf(Literals literals) : Test
    {
        public override IEnumerable<double> Levels => literals.Numbers;

        public override IEnumerable<double> Reaches => literals.Numbers.SelectMany(number => (double[])[number, double.BitIncrement(number)]);

        protected override bool Fits(in Scalar scalar, DateTimeOffset now) => literals.Contain(scalar);
    }

    public sealed class Contains(Literals literal, string text) : Test
    {
        protected override bool Fits(in Scalar scalar, DateTimeOffset now) => scalar.Text.Contains(text, StringComparison.OrdinalIgnoreCase);

        protected override bool FitsItem(in Scalar item, DateTimeOffset now) => literal.Contain(item);
    }

    public sealed class StartsWith(string text) : Test
    {
        protected override bool Fits(in Scalar scalar, DateTimeOffset now) => scalar.Text.StartsWith(text, StringComparison.OrdinalIgnoreCase);
    }

    public sealed class EndsWith(string text) : Test
    {
        protected override bool Fits(in Scalar scalar, DateTimeOffset now) => scalar.Text.EndsWith(text, StringComparison.OrdinalIgnoreCase);
    }

    public sealed class Matches(Pattern pattern) : Test
    {
        protected override bool Fits(in Scalar scalar, DateTimeOffset now)
        {
            var left = Pattern.MaxText;
            return Fits(scalar, ref left);
        }

        protected override bool Holds(Value array, DateTimeOffset now)
        {
            Span<char> buffer = stackalloc char[Scalar.NumberLength];
            var left = Pattern.MaxText;
            foreach (var item in array.Items)
            {
                if (Fits(Scalar.Of(item, buffer), ref left))
                {
                    return true;
                }
            }
            return false;
        }

        protected override bool Holds(JsonElement array, DateTimeOffset now)
        {
            Span<char> buffer = stackalloc char[256];
            var left = Pattern.MaxText;
            foreach (var item in array.EnumerateArray())
            {
                if (Fits(Scalar.Of(item, buffer), ref left))
                {
                    return true;
                }
            }
            return false;
        }

        // However many items a visitor makes of it, no more text is looked at than of one.
        private bool Fits(in Scalar scalar, ref int left)
        {
            if (scalar.Kind is not (ValueKind.Text or ValueKind.Number) || left < 0)
            {
                return false;
            }
            var text = scalar.Text.Length > left ? scalar.Text[..left] : scalar.Text;
            left -= text.Length + 1;
            return pattern.IsMatch(text);
        }
    }

    /// <summary><c>gt gte lt lte between</c>: a range of numbers.</summary>
    public sealed class InRange(double from, bool fromInclusive, double to, bool toInclusive) : Test
    {
        public override IEnumerable<double> Levels => [from, to];

        public override IEnumerable<double> Reaches => [fromInclusive ? from : double.BitIncrement(from), toInclusive ? double.BitIncrement(to) : to];

        protected override bool Fits(in Scalar scalar, DateTimeOffset now) => Numbers.TryRead(scalar, out var number)
            && (fromInclusive ? number >= from : number > from) && (toInclusive ? number <= to : number < to);
    }

    /// <summary><c>before after between</c>: a range of dates.</summary>
    public sealed class InPeriod(DateTimeOffset from, bool fromInclusive, DateTimeOffset to, bool toInclusive) : Test
    {
        protected override bool Fits(in Scalar scalar, DateTimeOffset now) => Dates.TryRead(scalar, out var date)
            && (fromInclusive ? date >= from : date > from) && (toInclusive ? date <= to : date < to);
    }

    public sealed class WithinLast(TimeSpan length) : Test
    {
        public override bool DependsOnTime => true;

        protected override bool Fits(in Scalar scalar, DateTimeOffset now) => Dates.TryRead(scalar, out var date) && date <= now && now - date <= length;

        protected override DateTimeOffset? NextChange(in Scalar scalar, DateTimeOffset after) =>
            !Dates.TryRead(scalar, out var date) ? null
            : date > after ? date
            : after - date <= length ? Moments.JustAfter(date, length)
            : null;
    }

    public sealed class AnniversaryWithin(TimeSpan length) : Test
    {
        public override bool DependsOnTime => true;

        protected override bool Fits(in Scalar scalar, DateTimeOffset now) => Dates.TryRead(scalar, out var date) && TimeSpan.FromDays(Dates.DaysToAnniversary(date, now)) <= length;

        // Days count down from midnight to midnight in UTC: to the first that is near enough, or to the one after the anniversary.
        protected override DateTimeOffset? NextChange(in Scalar scalar, DateTimeOffset after)
        {
            if (!Dates.TryRead(scalar, out var date) || length >= TimeSpan.FromDays(366))
            {
                return null;
            }
            var left = Dates.DaysToAnniversary(date, after);
            return Moments.Midnight(after, left > length.Days ? left - length.Days : left + 1);
        }
    }
}
