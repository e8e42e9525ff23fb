using System.Net;
using System.Text.Json;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Journeys;

/// <summary>People stand in every kind of place when the journey's next version comes and they are moved to it.</summary>
[Collection(nameof(OneJourneyApp))]
public sealed class MigrationTests(SharedJourneyApp shared)
{
    private static object Ann => Identify("ann", new { email = "a@b.c" });

    [Theory]
    [InlineData("""{"for":"3d"}""", "2026-06-04 10:00")]
    [InlineData("""{"until":{"time":"07:30","days":["sat","sun"]}}""", "2026-06-06 07:30")]
    [InlineData("""{"until":{"trait":"renewsAt","offset":"-7d"}}""", "2026-06-13 00:00")]
    [InlineData("""{"window":{"from":"09:00","to":"17:00","days":["thu"]}}""", "2026-06-04 09:00")]
    public async Task A_wait_that_is_the_same_in_both_versions_ends_when_it_would_have(string wait, string due)
    {
        var step = "{\"id\":\"w\",\"type\":\"wait\"," + wait[1..];
        await using var app = await shared.BeginAsync();
        await app.PublishAsync("j", Steps(step, """{"id":"s","type":"send","template":"old"}"""));
        await app.SendAsync(Identify("ann", new { email = "a@b.c", renewsAt = $"{app.Start.AddDays(19):yyyy-MM-dd}" }), Track("ann", "Start"));
        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromHours(30));
        await app.SendAsync(Identify("ann", new { renewsAt = $"{app.Start.AddDays(111):yyyy-MM-dd}" })); // the wait had begun already

        await app.SettleAsync();
        await app.PublishAsync("j", Steps("""{"id":"first","type":"send","template":"first"}""", step, """{"id":"s","type":"send","template":"new"}"""));
        await app.MigrateAsync("""{"from":1,"to":2}""", """[{"from":"w","to":"w","runs":1}]""");
        await app.AdvanceAsync(TimeSpan.FromDays(40));

