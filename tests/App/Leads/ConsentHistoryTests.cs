using System.Text.Json;
using LeadFunctions.Facts;
using LeadFunctions.Leads.State;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Leads;

/// <summary>What somebody had agreed to, at any moment.</summary>
public sealed class ConsentHistoryTests
{
    private static readonly LeadFunctions.Events.LeadEvent[] Said =
    [
        Track("1", "Consent Changed", 10, properties: new { news = true, offers = true }) with { Context = JsonSerializer.SerializeToElement(new { form = new { id = "f", version = 3, texts = new { ok = "h" } } }) },
        Track("2", "Newsletter Unsubscribed", 20, properties: new { news = false }),
        Track("3", "Consent Changed", 30, properties: new { news = new { weekly = "yes" } }) with { Context = JsonSerializer.SerializeToElement(new { entered = new { how = "call", by = "Bob" } }) },
        Track("4", "Consent Changed", 25, properties: new { offers = "no", sms = true }) with { IsHearsay = true },
    ];

    [Theory]
    [InlineData(9, "")]
    [InlineData(10, "news=Yes by 1, offers=Yes by 1")]
    [InlineData(20, "news=No by 2, offers=Yes by 1")]
    [InlineData(26, "news=No by 2, offers=No by 4, sms=Yes by 4")]
    [InlineData(99, "news=No by 2, news.weekly=Yes by 3, offers=No by 4, sms=Yes by 4")]
    public void Each_answer_stands_from_its_event_on_until_the_next(int minute, string standing)
    {
        var history = ConsentHistory.Of([.. Said.Reverse(), Said[0]], Start.AddMinutes(minute));

        Assert.Equal(standing, string.Join(", ", history.Answers.Select(one => $"{one.Answer.Path}={one.Answer.Said} by {one.Event.Id}")));
        Assert.Equal(Said.Where(e => e.At <= Start.AddMinutes(minute)).OrderByDescending(e => e.At).Select(e => e.Id), history.Events.Select(one => one.Event.Id));
    }

    [Fact]
    public void A_parting_tells_what_is_refused_by_it()
    {
        var stays = Merges.LetGo("lead", "other", "r", Start.AddMinutes(40), ["$consent.offers"]);
        var freed = Merges.Release("lead", "other", "e", Start.AddMinutes(50), Partings.AlongOf(null, new TraitMap(new Dictionary<string, Trait> { ["$consent.sms"] = new(LeadFunctions.Conditions.Values.Value.From(false), 1) })));

        Assert.True(Traits.IsAnswer(stays) && Traits.IsAnswer(freed));
        Assert.False(Traits.IsAnswer(Merges.LetGo("lead", "other", "r", Start)));
        var history = ConsentHistory.Of([Said[0], stays, freed], Start.AddDays(1));
        Assert.Equal("news=Yes by 1, offers=No by letgo/r, sms=No by release/e", string.Join(", ", history.Answers.Select(one => $"{one.Answer.Path}={one.Answer.Said} by {one.Event.Id}")));
    }

    [Fact]
    public void A_refusal_among_traits_is_one_of_them()
    {
        var refused = Identify("5", 40, traits: new { hs_email_optout = true });
        var history = ConsentHistory.Of([.. Said, refused], Start.AddDays(1));

        Assert.True(Traits.IsAnswer(refused));
        Assert.False(Traits.IsAnswer(Identify("6", 41, traits: new { name = "Ann", unsubscribed = false })));
        Assert.Equal("5", history.Answers.Single(one => one.Answer.Path == "email.granted").Event.Id);
    }

    [Fact]
    public void How_it_was_given_comes_with_it()
    {
        var history = ConsentHistory.Of(Said, Start.AddDays(1));

        Assert.Equal(3, ConsentHistory.HowOf(history.Events.Single(one => one.Event.Id == "1").Event, "form").GetProperty("version").GetInt32());
        Assert.Equal("call", ConsentHistory.HowOf(history.Answers.Single(one => one.Answer.Path == "news.weekly").Event, "entered").GetProperty("how").GetString());
        Assert.Equal(default, ConsentHistory.HowOf(history.Events.Single(one => one.Event.Id == "2").Event, "form"));
    }
}
