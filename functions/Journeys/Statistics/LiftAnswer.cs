using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Statistics;

/// <summary>What a journey, or all of nurturing, changes about reaching the journey's goal.</summary>
/// <param name="Holdout"><c>journey</c>, or <c>workspace</c>: who the others are compared with.</param>
/// <param name="Share">Held out, by the terms in effect.</param>
/// <param name="WindowDays">How long after the entry a goal counts.</param>
/// <param name="From">The first day (UTC) of entry whose people are counted; null: none.</param>
/// <param name="Through">The last one.</param>
/// <param name="Waiting">People who entered by the same terms and whose time is not up.</param>
/// <param name="OtherTerms">People who entered when the share or the window was another: they are left out.</param>
/// <param name="Difference">Share of the treated who reached the goal, less that of the others; null with a reason.</param>
/// <param name="Interval">95 %, however often it is looked at; null with a reason.</param>
/// <param name="Minimum">The smallest difference that matters.</param>
/// <param name="Verdict">Null: there is nothing to judge.</param>
/// <param name="WeeksLeft">Of <c>tooEarly</c>: about so long; null: nobody can say.</param>
/// <param name="Reason">Why something is null, or withheld.</param>
internal sealed record LiftAnswer(
    string Holdout, double? Share, double? WindowDays, DateOnly? From, DateOnly? Through, LiftSide Treated, LiftSide HeldOut, long Waiting, long OtherTerms, double? Difference,
    LiftInterval? Interval, double Minimum, LiftVerdict? Verdict, int? WeeksLeft, string? Reason)
{
    public const string ByJourney = "journey";
    public const string ByWorkspace = "workspace";

    /// <param name="cohorts">Of all times and terms.</param>
    /// <param name="own">The journey's hold-out now.</param>
    /// <param name="all">The workspace's.</param>
    public static LiftAnswer Of(IReadOnlyList<Cohort> cohorts, Holdout? own, Holdout? all, bool hasGoal, string holdout, double minimum, DateTimeOffset now)
    {
        var isOfJourney = holdout == ByJourney;
        if ((isOfJourney ? own : all) is not { } drawn)
        {
            return Nothing(holdout, minimum, $"The {holdout} holds nobody out.");
        }

        if (!hasGoal)
        {
            return Nothing(holdout, minimum, "The journey has no goal.");
        }

        var window = (own ?? drawn).Window.Length;
        var compared = cohorts.Where(cohort => !isOfJourney || cohort.Arm != Arm.HeldOutEverywhere).ToList();
        var same = compared.Where(cohort => (isOfJourney ? cohort.Terms.OfJourney : cohort.Terms.OfWorkspace) == drawn.Millionths && cohort.Terms.Window == window).ToList();
        var over = same.Where(cohort => cohort.Day.AddDays(1) + window <= now).ToList();
        var outArm = isOfJourney ? Arm.HeldOut : Arm.HeldOutEverywhere;
        var (treated, heldOut) = (SideOf(over, cohort => cohort.Arm != outArm), SideOf(over, cohort => cohort.Arm == outArm));
        var answer = new LiftAnswer(
            holdout, drawn.Share, window.TotalDays, over.Count == 0 ? null : DateOf(over.Min(cohort => cohort.Day)), over.Count == 0 ? null : DateOf(over.Max(cohort => cohort.Day)),
            LiftSide.Of(treated), LiftSide.Of(heldOut), same.Sum(cohort => cohort.People) - treated.People - heldOut.People, compared.Except(same).Sum(cohort => cohort.People),
            null, null, minimum, null, null, null);
        if (Lift.IsSplitOff(same.Where(cohort => cohort.Arm != outArm).Sum(cohort => cohort.People), same.Where(cohort => cohort.Arm == outArm).Sum(cohort => cohort.People), drawn.Share))
        {
            return answer with { Verdict = LiftVerdict.Withheld, Reason = "More or fewer are held out than the share says, which chance does once in 1,000 times (chi-squared): something other than the draw decides who is counted." };
        }

        if (treated.People == 0 || heldOut.People == 0)
        {
            return answer with { Reason = $"Nobody who {(treated.People == 0 ? "got it" : "is held out")} entered so long ago that the time to reach the goal is up." };
        }

        var days = over.Max(cohort => cohort.Day) - over.Min(cohort => cohort.Day);
        var (span, interval) = ((int)days.TotalDays + 1, Lift.Interval(treated, heldOut));
        var verdict = Lift.Judge(treated, heldOut, span, minimum);
        return answer with
        {
            Difference = treated.Share - heldOut.Share,
            Interval = interval is { } known ? new(known.Low, known.High) : null,
            Verdict = verdict,
            WeeksLeft = verdict == LiftVerdict.TooEarly ? Lift.WeeksLeft(treated, heldOut, span, minimum) : null,
            Reason = interval is null ? "Of one side nobody, or everybody, has reached the goal: how far that is chance cannot be told yet." : null,
        };
    }

    private static LiftAnswer Nothing(string holdout, double minimum, string reason) =>
        new(holdout, null, null, null, null, LiftSide.Of(default), LiftSide.Of(default), 0, 0, null, null, minimum, null, null, reason);

    private static Side SideOf(IEnumerable<Cohort> cohorts, Func<Cohort, bool> isOf)
    {
        var some = cohorts.Where(isOf).ToList();
        return new(some.Sum(cohort => cohort.People), some.Sum(cohort => cohort.Goals));
    }

    private static DateOnly DateOf(DateTimeOffset day) => DateOnly.FromDateTime(day.UtcDateTime);
}

/// <param name="Share">Goals of people; null: there is nobody.</param>
internal sealed record LiftSide(long People, long Goals, double? Share)
{
    public static LiftSide Of(Side side) => new(side.People, side.Goals, side.People == 0 ? null : side.Share);
}

internal sealed record LiftInterval(double Low, double High);
