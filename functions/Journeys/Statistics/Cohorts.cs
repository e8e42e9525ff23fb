using System.Globalization;
using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Statistics;

/// <summary>
/// People by the day (UTC) of their first entry, the side that they were drawn to, and the terms of the draw: <c>14|100000.0.2592000|heldOut</c>, and with <c>|goal</c> those of them who reached the
/// goal in time.
/// </summary>
internal static class Cohorts
{
    private const string Goal = "|goal";

    public static Counters Of(DateTimeOffset enteredAt, Trial trial)
    {
        var name = FormattableString.Invariant($"{enteredAt.UtcDateTime.Day:00}|{trial.OfJourney}.{trial.OfWorkspace}.{(long)(trial.Until - enteredAt).TotalSeconds}|{trial.Arm}");
        return new Counters().Add(name).Add(name + Goal, trial.GoalAt is null ? 0 : 1);
    }

    /// <summary>Those of one month.</summary>
    public static IEnumerable<Cohort> In(DateTimeOffset month, Counters counters)
    {
        foreach (var (name, people) in counters.All.Where(pair => !pair.Key.EndsWith(Goal, StringComparison.Ordinal)))
        {
            var parts = name.Split('|');
            long[] terms = [.. parts[1].Split('.').Select(term => long.Parse(term, CultureInfo.InvariantCulture))];
            yield return new(
                month.AddDays(int.Parse(parts[0], CultureInfo.InvariantCulture) - 1), new((int)terms[0], (int)terms[1], TimeSpan.FromSeconds(terms[2])), Enum.Parse<Arm>(parts[2]), people, counters[name + Goal]);
        }
    }
}

/// <param name="Day">Its beginning.</param>
/// <param name="Goals">How many of the people reached the goal in time, so far.</param>
internal sealed record Cohort(DateTimeOffset Day, Terms Terms, Arm Arm, long People, long Goals);

/// <summary>The terms of a draw: only people drawn by the same ones are compared.</summary>
/// <param name="OfJourney">Share held out, in millionths.</param>
internal sealed record Terms(int OfJourney, int OfWorkspace, TimeSpan Window);
