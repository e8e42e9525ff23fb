using System.Text.Json;
using System.Text.RegularExpressions;

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

    protected abstract bool Fits(in Scalar scalar, DateTimeOffset now);

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

    public sealed class Not(Test test) : Test
    {
        public override bool DependsOnTime => test.DependsOnTime;

        protected override bool Fits(in Scalar scalar, DateTimeOffset now) => !test.Fits(scalar, now);

        protected override bool Holds(Value array, DateTimeOffset now) => !test.Holds(array, now);

        protected override bool Holds(JsonElement array, DateTimeOffset now) => !test.Holds(array, now);
    }

    public sealed class Exists : Test
    {
        protected override bool Fits(in Scalar scalar, DateTimeOffset now) => scalar.Kind > ValueKind.Null;

        protected override bool Holds(Value array, DateTimeOffset now) => true;

        protected override bool Holds(JsonElement array, DateTimeOffset now) => true;
    }

    /// <summary><c>equals</c> and <c>in</c>.</summary>
    public sealed class OneOf(Literals literals) : Test
    {
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

    public sealed class Matches(Regex regex) : Test
    {
        protected override bool Fits(in Scalar scalar, DateTimeOffset now) => scalar.Kind is ValueKind.Text or ValueKind.Number && regex.IsMatch(scalar.Text);
    }

    /// <summary><c>gt gte lt lte between</c>: a range of numbers.</summary>
    public sealed class InRange(double from, bool fromInclusive, double to, bool toInclusive) : Test
    {
        protected override bool Fits(in Scalar scalar, DateTimeOffset now)
        {
            var number = scalar.Number;
            return (scalar.Kind == ValueKind.Number || (scalar.Kind == ValueKind.Text && Numbers.TryParse(scalar.Text, out number)))
                && (fromInclusive ? number >= from : number > from) && (toInclusive ? number <= to : number < to);
        }
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
    }

    public sealed class AnniversaryWithin(TimeSpan length) : Test
    {
        public override bool DependsOnTime => true;

        protected override bool Fits(in Scalar scalar, DateTimeOffset now) => Dates.TryRead(scalar, out var date) && TimeSpan.FromDays(Dates.DaysToAnniversary(date, now)) <= length;
    }
}
