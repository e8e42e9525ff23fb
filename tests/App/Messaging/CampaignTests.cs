using System.Text;
using System.Text.Json;
using LeadFunctions.Messaging;
using LeadFunctions.Messaging.Campaigns;
using LeadFunctions.Messaging.Sending;

namespace LeadFunctions.Tests.Messaging;

public sealed class CampaignTests
{
    [Theory]
    [InlineData("{}", "$.name")]
    [InlineData("""{"name":"x","template":"t"}""", "$")]
    [InlineData("""{"name":"x","template":"t","segment":"a","list":"b"}""", "$")]
    [InlineData("""{"name":"x","segment":"a"}""", "$.template")]
    [InlineData("""{"name":"x","template":"t","leadIds":["nobody"]}""", "$.leadIds[0]")]
    [InlineData("""{"name":"x","template":"t","leadIds":[]}""", "$.leadIds")]
    [InlineData("""{"name":"x","template":"t","segment":"a","at":"soon"}""", "$.at")]
    [InlineData("""{"name":"x","segment":"a","test":{"variants":[{"name":"a","template":"t"}],"share":20,"for":"4h","winner":"opens"}}""", "$.test.variants")]
    [InlineData("""{"name":"x","segment":"a","test":{"variants":[{"name":"a","template":"t"},{"name":"b","template":"u"}],"share":0,"for":"4h","winner":"opens"}}""", "$.test.share")]
    [InlineData("""{"name":"x","segment":"a","test":{"variants":[{"name":"a","template":"t"},{"name":"b","template":"t"}],"share":20,"for":"4h","winner":"opens"}}""", "$.test.variants")]
    [InlineData("""{"name":"x","segment":"a","test":{"variants":[{"name":"a","template":"t","subject":"{{ lead.x"},{"name":"b","template":"t"}],"share":20,"for":"4h","winner":"opens"}}""", "$.test.variants[0].subject")]
    [InlineData("""{"name":"x","segment":"a","test":{"variants":[{"name":"a","template":"t","subject":"{{ trigger.x }}"},{"name":"b","template":"t"}],"share":20,"for":"4h","winner":"opens"}}""", "$.test.variants[0].subject")]
    [InlineData("""{"name":"x","segment":"a","channel":"sms","test":{"variants":[{"name":"a","template":"t","subject":"x"},{"name":"b","template":"t"}],"share":20,"for":"4h","winner":"opens"}}""", "$.test.variants")]
    [InlineData("""{"name":"x","segment":"a","template":"t","test":{"variants":[{"name":"a","template":"t"},{"name":"b","template":"u"}],"share":20,"for":"4h","winner":"opens"}}""", "$.template")]
    public void What_is_wrong_is_named(string json, string path) => Assert.Contains(path, CampaignRequest.Parse(Encoding.UTF8.GetBytes(json)).Errors.Select(error => error.Path));

    [Fact]
    public void A_test_goes_to_its_share_in_equal_parts_and_the_winner_to_all_others()
    {
        var (document, _, errors) = CampaignRequest.Parse("""{"name":"x","segment":"a","test":{"variants":[{"name":"a","template":"t"},{"name":"b","template":"u"}],"share":20,"for":"4h","winner":"opens"}}"""u8.ToArray());
        Assert.Empty(errors);
        var campaign = new CampaignState("c", document!, CampaignStatus.Sending, default, default, "me");
        List<string> leads = [.. Enumerable.Range(0, 10_000).Select(i => $"lead{i}")];

        var tested = leads.GroupBy(lead => CampaignWork.VariantOf(campaign, lead)?.Name ?? "").ToDictionary(group => group.Key, group => group.Count());
        Assert.InRange(tested["a"], 850, 1150);
        Assert.InRange(tested["b"], 850, 1150);
        var decided = campaign with { Winner = "b" };
        Assert.All(leads, lead => Assert.Equal(CampaignWork.VariantOf(campaign, lead)?.Name ?? "b", CampaignWork.VariantOf(decided, lead)!.Name));
    }

    /// <summary>A hundred pages of them and the campaign's own row were one more than a transaction takes: such a campaign never began.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2_000)]
    [InlineData(CampaignRequest.MostLeadIds)]
    public void As_many_leads_as_may_be_named_are_found_in_steps_that_a_transaction_takes(int count)
    {
        List<string> ids = [.. Enumerable.Range(0, count).Select(i => $"lead{i}")];
        var found = new List<string>();
        var (pages, after) = (0, (string?)"");
        while (after is not null)
        {
            (var some, after) = CampaignWork.NextOf(ids, pages);
            var more = some.Chunk(CampaignWork.PageSize).Count();
            Assert.InRange(more, 1, 99);
            pages += more;
            found.AddRange(some);
        }

        Assert.Equal(ids, found);
    }

