using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Clock.Moves;

namespace LeadFunctions.Tests.Clock;

/// <summary>Where a clock on its way stops.</summary>
public sealed class NextStopTests
{
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("", null)]
    [InlineData("200", null)] // behind the goal
    [InlineData("50 30 70", 30)]
    [InlineData("100", 100)]
    [InlineData("-5 30", 0)] // overdue: where it stands
    [InlineData("30 30.4 31 31.001", 30)]
    public void A_clock_that_stands_stops_at_each_time_of_its_own(string due, int? stop) => Assert.Equal(At(stop), NextStop.Of(Times(due), Start, Start.AddSeconds(100), exact: true));

    [Theory]
    [InlineData("30 30.4 31 31.001", 31d)]
    [InlineData("99.5 100 100.2", 100d)] // never beyond the goal
    [InlineData("-5 -4.2 0.5", 0d)]
    public void A_clock_that_goes_takes_together_what_is_due_within_a_second(string due, double stop) => Assert.Equal(At(stop), NextStop.Of(Times(due), Start, Start.AddSeconds(100), exact: false));

    [Fact]
    public void On_its_way_it_comes_by_everything_in_order_and_never_early() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<(int[] Due, bool Exact)>(),
            given =>
            {
                var goal = Start.AddSeconds(1000);
                var left = given.Due.Select(ms => Start.AddMilliseconds(ms)).ToList();
                var (now, came) = (Start, new List<DateTimeOffset>());
                while (NextStop.Of(left, now, goal, given.Exact) is { } stop)
                {
                    Assert.InRange(stop, now, goal);
                    var happens = left.Where(at => at <= stop).ToList();
                    Assert.NotEmpty(happens);
                    Assert.All(happens, at => Assert.True(stop == now || stop - at <= (given.Exact ? TimeSpan.Zero : NextStop.Together)));
                    came.AddRange(happens.Order());
                    left.RemoveAll(at => at <= stop);
                    now = stop;
                }

                Assert.All(left, at => Assert.True(at > goal));
                Assert.Equal(came.Order(), came);
                return true;
            }).QuickCheckThrowOnFailure();

    private static List<DateTimeOffset> Times(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => At(double.Parse(s, System.Globalization.CultureInfo.InvariantCulture))!.Value)];

    private static DateTimeOffset? At(double? seconds) => seconds is { } s ? Start.AddSeconds(s) : null;
}
