using System.Text.Json;
using LeadFunctions.Tests.Journeys;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Integrations;

/// <summary>Everything that is told today, from what really happens to leads.</summary>
[Collection(nameof(OneWebhookApp))]
public sealed class StoryTests(SharedWebhookApp shared)
{
    [Fact]
    public async Task A_persons_whole_story_is_told_in_order_as_the_schema_says()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = shared.Borrow();
        var secret = await app.HookAsync("story", receiver);
        await app.WriteToWhoDidNotRefuseAsync();
        await app.PublishAsync("story", """
            {"name":"x","trigger":{"event":"Story Began"},"steps":[
              {"id":"hello","type":"send","template":"hello","topic":"news"},{"id":"on","type":"addToList","list":"story"},{"id":"up","type":"setStage","stage":"mql","reason":"The story."},
              {"id":"w","type":"wait","for":"1h"},{"id":"off","type":"removeFromList","list":"story"}]}
            """);
        await app.SendAsync(Identify("story-ann", new { email = "story-ann@example.com", name = "Ann" }), Track("story-ann", "Story Began"));
        await app.AdvanceAsync(TimeSpan.FromHours(2));
        await app.SendAsync(Track("story-ann", "Product Added"), Track("story-ann", "Product Added"), Track("story-ann", "Product Added"), Track("story-ann", "Product Added"));
        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromDays(3)); // 60 has fallen under 50
        await app.SendAsync(new { type = "page", anonymousId = "story-browser", name = "Home", messageId = "story-p" });
        await app.SettleAsync();
        await app.SendAsync(new { type = "identify", userId = "story-ann", anonymousId = "story-browser", traits = new { }, messageId = "story-i" });
        await app.SettleAsync();

        var lead = (await app.GetAsync("/api/leads?userId=story-ann")).Json.GetProperty("items")[0].GetProperty("id").GetString();
        var told = receiver.All.Where(one => one.Lead == lead).ToList();
        Assert.Equal(
            ["MessageSent hello", "SegmentEntered story", "StageChanged mql", "SegmentLeft story", "JourneyCompleted completed", "ScoreThresholdCrossed up", "ScoreThresholdCrossed down", "SlaMissed ", "LeadMerged "],
            told.Select(one => $"{one.Type} {Say(one.Data, "template", "segment", "to", "outcome", "direction")}"));
        Assert.Equal(Enumerable.Range(1, told.Count).Select(n => (long)n), told.Select(one => one.Number));
        Assert.All(told, one => Assert.Null(EventSchemaTests.FaultOf(one.Event)));
        Assert.All(await IndependentVerifier.VerdictsAsync(secret, told), Assert.True);
        Assert.Equal(("story", "journey"), (told[2].Data.GetProperty("journey").GetString(), told[2].Data.GetProperty("cause").GetString()));
        var staged = (await app.GetAsync($"/api/leads/{lead}/timeline?type=stage")).Json.GetProperty("items")[0].GetProperty("properties");
        Assert.Equal(("lead", "journey"), (staged.GetProperty("from").GetString(), staged.GetProperty("cause").GetString()));
        var handOver = told[2].Data.GetProperty("handOver");
        Assert.Equal(("Ann", "Story Began", "story"), (handOver.GetProperty("name").GetString(), handOver.GetProperty("lastActivity").GetProperty("event").GetString(), handOver.GetProperty("journeys")[0].GetString()));
        Assert.DoesNotContain(told.Where(one => one.Type != "StageChanged"), one => one.Data.TryGetProperty("handOver", out _));

        // 60 × 2^(-t/7d) is 50 after 1.84 days: told in the minute that begins next.
        var crossed = told[6].Event.GetProperty("time").GetDateTimeOffset() - told[5].Event.GetProperty("time").GetDateTimeOffset();
        Assert.InRange(crossed, TimeSpan.FromDays(1.8412), TimeSpan.FromDays(1.8432));
        await app.DeleteAsync("/api/webhooks/story");
    }

    [Fact]
    public async Task A_filter_lets_through_what_it_asks_for_and_what_is_not_wanted_keeps_its_number()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = shared.Borrow();
        await app.HookAsync("filter", receiver, new[] { "StageChanged" }, new Dictionary<string, object> { ["to"] = new { @in = new[] { "mql", "sql" } }, ["lead.email"] = new { endsWith = "@example.com" } });
        var (ann, bob) = (await app.LeadAsync("filter-ann"), await app.LeadAsync("filter-bob", new { email = "bob@example.net" }));
        foreach (var stage in (string[])["mql", "sal", "sql"])
        {
            await app.StageAsync(ann, stage);
            await app.StageAsync(bob, stage);
            await app.SettleAsync();
        }

        Assert.Equal([(ann, 1L, "mql"), (ann, 3L, "sql")], receiver.All.Select(one => (one.Lead, one.Number, one.Data.GetProperty("to").GetString()!))); // all have one
        await app.DeleteAsync("/api/webhooks/filter");
    }

    private static string? Say(JsonElement data, params IReadOnlyList<string> names) =>
        names.Select(name => data.TryGetProperty(name, out var value) ? value.GetString() : null).FirstOrDefault(value => value is not null);
}