    /// <summary>Somebody whom quiet hours or a warm-up held for weeks has been tried not once.</summary>
    [Fact]
    public void What_is_held_is_no_try_of_the_carrier()
    {
        var (recipient, now) = (new Recipient("ann"), DateTimeOffset.UnixEpoch.AddDays(1));

        var held = Enumerable.Range(0, 30).Aggregate(recipient, (one, day) => CampaignWork.After(one, new SendResult.Held(now.AddDays(day), "Quiet."), now));

        Assert.Equal((0, now.AddDays(29).ToUnixTimeMilliseconds()), (held.T, held.U));
        Assert.Equal(1, CampaignWork.After(held, new SendResult.Held(now, "Busy.", ByCarrier: true), now).T);
    }

    [Theory]
    [InlineData(0, 19, 0, null)] // too few to tell
    [InlineData(19, 1, 0, null)]
    [InlineData(18, 2, 0, "2 of 20 messages failed: more than 5 %.")]
    [InlineData(18, 0, 2, "2 of 20 messages failed: more than 5 %.")]
    [InlineData(950, 50, 0, null)]
    [InlineData(949, 50, 1, "51 of 1000 messages failed: more than 5 %.")]
    public void One_of_which_more_than_a_twentieth_fails_is_paused(int sent, int failed, int bounced, string? why)
    {
        Assert.Equal(why, CampaignWork.TooManyFail(new(Sent: sent, Failed: failed, Bounced: bounced)));
        Assert.Equal(why, CampaignWork.TooManyFail(new(Sent: sent, Skipped: 1_000, Failed: failed, Bounced: bounced))); // who does not want it does not speak for the carrier
    }

    [Theory]
    [InlineData("550 5.1.1 <ann@example.com>: User unknown", "550 5.1.1 <…>: User unknown")]
    [InlineData("The number +48 601 234 567 is invalid.", "The number … is invalid.")]
    [InlineData("421 4.7.0 Try again later (a1B2)", "421 4.7.0 Try again later (a1B2)")]
    [InlineData("smtp;ann.smith+news@mail.example.com said no", "smtp;… said no")]
    public void A_reason_names_nobody(string said, string kept) => Assert.Equal(kept, CampaignWork.OfNobody(said));

    [Fact]
    public void What_comes_back_later_fails_as_well_and_is_forgiven_once()
    {
        var counts = new CampaignCounts(Sent: 99, Failed: 1, Returned: 4);

        Assert.Null(CampaignWork.TooManyFail(counts));
        Assert.Equal("6 of 100 messages failed, came back or were called spam: more than 5 %.", CampaignWork.TooManyFail(counts with { Returned = 5 }));
        Assert.Null(CampaignWork.TooManyFail(new CampaignCounts(Sent: 199, Failed: 1, Returned: 9) - (counts with { Returned = 5 })));
    }

    [Fact]
    public void The_winner_is_what_the_greatest_share_answered()
    {
        Assert.Equal("b", CampaignWork.WinnerOf([new("a", 100, 10), new("b", 50, 6), new("c", 0, 0)]).Name);
        Assert.Equal("a", CampaignWork.WinnerOf([new("a", 100, 10), new("b", 50, 5)]).Name);
        Assert.Equal("a", CampaignWork.WinnerOf([new("a", 0, 0), new("b", 9, 0)]).Name);
    }

    [Fact]
    public void A_row_is_read_as_it_was_written()
    {
        var (document, _, _) = CampaignRequest.Parse("""{"name":"x","segment":"a","template":"t","data":{"a":1},"priority":"low"}"""u8.ToArray());
        var campaign = new CampaignState("c", document!, CampaignStatus.Waiting, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, "me")
        {
            Counts = new(1, 2, 3, 4, 5, 6),
            Reasons = new Dictionary<string, int> { ["No."] = 2 },
            Until = DateTimeOffset.UnixEpoch,
            Winner = "b",
        };

        var json = JsonSerializer.Serialize(campaign, CampaignsJson.Default.CampaignState);
        var read = JsonSerializer.Deserialize(json, CampaignsJson.Default.CampaignState)!;
        Assert.Equal(json, JsonSerializer.Serialize(read, CampaignsJson.Default.CampaignState));
        Assert.Equal((CampaignStatus.Waiting, Priority.Low, 12, "b"), (read.Status, read.Document.Priority, read.Counts.Tried, read.Winner));
    }
}
