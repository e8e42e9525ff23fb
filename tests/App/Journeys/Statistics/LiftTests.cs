using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Statistics;

namespace LeadFunctions.Tests.Journeys.Statistics;

public sealed class LiftTests
{
    private const double Minimum = 0.01;
    private static readonly DateTimeOffset Today = new(2026, 9, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Holdout Tenth = new(100_000, new(TimeSpan.FromDays(30), "30d"));

    [Fact]
    public void The_interval_is_the_one_of_the_formula()
    {
        // By hand, for 60 of 1,000 against 8 of 200: V = 0.0000564 + 0.000192 and τ² = 0.0004, so √(0.00040266 · (5.9915 + 0.9595)).
        var interval = Lift.Interval(new(1000, 60), new(200, 8))!.Value; // both have some of each

        Assert.Equal(0.02, (interval.Low + interval.High) / 2, 12);
        Assert.Equal(0.05290, (interval.High - interval.Low) / 2, 4);
    }

    [Fact]
    public void Looked_at_every_day_it_cries_lift_in_five_of_a_hundred_journeys_that_do_nothing_at_most()
    {
        const int seeds = 1000;

        var alarms = Enumerable.Range(0, seeds).Count(seed => FirstAnswer(seed, 0.05, 0.05) is LiftVerdict.Works or LiftVerdict.Harms);

        Assert.InRange(alarms, 1, seeds / 20); // none at all would be an interval that says nothing
    }

    [Fact]
    public void An_effect_is_found_and_its_sign_is_right()
    {
        var (works, harms) = (Enumerable.Range(0, 100).Select(seed => FirstAnswer(seed, 0.10, 0.05)).ToList(), Enumerable.Range(0, 100).Select(seed => FirstAnswer(seed, 0.05, 0.10)).ToList());

        Assert.InRange(works.Count(verdict => verdict == LiftVerdict.Works), 80, 100);
        Assert.InRange(harms.Count(verdict => verdict == LiftVerdict.Harms), 80, 100);
        Assert.DoesNotContain(LiftVerdict.Harms, works);
        Assert.DoesNotContain(LiftVerdict.Works, harms);
    }

    [Theory]
    [InlineData(13, 20_000, 2_000, 20_000, 1_000, LiftVerdict.TooEarly)] // a day before two weeks
    [InlineData(14, 20_000, 2_000, 20_000, 1_000, LiftVerdict.Works)]
    [InlineData(14, 20_000, 1_000, 20_000, 2_000, LiftVerdict.Harms)]
    [InlineData(14, 20_000, 2_000, 180, 9, LiftVerdict.TooEarly)] // nine goals
    [InlineData(90, 2_000_000, 100_000, 200_000, 10_000, LiftVerdict.NoDifference)]
    [InlineData(90, 2_000, 100, 200, 10, LiftVerdict.TooEarly)]
    internal void The_verdict_waits_for_two_weeks_and_ten_goals_a_side(int days, long treated, long goals, long heldOut, long theirs, LiftVerdict verdict) =>
        Assert.Equal(verdict, Lift.Judge(new(treated, goals), new(heldOut, theirs), days, Minimum));

    [Fact]
    public void How_long_it_takes_is_how_long_the_same_shares_would_take_to_decide_it()
    {
        var weeks = Lift.WeeksLeft(new(2000, 160), new(200, 8), 28, Minimum);

        Assert.Equal((2, LiftVerdict.Works, LiftVerdict.TooEarly), (weeks, After(2), After(1)));
        Assert.Null(Lift.WeeksLeft(new(2000, 160), new(200, 0), 28, Minimum));
        Assert.Null(Lift.WeeksLeft(new(200, 10), new(20, 1), 28, 0.0001)); // not in ten years

        static LiftVerdict After(int weeks) => Lift.Judge(new(500 * (4 + weeks), 40 * (4 + weeks)), new(50 * (4 + weeks), 2 * (4 + weeks)), 28 + (7 * weeks), Minimum);
    }

    [Theory]
    [InlineData(9000, 1000, false)]
    [InlineData(9000, 1100, false)] // p = 0.0018
    [InlineData(9000, 1120, true)] // p = 0.0003
    [InlineData(10000, 0, true)]
    public void A_split_that_chance_does_not_make_is_off(long treated, long heldOut, bool isOff) => Assert.Equal(isOff, Lift.IsSplitOff(treated, heldOut, 0.1));

    [Fact]
    public void Only_people_whose_time_is_up_and_who_were_drawn_by_the_same_terms_are_compared()
    {
        var counters = new Counters()
            .Add(Cohort(15, Arm.Treated, isGoal: true), 40).Add(Cohort(15, Arm.Treated), 860).Add(Cohort(15, Arm.HeldOut, isGoal: true), 1).Add(Cohort(15, Arm.HeldOut), 99)
            .Add(Cohort(31, Arm.Treated, isGoal: true), 5).Add(Cohort(31, Arm.HeldOutEverywhere), 7)
            .Add(new Counters().Add("15|200000.0.2592000|Treated", 3));
        var cohorts = Cohorts.In(new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero), counters).Append(new(Today.Date, Terms(), Arm.Treated, 20, 2)).ToList();

        var answer = LiftAnswer.Of(cohorts, Tenth, null, hasGoal: true, LiftAnswer.ByJourney, Minimum, Today);

        Assert.Equal((new LiftSide(905, 45, 45 / 905.0), new LiftSide(100, 1, 0.01)), (answer.Treated, answer.HeldOut));
        Assert.Equal((20L, 3L), (answer.Waiting, answer.OtherTerms));
        Assert.Equal((new DateOnly(2026, 7, 15), new DateOnly(2026, 7, 31)), (answer.From, answer.Through));
        Assert.Equal((45 / 905.0) - 0.01, answer.Difference);
        Assert.Equal(LiftVerdict.TooEarly, answer.Verdict);

        // On the last day of July, of which the window ends with the 30th of August.
        var before = LiftAnswer.Of(cohorts, Tenth, null, hasGoal: true, LiftAnswer.ByJourney, Minimum, new(2026, 8, 30, 23, 59, 59, TimeSpan.Zero));
        Assert.Equal((900L, 25L), (before.Treated.People, before.Waiting));
    }

