using LeadFunctions.Journeys.Documents;
using LeadFunctions.Journeys.Model;
using static LeadFunctions.Tests.Journeys.Rehearsal;

namespace LeadFunctions.Tests.Journeys;

/// <summary>Each sample journey, over weeks.</summary>
public sealed class SampleJourneyTests
{
    public static TheoryData<string> Names => [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples/journeys"), "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_sample_is_valid_and_free_of_warnings(string name)
    {
        var parsed = ParsedJourney.Of(File.ReadAllBytes(Path.Combine(Repository.Root, "samples/journeys", name + ".json")));

        Assert.Empty(parsed.Errors);
        Assert.Empty(parsed.Warnings);
    }

    [Fact]
    public void Welcome_sends_reminds_waits_for_a_working_day_and_offers()
    {
        var lead = new Rehearsal(Sample("welcome")).Identify(new { email = "ann@example.com" }).Subscribe(Hours(1)).Run(Days(90));

        var run = Assert.Single(lead.Runs);
        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.Equal("2026-06-01 11:00 welcome-1", lead.Sent[0]);
        Assert.Equal("2026-06-06 11:00 welcome-2", lead.Sent[1]);
        Assert.All(lead.Sent.Skip(2), sent => Assert.StartsWith("2026-06-08 09:00 offer-", sent));
        Assert.Equal(true, lead.Lead.State.Whole.Traits.Find("welcomed").Truth);
    }

    [Fact]
    public void Welcome_gives_points_for_a_click_even_before_it_waits_for_one()
    {
        var lead = new Rehearsal(Sample("welcome")).Identify(new { email = "ann@example.com" }).Subscribe(Hours(1))
            .Track("Message Clicked", Hours(5), new { template = "welcome-1" }).Run(Days(90));

        Assert.DoesNotContain(lead.Sent, sent => sent.EndsWith("welcome-2", StringComparison.Ordinal));
        Assert.Contains(lead.Runs[0].Log, line => line is { Step: "bonus", What: "done" });
        Assert.Equal(Start + Hours(1) + Days(2), lead.Runs[0].Log.Single(line => line is { Step: "bonus" }).At);
    }

    [Fact]
    public void Welcome_ends_with_the_order_and_does_not_begin_for_recent_customers()
    {
        var lead = new Rehearsal(Sample("welcome")).Identify(new { email = "ann@example.com" }).Subscribe(Hours(1))
            .Track("Order Completed", Days(3)).Subscribe(Days(40)).Subscribe(Days(100)).Run(Days(120));

        Assert.Equal(2, lead.Runs.Count);
        Assert.Equal((RunStatus.Goal, Start + Days(3)), (lead.Runs[0].Status, lead.Runs[0].EndedAt!.Value));
        Assert.Equal(Start + Days(100), lead.Runs[1].EnteredAt);
    }

    [Fact]
    public void Carts_run_side_by_side_and_the_order_of_one_ends_only_that()
    {
        var lead = new Rehearsal(Sample("abandoned-cart")).Identify(new { email = "ann@example.com" })
            .Track("Cart Updated", Hours(1), new { cartId = "c1", total = 40 }).Track("Cart Updated", Hours(1.5), new { cartId = "c1", total = 45 })
            .Track("Cart Updated", Hours(2), new { cartId = "c2", total = 140 }).Track("Order Completed", Hours(2.5), new { cartId = "c1" }).Run(Days(10));

        Assert.Equal([RunStatus.Goal, RunStatus.Completed], lead.Runs.Select(run => run.Status));
        Assert.Equal(["2026-06-01 12:00 cart-reminder", "2026-06-01 13:00 cart-reminder", "2026-06-03 13:00 cart-discount"], lead.Sent);
        Assert.Equal(140, lead.Lead.Messages[1].Data!.Value.GetProperty("total").GetInt32());
    }

    [Fact]
    public void Birthdays_are_wished_every_year_at_nine_where_the_lead_lives()
    {
        var lead = new Rehearsal(Sample("birthday")).Identify(new { email = "ann@example.com", birthday = "1988-02-29", timezone = "America/New_York" }).Run(Days(365 * 3));

        Assert.Equal(["2027-02-28 14:00 birthday", "2028-02-29 14:00 birthday", "2029-02-28 14:00 birthday"], lead.Sent);
    }

    [Fact]
    public void Silent_customers_are_knocked_at_three_times_and_then_given_up()
    {
        var lead = new Rehearsal(Sample("win-back")).Identify(new { email = "ann@example.com" }).Track("Order Completed", Hours(1)).Track("page", Days(10)).Run(Days(150));

        Assert.Equal(["2026-08-10 10:00 we-miss-you", "2026-08-24 10:00 we-miss-you", "2026-09-07 10:00 we-miss-you"], lead.Sent);
        Assert.Equal("churned", lead.Lead.State.Whole.Stage);
    }

    [Fact]
    public void Silent_customers_who_come_back_are_thanked()
    {
        var lead = new Rehearsal(Sample("win-back")).Identify(new { email = "ann@example.com" }).Track("Order Completed", Hours(1)).Track("page", Days(70)).Run(Days(100));

        Assert.Equal(["2026-07-31 11:00 we-miss-you", "2026-08-10 10:00 good-to-see-you"], lead.Sent);
        Assert.Equal(true, lead.Lead.State.Whole.Traits.Find("$segment.won-back").Truth);
    }

    [Fact]
    public void Renewals_are_announced_30_7_and_1_days_before()
    {
        var lead = new Rehearsal(Sample("renewal")).Identify(new { email = "ann@example.com", renewsAt = "2026-08-01", timezone = "Europe/Berlin" }).Run(Days(90));

        Assert.Equal(["2026-07-02 08:00 renewal-30", "2026-07-25 08:00 renewal-7", "2026-07-31 08:00 renewal-1"], lead.Sent);
    }

    [Fact]
    public void A_renewal_ends_its_announcements()
    {
        var lead = new Rehearsal(Sample("renewal")).Identify(new { email = "ann@example.com", renewsAt = "2026-08-01" }).Track("Subscription Renewed", Days(40)).Run(Days(90));

        Assert.Equal(["2026-07-02 10:00 renewal-30"], lead.Sent);
        Assert.Equal(RunStatus.Goal, lead.Runs[0].Status);
    }

    [Fact]
    public void A_hand_over_that_nobody_takes_escalates_after_a_day()
    {
        var lead = new Rehearsal(Sample("mql-hand-over")).Identify(new { email = "ann@example.com" }).Stage("mql", Hours(2)).Run(Days(5));

        Assert.Equal(["2026-06-01 12:00 sales", "2026-06-02 12:00 sales"], lead.Sent);
        Assert.Equal("ann@example.com became an MQL", lead.Lead.Messages[0].Text);
    }

    [Fact]
    public void A_hand_over_that_is_accepted_does_not_escalate()
    {
        var lead = new Rehearsal(Sample("mql-hand-over")).Identify(new { email = "ann@example.com" }).Stage("mql", Hours(2)).Stage("sal", Hours(20)).Run(Days(5));

        Assert.Single(lead.Sent);
        Assert.Contains(lead.Runs[0].Log, line => line is { Step: "taken", What: "done" } && line.At == Start + Hours(20));
    }

    [Fact]
    public void The_second_order_is_followed_by_one_question()
    {
        var lead = new Rehearsal(Sample("nps")).Identify(new { email = "ann@example.com" })
            .Track("Order Completed", Hours(1)).Track("Order Completed", Days(5)).Track("Order Completed", Days(6))
            .Identify(new { nps = 10 }, Days(24)).Track("NPS Answered", Days(24)).Run(Days(60));

        Assert.Equal(["2026-06-23 09:00 nps"], lead.Sent);
        Assert.Equal("promoter", lead.Lead.State.Whole.Stage);
    }

    [Fact]
    public void Recycled_leads_get_articles_until_they_are_interested_again()
    {
        var lead = new Rehearsal(Sample("recycled")).Identify(new { email = "ann@example.com" }).Stage("recycled", Hours(1))
            .Track("Message Clicked", Days(31), new { template = "article" }).Track("Message Clicked", Days(32), new { template = "article" }).Run(Days(150));

        Assert.Equal("mql", lead.Lead.State.Whole.Stage);
        Assert.Equal(RunStatus.Goal, lead.Runs[0].Status);
        Assert.True(lead.Sent.Count >= 3);
    }
}
