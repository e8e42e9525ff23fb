using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Interests;

namespace LeadFunctions.Tests.Interests;

/// <summary>What interests say, against a plain sum of what each look has left; and that time alone changes what it may change, at the very moment.</summary>
public sealed class InterestLaws
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(2026, 29).WithMaxTest(300);

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly InterestDimension Dimension = new("d", [new(["a"], [], 1), new(["b"], [], 3), new(["c"], [], 0.5)]);

    private static readonly InterestRules Rules = new(TimeSpan.FromDays(10), [Dimension]);

    private static readonly Gen<Look[]> Some =
        from count in Gen.Choose(1, 60)
        from looks in (from hour in Gen.Choose(0, 2_000) from value in Gen.Elements("shoes", "hats", "socks", "SOCKS") from source in Gen.Choose(0, 2) select new Look(Start.AddHours(hour).ToUnixTimeMilliseconds(), value, source)).ArrayOf(count)
        select looks;

    [Fact]
    public void An_interest_weighs_what_its_looks_have_left() => Prop.ForAll(Some.ToArbitrary(), Gen.Choose(0, 5_000).ToArbitrary(), (looks, hours) =>
    {
        var now = Start.AddHours(hours);
        var plain = looks.Where(look => look.At <= now.ToUnixTimeMilliseconds()).GroupBy(look => look.Value.ToLowerInvariant())
            .ToDictionary(same => same.Key, same => same.Sum(look => Dimension.Sources[look.Source].Weight * Math.Pow(0.5, (now.ToUnixTimeMilliseconds() - look.At) / (10.0 * 86_400_000))));

        var all = Rules.Of(Dimension, Looks.Of(looks), now).All(now).ToList();

        Assert.Equal(plain.Count, all.Count);
        Assert.All(all, one => Assert.Equal(plain[one.Value.ToLowerInvariant()], one.Weight, 1e-9 + (1e-9 * one.Weight)));
        Assert.All(all, one => Assert.Equal(one.Weight / plain.Values.Sum(), one.Share, 1e-6));
        Assert.Equal(all.OrderByDescending(one => one.Weight).Select(one => one.Weight), all.Select(one => one.Weight));
        Assert.All(all, one => Assert.Equal(looks.Where(look => look.Value.Equals(one.Value, StringComparison.OrdinalIgnoreCase) && look.At <= now.ToUnixTimeMilliseconds()).Max(look => look.At), one.Last));
    }).Check(Fixed);

    [Fact]
    public void Time_alone_changes_neither_what_comes_first_nor_a_share() => Prop.ForAll(Some.ToArbitrary(), Gen.Choose(2_000, 50_000).ToArbitrary(), (looks, hours) =>
    {
        var kept = Looks.Of(looks);

        var (soon, late) = (All(Start.AddHours(2_000)), All(Start.AddHours(hours)));

        Assert.Equal(soon.Select(one => (one.Value, one.Share, one.Last)), late.Select(one => (one.Value, one.Share, one.Last)));

        List<Interest> All(DateTimeOffset at) => [.. Rules.Of(Dimension, kept, at).All(at)];
    }).Check(Fixed);

    [Fact]
    public void A_weight_passes_a_level_at_the_moment_that_is_named() => Prop.ForAll(Some.ToArbitrary(), Gen.Choose(0, 2_500).ToArbitrary(), Gen.Choose(1, 400).ToArbitrary(), (looks, hours, level) =>
    {
        var (kept, now, levels) = (Looks.Of(looks), Start.AddHours(hours), new[] { level / 100.0 });
        var view = Rules.Of(Dimension, kept, now);

        var next = view.NextChange(view.Find("socks", now), levels, now);

        var changes = looks.Select(look => look.At).Where(ms => ms > now.ToUnixTimeMilliseconds()).DefaultIfEmpty(long.MaxValue).Min();
        if (next is { } moment)
        {
            Assert.True(moment > now);
            Assert.True(moment.ToUnixTimeMilliseconds() == changes || IsOver(moment) != IsOver(moment.AddMilliseconds(-1)));
            Assert.Equal(IsOver(now), IsOver(moment.AddMilliseconds(-1)));
        }
        else
        {
            Assert.Equal(long.MaxValue, changes);
            Assert.Equal(IsOver(now), IsOver(now.AddDays(20_000)));
        }

        bool IsOver(DateTimeOffset at) => (Rules.Of(Dimension, kept, at).Find("socks", at)?.Weight ?? 0) >= levels[0];
    }).Check(Fixed);

    [Fact]
    public void What_weighs_alike_is_told_apart_by_when_it_was_looked_at_last()
    {
        var at = Start.ToUnixTimeMilliseconds();
        var looks = Looks.Of([new(at, "b", 1), new(at, "a", 1), new(at + 1, "c", 0)]);

        Assert.Equal(["a", "b", "c"], Rules.Of(Dimension, looks, Start.AddDays(1)).All(Start.AddDays(1)).Select(one => one.Value));
        Assert.Equal(Moments.JustAfter(Start, TimeSpan.FromMilliseconds(0)), Rules.Of(Dimension, looks, Start).NextChange(null, [], Start));
        Assert.Null(Rules.Of(Dimension, looks, Start.AddTicks(-1)).TopAt(Start));
    }
}