    [Fact]
    public void What_is_not_there_is_null_with_a_reason()
    {
        Assert.Equal((null, null, "The journey holds nobody out."), Reason(LiftAnswer.Of([], null, null, true, LiftAnswer.ByJourney, Minimum, Today)));
        Assert.Equal((null, null, "The workspace holds nobody out."), Reason(LiftAnswer.Of([], Tenth, null, true, LiftAnswer.ByWorkspace, Minimum, Today)));
        Assert.Equal((null, null, "The journey has no goal."), Reason(LiftAnswer.Of([], Tenth, null, false, LiftAnswer.ByJourney, Minimum, Today)));
        Assert.StartsWith("Nobody who got it", Reason(LiftAnswer.Of([], Tenth, null, true, LiftAnswer.ByJourney, Minimum, Today)).Reason, StringComparison.Ordinal);
        var off = LiftAnswer.Of([Of(Arm.Treated, 1000, 100)], Tenth, null, true, LiftAnswer.ByJourney, Minimum, Today);
        Assert.Equal((null, LiftVerdict.Withheld), (off.Difference, off.Verdict));
        var nobodyYet = LiftAnswer.Of([Of(Arm.Treated, 900, 100), Of(Arm.HeldOut, 100, 0)], Tenth, null, true, LiftAnswer.ByJourney, Minimum, Today);
        Assert.Equal((true, null), (nobodyYet.Difference is not null, nobodyYet.Interval));
        Assert.NotNull(nobodyYet.Reason);

        static (double? Difference, LiftVerdict? Verdict, string? Reason) Reason(LiftAnswer answer) => (answer.Difference, answer.Verdict, answer.Reason);
    }

    [Fact]
    public void The_workspaces_people_are_compared_with_all_others_also_those_whom_the_journey_holds_out()
    {
        var all = new Holdout(50_000, Tenth.Window);
        Cohort[] cohorts = [Of(Arm.Treated, 855, 90, 50_000), Of(Arm.HeldOut, 95, 5, 50_000), Of(Arm.HeldOutEverywhere, 50, 2, 50_000)];

        var answer = LiftAnswer.Of(cohorts, Tenth, all, true, LiftAnswer.ByWorkspace, Minimum, Today);

        Assert.Equal((950L, 95L, 50L, 2L), (answer.Treated.People, answer.Treated.Goals, answer.HeldOut.People, answer.HeldOut.Goals));
    }

    /// <summary>What is said on the first of 90 days on which anything is.</summary>
    private static LiftVerdict FirstAnswer(int seed, double treatedRate, double heldOutRate)
    {
        var random = new Random(seed);
        var (treated, heldOut) = (new Side(0, 0), new Side(0, 0));
        for (var day = 1; day <= 90; day++)
        {
            (treated, heldOut) = (Add(treated, 40, treatedRate), Add(heldOut, 20, heldOutRate));
            if (Lift.Judge(treated, heldOut, day, minimum: 0.0001) is not LiftVerdict.TooEarly and var verdict)
            {
                return verdict;
            }
        }

        return LiftVerdict.TooEarly;

        Side Add(Side side, int people, double rate)
        {
            var goals = 0;
            for (var i = 0; i < people; i++)
            {
                goals += random.NextDouble() < rate ? 1 : 0;
            }

            return new(side.People + people, side.Goals + goals);
        }
    }

    private static Terms Terms(int ofWorkspace = 0) => new(Tenth.Millionths, ofWorkspace, Tenth.Window.Length);

    private static Cohort Of(Arm arm, long people, long goals, int ofWorkspace = 0) => new(new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero), Terms(ofWorkspace), arm, people, goals);

    private static Counters Cohort(int day, Arm arm, bool isGoal = false)
    {
        var entered = new DateTimeOffset(2026, 7, day, 23, 30, 0, TimeSpan.Zero);
        return Cohorts.Of(entered, new(arm, Tenth.Millionths, 0, entered + Tenth.Window.Length, Counts: true) { GoalAt = isGoal ? entered.AddDays(1) : null });
    }
}
