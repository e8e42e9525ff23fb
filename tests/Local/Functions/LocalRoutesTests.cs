using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace LeadFunctions.Local.Tests.Functions;

public sealed class LocalRoutesTests
{
    private static readonly DateTimeOffset Start = new(2026, 12, 1, 10, 0, 30, TimeSpan.Zero);

    [Fact]
    public async Task The_clock_can_be_read_advanced_frozen_and_set()
    {
        await using var app = await SampleApp.StartAsync(["EveryMinute"], now: Start);

        var clock = await app.Client.GetFromJsonAsync<JsonElement>("/local/clock");
        Assert.Equal(Start, clock.GetProperty("now").GetDateTimeOffset());
        Assert.True(clock.GetProperty("frozen").GetBoolean());

        var advanced = await PostAsync(app.Client, """{"advance":"5m"}""");
        Assert.Equal(Start.AddMinutes(5), advanced.GetProperty("now").GetDateTimeOffset());
        Assert.Equal("""[{"name":"EveryMinute","count":5}]""", advanced.GetProperty("ran").GetRawText());

        var set = await PostAsync(app.Client, """{"to":"2026-12-01T11:00:00+00:00"}""");
        Assert.Equal(new DateTimeOffset(2026, 12, 1, 11, 0, 0, TimeSpan.Zero), set.GetProperty("now").GetDateTimeOffset());

        Assert.False((await PostAsync(app.Client, """{"frozen":false}""")).GetProperty("frozen").GetBoolean());
        Assert.True((await PostAsync(app.Client, """{"frozen":true}""")).GetProperty("frozen").GetBoolean());
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"advance":5}""")]
    [InlineData("""{"advance":"soon"}""")]
    [InlineData("""{"to":"yesterday"}""")]
    [InlineData("""{"to":"2020-01-01T00:00:00Z"}""")]
    [InlineData("""{"frozen":"yes"}""")]
    public async Task What_the_clock_does_not_understand_is_a_bad_request(string body)
    {
        await using var app = await SampleApp.StartAsync(["Ping"], now: Start);

        using var response = await app.Client.PostAsync("/local/clock", new StringContent(body));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(Start, app.Clock.GetUtcNow());
    }

    [Fact]
    public async Task Settling_names_what_is_still_busy()
    {
        await using var app = await SampleApp.StartAsync(["OnText"]);
        var (started, end) = (new TaskCompletionSource(), new TaskCompletionSource());
        app.Seen().OnMessage = (_, _, _) =>
        {
            started.SetResult();
            return end.Task;
        };
        await (await QueueTriggerTests.QueueAsync(app, "texts")).SendMessageAsync("slow");
        await started.Task;

        using var busy = await app.Client.PostAsync("/local/settle?timeout=300ms", null);
        Assert.Equal(HttpStatusCode.GatewayTimeout, busy.StatusCode);
        Assert.Contains("OnText", await busy.Content.ReadAsStringAsync());

        end.SetResult();
        using var settled = await app.Client.PostAsync("/local/settle", null);
        Assert.Equal(HttpStatusCode.OK, settled.StatusCode);
    }

    [Fact]
    public async Task A_page_of_another_site_cannot_move_the_clock()
    {
        await using var app = await SampleApp.StartAsync(["Ping"], now: Start);

        using var foreignOrigin = new HttpRequestMessage(HttpMethod.Post, "/local/clock") { Content = new StringContent("""{"advance":"1d"}"""), Headers = { { "Origin", "https://evil.example" } } };
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.SendAsync(foreignOrigin)).StatusCode);

        using var foreignHost = new HttpRequestMessage(HttpMethod.Get, "/local/clock") { Headers = { Host = "evil.example" } };
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.SendAsync(foreignHost)).StatusCode);
        Assert.Equal(Start, app.Clock.GetUtcNow());
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string body)
    {
        using var response = await client.PostAsync("/local/clock", new StringContent(body));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
