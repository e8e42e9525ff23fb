using LeadFunctions.Clock;
using LeadFunctions.Clock.Moves;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Runs;

namespace LeadFunctions.Tests.Clock;

/// <summary>What is asked of the clock, what is refused, and what is told.</summary>
public sealed class ClockTextTests
{
    [Theory]
    [InlineData("90s", "00:01:30")]
    [InlineData("14d", "14.00:00:00")]
    [InlineData("2w", "14.00:00:00")]
    [InlineData("1d12h", "1.12:00:00")]
    [InlineData("500ms", "00:00:00.5")]
    [InlineData("0s", "00:00:00")]
    [InlineData("PT5M", "00:05:00")]
    [InlineData("P1DT0.25S", "1.00:00:00.25")]
    [InlineData("", null)]
    [InlineData("5", null)]
    [InlineData("d", null)]
    [InlineData("3 d", null)]
    [InlineData("-3d", null)]
    [InlineData("-P1D", null)]
    [InlineData("P", null)]
    [InlineData("3d\n", null)]
    [InlineData("1.5h", null)]
    [InlineData("999999999999w", null)]
    [InlineData(null, null)]
    public void Lengths_are_read_as_people_and_programs_write_them(string? text, string? length) =>
        Assert.Equal(length is null ? null : TimeSpan.Parse(length, System.Globalization.CultureInfo.InvariantCulture), ClockDuration.Find(text));

    [Fact]
    public void A_request_is_told_all_its_mistakes()
    {
        Assert.Equal(["$"], Paths(new()));
        Assert.Equal(["$.advance", "$.to", "$.to"], Paths(new("soon", "then")));
        Assert.Equal(["$.to"], Paths(new("1d", "2030-01-01T00:00:00Z")));
        Assert.Empty(Paths(new(To: "2030-01-01 10:00"))); // without an offset it is UTC
        Assert.Empty(Paths(new(Stand: false)));
        Assert.Equal(new(null, new(2030, 1, 1, 10, 0, 0, TimeSpan.Zero), true), new MoveClockRequest(To: "2030-01-01T12:00+02:00", Frozen: true).Move());

        static IEnumerable<string> Paths(MoveClockRequest request) => request.Validate().Select(error => error.Path);
    }

    [Theory]
    [InlineData("", "", true, 0)]
    [InlineData("real", "", true, 0)]
    [InlineData("movable", "", false, 0)]
    [InlineData("movable", "", true, 1)]
    [InlineData("movable", "false", true, 1)]
    [InlineData("Movable", "True", true, 0)]
    [InlineData("moveable", "true", false, 1)]
    public void A_deployed_app_takes_a_movable_clock_only_for_staging(string clock, string staging, bool isDeployed, int faults)
    {
        var found = new ClockOptions(clock, staging).Faults(isDeployed);

        Assert.Equal(faults, found.Count);
        Assert.All(found, fault => Assert.Contains(ClockOptions.ClockSetting, fault, StringComparison.Ordinal));
    }

    [Fact]
    public void Of_much_that_happened_the_first_is_told_and_the_rest_counted()
    {
        var happened = new Happenings();
        var at = new DateTimeOffset(2026, 6, 1, 10, 0, 0, TimeSpan.Zero);

        happened.Add([new DueRun("b", "j", "s", at), new DueRun("a", "j", null, at), new DueRun("c", "j", null, at.AddSeconds(-1))]);
        List<string> leads = [.. Enumerable.Range(0, 7).Select(i => Identity.User($"u{i}").Hash())];
        happened.Add(at, [.. leads, "campaign|0123", "report|weekly", leads[0]]);
        happened.Add(at, []);
        Assert.Equal(["c", "a", "b", null, "0123", null], happened.First.Select(one => one.Id));
        Assert.Equal([HappenedKind.Leads, HappenedKind.Campaign, HappenedKind.Other], happened.First.Skip(3).Select(one => one.Kind));
        Assert.Equal((7, 1), (happened.First[3].Count, happened.First[5].Count));
        Assert.Equal(leads.Take(5), happened.First[3].Leads);
        happened.Add(Enumerable.Range(0, Happenings.Most).Select(i => new DueRun($"{i}", "j", null, at)));

        Assert.Equal((Happenings.Most, 6, Happenings.Most + 6), (happened.First.Count, happened.More, happened.Count));
    }
}
