using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Runs;
using static LeadFunctions.Tests.Journeys.Rehearsal;

namespace LeadFunctions.Tests.Journeys;

/// <summary>
/// An address that was accepted before a message is due may be applied after: it lay in the hands of a process that was killed, for as long as the host's lease lasts. Until that
/// is over nothing is decided for good.
/// </summary>
public sealed class MissingAddressTests
{
    private const string Journey = """
        {"name":"x","trigger":{"event":"Start"},"steps":[
          {"id":"a","type":"send","template":"a"},{"id":"b","type":"send","template":"b"},{"id":"w","type":"wait","for":"1d"},{"id":"c","type":"send","template":"c"},{"id":"t","type":"track","event":"Done"}]}
        """;

    [Theory]
    [InlineData(0)]
    [InlineData(0.01)]
    [InlineData(1)]
    [InlineData(9.99)]
    [InlineData(10)]
    [InlineData(10.99)]
    public void An_address_that_comes_late_is_used_at_once(double minutes)
    {
        var lead = new Rehearsal(Parse(Journey)).Track("Start", default).Identify(new { email = "ann@example.com" }, Minutes(minutes)).Run(Days(3));

        var first = Start + Minutes(minutes);
        Assert.Equal([("a", first), ("b", first), ("c", Start + Days(1))], lead.Lead.Messages.Select(message => (message.Template, message.SentAt)));
        Assert.Equal(RunStatus.Completed, lead.Runs[0].Status);
    }

    [Fact]
    public void After_that_it_is_final_and_what_follows_counts_from_when_the_message_was_due()
    {
        var lead = new Rehearsal(Parse(Journey)).Track("Start", default).Run(Days(3));

        var (patience, log) = (WaitSteps.AddressPatience, lead.Runs[0].Log);
        Assert.Empty(lead.Sent);
        Assert.Equal([("a", Start), ("c", Start + Days(1))], log.Where(line => line.What == "deferred").Select(line => (line.Step!, line.At)));
        Assert.Equal(
            [("a", Start + patience), ("b", Start + patience), ("c", Start + Days(1) + patience)], // who has just waited does not wait again
            log.Where(line => line.What == "not sent").Select(line => (line.Step!, line.At)));
        Assert.Equal(Start + Days(1), log.First(line => line is { Step: "w", What: "done" }).At);
    }

    [Fact]
    public void The_host_holds_a_message_for_ten_minutes() => Assert.True(WaitSteps.AddressPatience > TimeSpan.FromMinutes(10));

    [Fact]
    public void A_lead_that_wants_no_such_message_is_not_waited_for()
    {
        var lead = new Rehearsal(Parse("""{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"a","type":"send","template":"a","topic":"news"}]}"""))
            .Track("Consent Changed", default, new { news = false }).Track("Start", Hours(1)).Run(Days(1));

        Assert.Equal(Start + Hours(1), lead.Runs[0].Log.Single(line => line.What == "not sent").At);
    }

    [Theory]
    [InlineData("email", "phone")]
    [InlineData("sms", "email")]
    public void An_address_for_another_channel_is_none(string channel, string trait)
    {
        var lead = new Rehearsal(Parse($$"""{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"a","type":"send","template":"a","channel":"{{channel}}"}]}"""))
            .Track("Start", default).Identify(new Dictionary<string, string> { [trait] = "ann@example.com" }, Minutes(1)).Run(Days(1));

        Assert.Equal("not sent", lead.Runs[0].Log.Single(line => line.Step == "a" && line.What != "deferred").What);
    }

    [Fact]
    public void An_address_that_comes_at_night_is_written_to_in_the_morning()
    {
        var lead = new Rehearsal(Parse("""{"name":"x","trigger":{"event":"Start"},"quietHours":{"from":"21:00","to":"08:00"},"steps":[{"id":"a","type":"send","template":"a"}]}"""))
            .Track("Start", Hours(11) - Minutes(5)).Identify(new { email = "ann@example.com" }, Hours(11) + Minutes(1)).Run(Days(1));

        Assert.Equal(["2026-06-02 08:00 a"], lead.Sent);
    }

    [Fact]
    public void Who_waits_for_an_address_can_be_moved_to_a_new_version()
    {
        var (from, to) = (Parse(Journey), Parse(Journey, version: 2));
        var run = JourneyPlan.Enter(from, new("test.lead.key", "test", 1, "lead", "key", Start, Start, default, "A test."));
        var facts = new RunFacts(new LeadFunctions.Leads.State.LeadRecord(), NodaTime.DateTimeZone.Utc, new Dictionary<string, DateTimeOffset>());
        (run, var next) = JourneyPlan.Decide(from, run, facts, Start);
        Assert.Equal(Start + WaitSteps.AddressPatience, Assert.IsType<Next.Wait>(next).Until);

        var moved = new Migration(from, to, new Dictionary<string, string?>()).Move(run, new("a"), Start + Minutes(1));

        Assert.Equal(run.Hold, moved.Hold);
    }

    private static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);
}