        Assert.Equal([due + " new"], await app.SentAsync());
    }

    [Theory]
    [InlineData("""{"for":"5d"}""", "2026-06-06 10:00")] // from when it came there
    [InlineData("""{"for":"1h"}""", "2026-06-02 16:00")] // over already
    [InlineData("""{"until":{"time":"07:30"}}""", "2026-06-03 07:30")] // the next time
    [InlineData("""{"window":{"from":"09:00","to":"17:00"}}""", "2026-06-02 16:00")] // it is open
    public async Task A_wait_that_is_another_in_the_new_version_holds_from_when_they_came_or_is_decided_afresh(string wait, string due)
    {
        const string send = """{"id":"s","type":"send","template":"s","late":{"after":"1d","do":"skip"}}""";
        await using var app = await shared.BeginAsync();
        await app.PublishAsync("j", Steps("""{"id":"w","type":"wait","for":"3d"}""", send));
        await app.SendAsync(Ann, Track("ann", "Start"));
        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromHours(30));

        await app.PublishAsync("j", Steps("{\"id\":\"w\",\"type\":\"wait\"," + wait[1..], send.Replace("1d", "3d", StringComparison.Ordinal)));
        await app.MigrateAsync("""{"from":1,"to":2}""", """[{"from":"w","to":"w","runs":1}]""");
        await app.AdvanceAsync(TimeSpan.FromDays(10));

        Assert.Equal([due + " s"], await app.SentAsync());
    }

    [Theory]
    [InlineData(""" "quietHours":{"from":"21:00","to":"08:00"} """, 12)]
    [InlineData(""" "frequency":{"max":1,"per":"2d","over":"wait"} """, 1)]
    public async Task A_message_that_is_held_goes_out_once_and_when_it_would_have(string rule, int hours)
    {
        var journey = Steps("""{"id":"a","type":"send","template":"a"}""", """{"id":"b","type":"send","template":"b"}""").Replace("\"steps\"", rule + ",\"steps\"", StringComparison.Ordinal);
        await using var app = await shared.BeginAsync();
        await app.PublishAsync("control", journey);
        await app.PublishAsync("j", journey.Replace("Start", "Begin", StringComparison.Ordinal));
        await app.AdvanceAsync(TimeSpan.FromHours(hours));
        await app.SendAsync(Ann, Identify("bob", new { email = "b@b.c" }), Track("ann", "Start"), Track("bob", "Begin"));
        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromHours(1));

        await app.PublishAsync("j", journey.Replace("Start", "Begin", StringComparison.Ordinal).Replace("\"x\"", "\"y\"", StringComparison.Ordinal));
        await app.MigrateAsync("""{"from":1,"to":2}""", null);
        await app.AdvanceAsync(TimeSpan.FromDays(9));

        Assert.Equal(2, (await app.SentAsync("control")).Count);
        Assert.Equal(await app.SentAsync("control"), await app.SentAsync("j"));
    }

    [Fact]
    public async Task Who_stands_inside_a_block_goes_on_there()
    {
        await using var app = await shared.BeginAsync();
        await app.PublishAsync("j", Blocks(split: 100, suffix: ""));
        foreach (var place in (string[])["then", "else", "split", "repeat"])
        {
            await app.SendAsync(Identify(place, new { email = $"{place}@b.c", place }), Track(place, "Start"));
        }

        await app.SettleAsync();
        await app.SendAsync(Track("then", "Go"));
        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromHours(36)); // one round is over, the second under way

        await app.PublishAsync("j", Blocks(split: 0, suffix: "-2"));
        await app.MigrateAsync("""{"from":1,"to":2}""", """[{"from":"after-else","to":"after-else","runs":1},{"from":"after-then","to":"after-then","runs":1},{"from":"in-a","to":"in-a","runs":1},{"from":"in-round","to":"in-round","runs":1}]""");
        await app.AdvanceAsync(TimeSpan.FromHours(1));
        await app.SendAsync(Track("then", "More"));
        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromDays(20));

        Assert.Equal(
            ["2026-06-02 10:00 round", "2026-06-02 23:00 more-2", "2026-06-03 10:00 round-2", "2026-06-04 10:00 a-2", "2026-06-04 10:00 round-2", "2026-06-06 11:00 nothing-2"],
            await app.SentAsync());
        var stats = (await app.GetAsync("/api/journeys/j/stats")).Json;
        Assert.Equal("""{"completed":4}""", stats.GetProperty("versions").GetProperty("2").GetProperty("left").GetRawText());
        Assert.Equal("""{"a":{"runs":1,"goals":0}}""", stats.GetProperty("paths").GetProperty("s").GetRawText());
        Assert.False(stats.GetProperty("versions").TryGetProperty("1", out _));
    }

    [Fact]
    public async Task A_step_may_have_become_one_of_another_kind()
    {
        await using var app = await shared.BeginAsync();
        await app.PublishAsync("j", """
            {"name":"x","trigger":{"event":"Start"},"quietHours":{"from":"09:00","to":"20:00"},"steps":[{"id":"b","type":"branch","paths":[
              {"name":"wait","when":{"trait":"place","equals":"wait"},"steps":[{"id":"1","type":"wait","for":"9d"}]},
              {"name":"send","when":{"trait":"place","equals":"send"},"steps":[{"id":"2","type":"send","template":"old"}]},
              {"name":"waitFor","when":{"trait":"place","equals":"waitFor"},"steps":[{"id":"3","type":"waitFor","when":{"event":"Go"},"timeout":"9d"}]}]}]}
            """);
        foreach (var place in (string[])["wait", "send", "waitFor"])
        {
            await app.SendAsync(Identify(place, new { email = $"{place}@b.c", place }), Track(place, "Start"));
        }

        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromHours(2));
        await app.PublishAsync("j", Steps(
            """{"id":"1","type":"send","template":"one","late":{"after":"1h","do":"skip"}}""", """{"id":"x1","type":"exit"}""",
            """{"id":"2","type":"waitFor","when":{"event":"Come"},"timeout":"1d","then":[{"id":"two","type":"send","template":"two"}],"else":[{"id":"x2","type":"exit"}]}""", """{"id":"x3","type":"exit"}""",
            """{"id":"3","type":"wait","for":"5d"}""", """{"id":"three","type":"send","template":"three"}"""));
        await app.MigrateAsync("""{"from":1,"to":2}""", """[{"from":"1","to":"1","runs":1},{"from":"2","to":"2","runs":1},{"from":"3","to":"3","runs":1}]""");
        await app.AdvanceAsync(TimeSpan.FromHours(1));
        await app.SendAsync(Track("send", "Come"), Track("waitFor", "Go"));
        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromDays(20));

        Assert.Equal(["2026-06-01 12:00 one", "2026-06-01 13:00 two", "2026-06-06 10:00 three"], await app.SentAsync());
    }

    [Fact]
    public async Task A_step_that_is_gone_is_listed_until_the_map_names_another_or_the_end()
    {
        await using var app = await shared.BeginAsync();
        await app.PublishAsync("j", Blocks(split: 100, suffix: ""));
        foreach (var place in (string[])["split", "repeat", "else"])
        {
            await app.SendAsync(Identify(place, new { email = $"{place}@b.c", place }), Track(place, "Start"));
        }

        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromHours(2));
        await app.PublishAsync("j", Steps(
            """{"id":"r2","type":"repeat","max":2,"steps":[{"id":"s2","type":"send","template":"again"},{"id":"w2","type":"wait","for":"1d"}]}"""));

        var preview = await app.PostAsync("/api/journeys/j/migrate", """{"from":1,"to":2,"map":{"in-a":"w2"},"dryRun":true}""");
        Assert.Equal("""[{"from":"in-a","to":"w2","runs":1}]""", preview.Json.GetProperty("moves").GetRawText());
        Assert.Equal(["after-else", "in-round"], preview.Json.GetProperty("stuck").EnumerateArray().Select(stuck => stuck.GetProperty("step").GetString()));
        Assert.Equal(3, (await app.RunsAsync("j")).Count(run => run.GetProperty("version").GetInt32() == 1));

        await app.MigrateAsync("""{"from":1,"to":2,"map":{"in-a":"w2","in-round":null}}""", """[{"from":"in-a","to":"w2","runs":1},{"from":"in-round","runs":1}]""");
        Assert.Single(await app.RunsAsync("j", "&status=completed"));
        await app.AdvanceAsync(TimeSpan.FromDays(3));
        Assert.Equal(["2026-06-02 10:00 again"], await app.SentAsync()); // of two rounds it came into the first
        var moved = (await app.RunsAsync("j", "&status=completed"))[0].GetProperty("id").GetString();
        var line = (await app.GetAsync($"/api/runs/{moved}")).Json.GetProperty("steps").EnumerateArray().Single(line => line.GetProperty("what").GetString() == "moved");
        Assert.Equal(($"{app.Named("j")}@2", true), (line.GetProperty("detail").GetString(), line.GetProperty("reason").GetString()!.Contains($"of {app.Named("j")}@1", StringComparison.Ordinal)));
        Assert.Equal(1, (await app.GetAsync("/api/journeys/j/stats")).Json.GetProperty("versions").GetProperty("1").GetProperty("active").GetInt32());
    }

    [Fact]
    public async Task A_held_journey_stays_held_and_goes_on_in_the_new_version()
    {
        await using var app = await shared.BeginAsync();
        await app.PublishAsync("j", Steps("""{"id":"w","type":"wait","for":"1d"}""", """{"id":"s","type":"send","template":"old"}"""));
        await app.SendAsync(Ann, Track("ann", "Start"));
        await app.SettleAsync();
        await app.PostAsync("/api/journeys/j/pause");
        await app.AdvanceAsync(TimeSpan.FromDays(2));

        await app.PublishAsync("j", Steps("""{"id":"w","type":"wait","for":"1d"}""", """{"id":"s","type":"send","template":"new"}"""));
        await app.MigrateAsync("""{"from":1,"to":2}""", null);
        await app.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Empty(await app.SentAsync());
        await app.PostAsync("/api/journeys/j/resume");
        await app.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(["2026-06-04 10:00 new"], await app.SentAsync());
    }

    [Fact]
    public async Task What_a_run_was_started_with_serves_conditions_that_only_the_new_version_has()
    {
        await using var app = await shared.BeginAsync();
        await app.PublishAsync("parent", Steps("""{"id":"go","type":"startJourney","journey":"%","data":{"cart":"{{trigger.cart}}"}}""".Replace("%", app.Named("child"), StringComparison.Ordinal)));
        const string child = """{"name":"c","trigger":{"api":true},"steps":[{"id":"w","type":"waitFor","when":%,"timeout":"9d","then":[{"id":"s","type":"send","template":"s"}]}]}""";
        await app.PublishAsync("child", child.Replace("%", """{"event":"Paid"}""", StringComparison.Ordinal));
        await app.SendAsync(Ann, Track("ann", "Start", new { cart = "c7" }));
        await app.SettleAsync();
        await app.PublishAsync("child", child.Replace("%", """{"event":"Paid","where":{"cart":{"equals":"{{trigger.cart}}"}}}""", StringComparison.Ordinal));
        await app.MigrateAsync("""{"from":1,"to":2}""", null, "child");

        await app.SendAsync(Track("ann", "Paid", new { cart = "c8" }));
        await app.SettleAsync();
        Assert.Empty(await app.SentAsync());
        await app.SendAsync(Track("ann", "Paid", new { cart = "c7" }));
        await app.SettleAsync();

        Assert.Equal(["2026-06-01 10:00 s"], await app.SentAsync());
        Assert.Equal("completed", (await app.RunsAsync("parent"))[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task What_was_heard_for_a_condition_that_changed_does_not_count()
    {
        const string journey = """{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"w","type":"wait","for":"1d"},{"id":"f","type":"waitFor","when":{"event":"%"},"timeout":"1d","else":[{"id":"s","type":"send","template":"s"}]}]}""";
        await using var app = await shared.BeginAsync();
        await app.PublishAsync("j", journey.Replace("%", "One", StringComparison.Ordinal));
        await app.SendAsync(Ann, Track("ann", "Start"));
        await app.SettleAsync();
        await app.SendAsync(Track("ann", "One"));
        await app.SettleAsync();

        await app.PublishAsync("j", journey.Replace("%", "Two", StringComparison.Ordinal));
        await app.MigrateAsync("""{"from":1,"to":2}""", null);
        await app.AdvanceAsync(TimeSpan.FromDays(3));

        Assert.Equal(["2026-06-03 10:00 s"], await app.SentAsync());
    }

    [Fact]
    public async Task Asked_twice_at_once_everyone_is_moved_once()
    {
        await using var app = await shared.BeginAsync();
        await app.PublishAsync("j", Steps("""{"id":"w","type":"wait","for":"1d"}""", """{"id":"s","type":"send","template":"old"}"""));
        await app.SendAsync([.. Enumerable.Range(0, 30).SelectMany(i => new[] { Identify($"u{i}", new { email = $"u{i}@b.c" }), Track($"u{i}", "Start") })]);
        await app.SettleAsync();
        await app.PublishAsync("j", Steps("""{"id":"w","type":"wait","for":"1d"}""", """{"id":"s","type":"send","template":"new"}"""));

        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => app.PostAsync("/api/journeys/j/migrate", """{"from":1,"to":2}""")));
        await app.SettleAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PostAsync("/api/journeys/j/migrate", """{"from":2,"to":2}""")).Status);
        await app.AdvanceAsync(TimeSpan.FromDays(2));

        Assert.Equal(30, answers.Sum(answer => answer.Json.GetProperty("moved").GetInt32()));
        Assert.Equal(Enumerable.Repeat("2026-06-02 10:00 new", 30), await app.SentAsync());
    }

    private static string Steps(params string[] steps) => $$"""{"name":"x","trigger":{"event":"Start"},"steps":[{{string.Join(',', steps)}}]}""";

    private static string Blocks(int split, string suffix) => """
        {"name":"x","trigger":{"event":"Start"},"steps":[{"id":"b","type":"branch","paths":[
          {"name":"split","when":{"trait":"place","equals":"split"},"steps":[{"id":"s","type":"split","paths":[
            {"name":"a","weight":%A,"steps":[{"id":"in-a","type":"wait","for":"3d"},{"id":"sa","type":"send","template":"a%S"}]},
            {"name":"b","weight":%B,"steps":[{"id":"sb","type":"send","template":"b%S"}]}]}]},
          {"name":"repeat","when":{"trait":"place","equals":"repeat"},"steps":[{"id":"r","type":"repeat","max":3,"steps":[
            {"id":"in-round","type":"wait","for":"1d"},{"id":"rs","type":"send","template":"round%S"}]}]}],
          "else":[{"id":"f","type":"waitFor","when":{"event":"Go"},"timeout":"1h",
            "then":[{"id":"after-then","type":"waitFor","when":{"event":"More"},"timeout":"5d","then":[{"id":"m","type":"send","template":"more%S"}]}],
            "else":[{"id":"after-else","type":"waitFor","when":{"event":"More"},"timeout":"5d","else":[{"id":"n","type":"send","template":"nothing%S"}]}]}]}]}
        """.Replace("%A", $"{split}", StringComparison.Ordinal).Replace("%B", $"{100 - split}", StringComparison.Ordinal).Replace("%S", suffix, StringComparison.Ordinal);
}

file static class Migrating
{
    /// <summary>Moves everyone, after a preview that foretells it.</summary>
    /// <param name="moves">As both must answer; null: whatever, but one run.</param>
    public static async Task MigrateAsync(this JourneyScope app, string request, string? moves, string journey = "j")
    {
        var preview = await app.PostAsync($"/api/journeys/{journey}/migrate", "{\"dryRun\":true," + request[1..]);
        var answer = await app.PostAsync($"/api/journeys/{journey}/migrate", request);
        Assert.True(preview.Status == HttpStatusCode.OK && answer.Status == HttpStatusCode.OK, preview.Text + answer.Text);
        Assert.Equal(preview.Json.GetProperty("moves").GetRawText(), answer.Json.GetProperty("moves").GetRawText());
        Assert.Equal(moves ?? preview.Json.GetProperty("moves").GetRawText(), answer.Json.GetProperty("moves").GetRawText());
        Assert.Equal(moves is null ? 1 : JsonDocument.Parse(moves).RootElement.GetArrayLength(), answer.Json.GetProperty("moved").GetInt32());
        Assert.Equal(0, preview.Json.GetProperty("moved").GetInt32());
        await app.SettleAsync();
    }
}
