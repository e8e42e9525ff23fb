using LeadFunctions.Scoring;

namespace LeadFunctions.Tests.Scoring;

/// <summary>What engagement will be, and when it crosses a level, if nothing happens but time.</summary>
public sealed class EngagementCourseTests
{
    private const string Rules = """
        { "id": "up", "when": { "event": "up" }, "points": 40, "halfLife": "10d" },
        { "id": "fast", "when": { "event": "fast" }, "points": -35, "halfLife": "2d" },
        { "id": "firm", "when": { "event": "firm" }, "points": 20 }
        """;

    private static readonly ScoringModel Model = Shop.Engagement(Rules, "\"cap\": 45");
    private static readonly ScoringModels Models = ScoringModels.None.WithLive(Model);

    [Fact]
    public void The_course_is_the_score_to_the_last_bit()
    {
        var random = new Random(3);
        for (var i = 0; i < 300; i++)
        {
            var ledger = Model.Earn(Enumerable.Range(0, 12).Select(n => Shop.Event(random.Next(3) switch { 0 => "up", 1 => "fast", _ => "firm" }, TimeSpan.FromMilliseconds(random.NextInt64(-4_000_000_000, 100_000_000)), id: "e" + n)));
            var course = EngagementCourse.Of(ledger, Models, Lead.Unknown);
            var at = Shop.Start.AddMilliseconds(random.NextInt64(9_000_000_000));

            Assert.Equal(Engagement.Value(ledger, Models, Lead.Unknown, at), course.At(at));
        }
    }

    [Fact]
    public void Half_is_crossed_one_half_life_later()
    {
        var course = EngagementCourse.Of(Model.Earn(Shop.Event("up", TimeSpan.Zero)), Models, Lead.Unknown);

        // At the very half-life it is 20, shown as 20.00 until five minutes later, and for five minutes before.
        var (from, until) = (Shop.Start.AddDays(10).AddMilliseconds(-311_583), Shop.Start.AddDays(10).AddMilliseconds(311_662));
        Assert.Equal(until, course.NextChange([20], Shop.Start.AddHours(1)));
        Assert.Equal((20.01, 20, 20, 19.99), (course.At(from.AddMilliseconds(-1)), course.At(from), course.At(until.AddMilliseconds(-1)), course.At(until)));
        Assert.Equal(from, course.NextChange([double.BitIncrement(20)], Shop.Start.AddHours(1)));
        Assert.Null(course.NextChange([20], Shop.Start.AddDays(11)));
        Assert.Equal(until, course.NextChange([5, 20, 50, double.NegativeInfinity], Shop.Start.AddHours(1)));
    }

    [Fact]
    public void A_sum_that_dips_and_rises_crosses_on_the_way_down_and_on_the_way_up()
    {
        // 20 for good, 40 of which half goes in ten days, and 35 taken away that come back fast.
        var course = EngagementCourse.Of(Model.Earn(Shop.Event("up", TimeSpan.Zero), Shop.Event("firm", TimeSpan.Zero), Shop.Event("fast", TimeSpan.Zero)), Models, Lead.Unknown);
        var moments = new List<DateTimeOffset>();
        for (var at = Shop.Start.AddMilliseconds(1); course.NextChange([40], at) is { } next && moments.Count < 9; at = next)
        {
            moments.Add(next);
        }

        Assert.InRange(moments.Count, 2, 4);
        Assert.All(moments, moment => Assert.NotEqual(course.At(moment.AddMilliseconds(-1)) >= 40, course.At(moment) >= 40));
        Assert.True(course.At(moments[0]) >= 40 && course.At(moments[^1]) < 40);
    }

    [Fact]
    public void What_does_not_decay_never_crosses_and_what_fades_to_a_floor_does_not_reach_it_soon()
    {
        var firm = EngagementCourse.Of(Model.Earn(Shop.Event("firm", TimeSpan.Zero)), Models, Lead.Unknown);
        var fades = EngagementCourse.Of(Model.Earn(Shop.Event("firm", TimeSpan.Zero), Shop.Event("up", TimeSpan.Zero)), Models, Lead.Unknown);

        Assert.Null(firm.NextChange([10, 20, 30], Shop.Start.AddHours(1)));
        Assert.Null(fades.NextChange([19], Shop.Start.AddHours(1)));
        Assert.Null(fades.NextChange([20], Shop.Start.AddHours(1)));
        Assert.True(fades.NextChange([20.01], Shop.Start.AddHours(1)) > Shop.Start.AddDays(100)); // down to half a hundredth
        Assert.Null(EngagementCourse.Of(Ledger.Empty, Models, Lead.Unknown).NextChange([0, 5], Shop.Start));
    }

    [Fact]
    public void No_crossing_is_passed_over()
    {
        var random = new Random(5);
        var crossings = 0;
        for (var i = 0; i < 200; i++)
        {
            var ledger = Model.Earn(Enumerable.Range(0, random.Next(1, 9)).Select(n => Shop.Event(random.Next(i % 2 == 0 ? 3 : 1) switch { 0 => "up", 1 => "fast", _ => "firm" }, TimeSpan.FromMilliseconds(random.NextInt64(-2_000_000_000, 300_000_000)), id: "e" + n)));
            var course = EngagementCourse.Of(ledger, Models, Lead.Unknown);
            double[] levels = [random.Next(44), random.Next(44)];
            var at = Shop.Start;
            while (course.NextChange(levels, at) is { } next && next < Shop.Start.AddDays(100) && crossings++ < 5000)
            {
                Assert.Equal(Sides(at), Sides(next.AddMilliseconds(-1)));
                Assert.NotEqual(Sides(at), Sides(next));
                for (var n = 0; n < 20; n++)
                {
                    Assert.Equal(Sides(at), Sides(at.AddMilliseconds(random.NextInt64((long)(next - at).TotalMilliseconds))));
                }

                at = next;
            }

            (bool, bool) Sides(DateTimeOffset moment) => (course.At(moment) >= levels[0], course.At(moment) >= levels[1]);
        }

        Assert.InRange(crossings, 200, 5000);
    }

    [Fact]
    public void A_sum_that_only_touches_the_level_ends_the_search_in_time()
    {
        var course = EngagementCourse.Of(Model.Earn(Shop.Event("up", TimeSpan.Zero), Shop.Event("fast", TimeSpan.Zero)), Models, Lead.Unknown);
        var top = Enumerable.Range(0, 3000).Max(minute => course.At(Shop.Start.AddMinutes(minute * 10)));

        var next = course.NextChange([top], Shop.Start.AddMilliseconds(1));

        Assert.InRange(next!.Value, Shop.Start.AddHours(1), Shop.Start.AddDays(20)); // It comes within a hair of it, and over it between two of those minutes.
    }
}
