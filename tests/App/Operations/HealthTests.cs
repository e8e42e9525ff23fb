using System.Net;

namespace LeadFunctions.Tests.Operations;

[Collection(nameof(OneManagedApp))]
public sealed class HealthTests(SharedApp shared)
{
    [Fact]
    public async Task The_app_is_ready_when_storage_answers_and_says_how_fast()
    {
        await using var app = shared.Borrow();

        var health = await app.GetAsync("/healthz", key: null);

        Assert.Equal(HttpStatusCode.OK, health.Status);
        Assert.Equal("ready", health.Json.GetProperty("status").GetString());
        Assert.Equal(["tables", "queues"], health.Json.GetProperty("checks").EnumerateArray().Select(c => c.GetProperty("name").GetString()));
        Assert.All(health.Json.GetProperty("checks").EnumerateArray(), c => Assert.True(c.GetProperty("ok").GetBoolean() && c.GetProperty("latencyMs").GetDouble() >= 0));
    }
}
