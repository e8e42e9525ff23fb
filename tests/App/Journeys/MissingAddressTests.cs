using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Platform;
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
    [InlineData(10.5)] // after a host was lost
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

        var (patience, log) = (LostHost.GivesBack, lead.Runs[0].Log);
        Assert.Empty(lead.Sent);
        Assert.Equal([("a", Start), ("c", Start + Days(1))], log.Where(line => line.What == "deferred").Select(line => (line.Step!, line.At)));
        Assert.Equal(
            [("a", Start + patience), ("b", Start + patience), ("c", Start + Days(1) + patience)], // who has just waited does not wait again
            log.Where(line => line.What == "not sent").Select(line => (line.Step!, line.At)));
        Assert.Equal(Start + Days(1), log.First(line => line is { Step: "w", What: "done" }).At);
    }

    /// <summary>That the listener really takes messages for as long as that, the development host's tests show.</summary>
    [Fact]
    public void It_is_longer_than_the_hosts_lease_and_all_further_deliveries()
    {
        using var host = System.Text.Json.JsonDocument.Parse(Repository.Read("host.json"));
        var queues = host.RootElement.GetProperty("extensions").GetProperty("queues");
        var delivery = Time("visibilityTimeout") + Time("maxPollingInterval");

        Assert.True(LostHost.GivesBack - LostHost.Lease >= queues.GetProperty("maxDequeueCount").GetInt32() * delivery);

        TimeSpan Time(string name) => TimeSpan.Parse(queues.GetProperty(name).GetString()!, System.Globalization.CultureInfo.InvariantCulture); // it is there
    }

    /// <summary>The machine that stood still for an hour had the address in hand, too: it comes back when the run does.</summary>
    [Fact]
    public void Who_looks_much_later_than_they_meant_to_looks_once_more()
    {
        var journey = Parse(Journey);
        var run = JourneyPlan.Enter(journey, new("test.lead.key", "test", 1, "lead", "key", Start, Start, default, "A test."));
        var facts = new RunFacts(new LeadFunctions.Leads.State.LeadRecord(), NodaTime.DateTimeZone.Utc, new Dictionary<string, DateTimeOffset>());
        (run, _) = JourneyPlan.Decide(journey, run, facts, Start);
        (run, var next) = JourneyPlan.Decide(journey, run, facts, Start + Hours(1));
        Assert.Equal(Start + Hours(1) + LostHost.GivesBack, Assert.IsType<Next.Wait>(next).Until);

        (run, next) = JourneyPlan.Decide(journey, run, facts, Start + Hours(1) + LostHost.GivesBack);

        Assert.Equal(("a", Start), (Assert.IsType<Next.Act>(next).Pending.Step, run.Due));
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(10.5)]
    public void A_yes_that_comes_late_counts_too(double minutes)
    {
        var lead = News().Track("Start", default).Track("Consent Changed", Minutes(minutes), new { news = true }).Run(Days(1));

        Assert.Equal(Start + LostHost.GivesBack, Assert.Single(lead.Lead.Messages).SentAt);
    }

    [Fact]
    public void That_nobody_was_asked_is_final_after_that_and_a_no_in_between_is_heard()
    {
        var unasked = News().Track("Start", default).Run(Days(1)).Runs[0].Log.Single(line => line.What == "not sent");
        var refused = News().Track("Start", default).Track("Consent Changed", Minutes(1), new { news = false }).Run(Days(1)).Runs[0].Log.Single(line => line.What == "not sent");

        Assert.Equal((Start + LostHost.GivesBack, "The lead has not agreed to \"news\"."), (unasked.At, unasked.Reason));
        Assert.Equal("The lead does not want \"news\".", refused.Reason);
    }

    private static Rehearsal News() => new Rehearsal(
        LeadFunctions.Messaging.MessagingDocument.Parse("{}"u8.ToArray()).Rules!, // an empty setting is a right one
        Parse("""{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"a","type":"send","template":"a","topic":"news"}]}""")).Identify(new { email = "ann@example.com" }, -Hours(1));

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
        Assert.Equal(Start + LostHost.GivesBack, Assert.IsType<Next.Wait>(next).Until);

        var moved = new Migration(from, to, new Dictionary<string, string?>()).Move(run, new("a"), Start + Minutes(1));

        Assert.Equal(run.Hold, moved.Hold);
    }

    [Fact]
    public void Of_one_person_who_has_gone_on_nobody_said_where_from_there()
    {
        var (from, to) = (Parse(Journey), Parse(Journey, version: 2));
        Dictionary<string, string?> map = new() { ["elsewhere"] = "a" };

        Assert.NotNull(new Migration(from, to, map).FindPlace("a"));
        Assert.Null(new Migration(from, to, map, isMapAlone: true).FindPlace("a"));
        Assert.Equal("a", new Migration(from, to, map, isMapAlone: true).FindPlace("elsewhere")?.Step);
    }

    private static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);
}
