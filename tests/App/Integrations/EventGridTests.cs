using System.Text.Json;
using LeadFunctions.Tests.Journeys;

namespace LeadFunctions.Tests.Integrations;

/// <summary>The topic, in the place of which a server here looks at the key and at what is sent.</summary>
public sealed class EventGridTests
{
    [Fact]
    public async Task The_topic_is_told_everything_by_its_key_and_again_after_trouble()
    {
        await using var topic = await Receiver.StartAsync();
        var tries = 0;
        topic.Answer = (received, _) => Task.FromResult(received.Headers.GetValueOrDefault("aeg-sas-key") != "the-topics-key" ? 401 : ++tries == 2 ? 503 : 200);
        await using var app = await JourneyApp.StartAsync(settings: new Dictionary<string, string>
        {
            ["LeadFunctions__EventGrid__TopicEndpoint"] = topic.Url + "/api/events",
            ["LeadFunctions__EventGrid__Key"] = "the-topics-key",
        });
        var lead = await app.LeadAsync("ann");
        await app.StageAsync(lead, "mql");
        await app.SettleAsync();
        await app.StageAsync(lead, "sal");
        await app.SettleAsync(); // so that none comes too late to count
        await app.StageAsync(lead, "sql");
        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(["mql", "sal", "sql"], topic.Taken.Select(one => one.Data.GetProperty("to").GetString()));
        Assert.Equal(4, topic.All.Count);
        Assert.Equal(topic.All.ElementAt(1).Event.GetProperty("id").GetString(), topic.All.ElementAt(2).Event.GetProperty("id").GetString());
        Assert.All(topic.All, one =>
        {
            Assert.Null(EventSchemaTests.FaultOf(one.Event));
            Assert.StartsWith("application/cloudevents", one.ContentType, StringComparison.Ordinal);
            Assert.Equal("/api/events", one.Path);
        });
        Assert.Equal([2, 1, 1], (await app.DeliveriesAsync("event-grid")).Select(delivery => delivery.GetProperty("tries").GetInt32()).OrderDescending());

        topic.Answer = (_, _) => Task.FromResult(200);
        var now = (await app.GetAsync("/api/clock")).Json.GetProperty("now").GetDateTimeOffset();
        await app.PostAsync("/api/webhooks/event-grid/replay", JsonSerializer.Serialize(new { from = now.AddHours(-1), to = now }));
        await app.SettleAsync();
        Assert.Equal(["mql", "sal", "sql"], topic.Taken.Skip(3).Select(one => one.Data.GetProperty("to").GetString()));
    }
}
