using System.Net;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Runs;
using Microsoft.Extensions.DependencyInjection;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Journeys.Statistics;

/// <summary>Statistics, hold-outs and lift as a marketer meets them.</summary>
[Collection(nameof(OneJourneyApp))]
public sealed class StatsAppTests(SharedJourneyApp shared)
{
    [Fact]
    public async Task Half_of_the_people_get_nothing_and_what_the_others_make_of_it_is_told()
    {
        const string journey = """
            {"name":"x","trigger":{"event":"Start"},"goal":{"event":"Buy"},"holdout":{"share":0.5,"window":"3d"},
             "steps":[{"id":"w","type":"wait","for":"1h"},{"id":"s","type":"send","template":"t"},
              {"id":"b","type":"split","paths":[{"name":"one","weight":1,"steps":[{"id":"l","type":"send","template":"t","topic":"news"}]},{"name":"two","weight":1,"steps":[{"id":"r","type":"repeat","max":2,"steps":[{"id":"in","type":"wait","for":"1h"}]}]}]}]}
            """;
        await using var app = await shared.BeginAsync();
        await app.PublishAsync("j", journey);
        string[] people = [.. Enumerable.Range(0, 12).Select(i => $"p{i}")];
        var half = new Holdout(500_000, new(TimeSpan.FromDays(3), "3d"));
        var heldOut = people.Where(who => half.Holds(app.Named("j"), Identity.User(app.Named(who)).Hash())).ToList();
        await app.SendAsync([.. people.Select(who => Identify(who, new { email = $"{who}@b.c" })), .. people.Select(who => Track(who, "Start"))]);
        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromDays(1));
        await app.SendAsync([.. people.Take(6).Select(who => Track(who, "Buy"))]); // of both sides, and those who got it are through
        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromDays(4));
        await app.SendAsync([.. people.Skip(6).Select(who => Track(who, "Buy"))]); // too late
        await app.SettleAsync();

        Assert.Equal(people.Length - heldOut.Count, (await app.SentAsync("j")).Count);
        Assert.Equal(heldOut.Count, (await app.RunsAsync("j", "&status=heldOut")).Count);
        var stats = (await app.GetAsync("/api/journeys/j/stats")).Json;
        Assert.Equal((people.Length - heldOut.Count, heldOut.Count), (stats.GetProperty("entered").GetInt32(), stats.GetProperty("heldOut").GetInt32()));
        Assert.Equal(people.Length - heldOut.Count, stats.GetProperty("steps").GetProperty("s").GetProperty("through").GetInt32());
        Assert.Equal(3600, stats.GetProperty("steps").GetProperty("w").GetProperty("waited").GetProperty("median").GetDouble());
        var exact = await app.GetAsync("/api/journeys/j/stats?exact=true");
        Assert.Equal($$"""{"runs":{{people.Length}},"differed":false,"unsettled":0}""", exact.Json.GetProperty("recount").GetRawText());
        Assert.StartsWith(stats.GetRawText()[..^1], exact.Text, StringComparison.Ordinal); // all else is the same

        var lift = (await app.GetAsync("/api/journeys/j/lift")).Json;
        Assert.Equal((people.Length - heldOut.Count, people.Take(6).Except(heldOut).Count()), Side(lift, "treated"));
        Assert.Equal((heldOut.Count, people.Take(6).Intersect(heldOut).Count()), Side(lift, "heldOut"));
        Assert.Equal("tooEarly", lift.GetProperty("verdict").GetString());

        var person = Identity.User(app.Named(heldOut[0])).Hash();
        Assert.Contains("\"status\":\"heldOut\"", (await app.GetAsync($"/api/leads/{person}/runs")).Text, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"heldOut\"", (await app.GetAsync($"/api/leads/{person}/export")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Journey Ended", (await app.GetAsync($"/api/leads/{person}/timeline")).Text, StringComparison.Ordinal);

        var counted = await app.AllCountedAsync("j");
        Assert.Equal((people.Length - heldOut.Count, heldOut.Count), (counted["through&step=s"], counted["heldOut"]));
        Assert.Equal((counted["way&step=b&way=one"], 2 * counted["way&step=b&way=two"]), (counted["skipped&step=l&why=consent"], counted["through&step=in"]));
        await app.App.NewServices().GetRequiredService<RunsTable>().RemoveAsync((await app.RunsAsync("j", "&status=completed"))[0].GetProperty("id").GetString()!, CancellationToken.None); // as when a person is erased
        counted = await app.AllCountedAsync("j");
        Assert.Equal((people.Length - heldOut.Count, 1, 1, 0), (counted["through&step=s"], counted["through&step=s not kept"], counted["through&step=s&days=40 not kept"], counted["heldOut not kept"]));

        static (int, int) Side(System.Text.Json.JsonElement lift, string side) => (lift.GetProperty(side).GetProperty("people").GetInt32(), lift.GetProperty(side).GetProperty("goals").GetInt32());
    }

    [Fact]
    public async Task What_goes_out_on_which_day_is_foretold_and_a_person_who_is_moved_goes_on_elsewhere()
    {
        const string journey = """
            {"name":"x","trigger":{"event":"Start"},"steps":[{"id":"w","type":"wait","for":"2d"},{"id":"s","type":"send","template":"t","urgent":true},
             {"id":"long","type":"wait","for":"20d"},{"id":"bye","type":"addPoints","points":1}]}
            """;
        await using var app = await shared.BeginAsync();
        await app.PublishAsync("j", journey);
        var began = (await app.GetAsync("/api/clock")).Json.GetProperty("now").GetDateTimeOffset();
        await app.SendAsync([.. Enumerable.Range(0, 3).Select(i => Identify($"p{i}", new { email = $"p{i}@b.c" })), .. Enumerable.Range(0, 3).Select(i => Track($"p{i}", "Start"))]);
        await app.SettleAsync();

        var calendar = (await app.GetAsync($"/api/calendar?from={Day(began)}&to={Day(began.AddDays(5))}")).Json;
        var send = calendar.GetProperty("days").EnumerateArray().SelectMany(day => day.GetProperty("sends").EnumerateArray().Select(send => (Day: day.GetProperty("day").GetString(), Send: send)))
            .Single(one => one.Send.GetProperty("journey").GetString() == app.Named("j"));
        Assert.Equal((Day(began.AddDays(2)), "w", "t", 3), (send.Day, send.Send.GetProperty("step").GetString(), send.Send.GetProperty("template").GetString(), send.Send.GetProperty("people").GetInt32()));
        Assert.False(calendar.GetProperty("partial").GetBoolean());
        var planned = (await app.GetAsync($"/api/calendar/people?day={send.Day}&of=sends&journey={app.Named("j")}&step=w&template=t&limit=2")).Json;
        var others = (await app.GetAsync($"/api/calendar/people?day={send.Day}&of=sends&journey={app.Named("j")}&step=w&template=t&cursor={planned.GetProperty("nextCursor")}")).Json;
        Assert.Equal([3, 3], [planned.GetProperty("count").GetInt32(), others.GetProperty("count").GetInt32()]);
        Assert.Equal(
            Enumerable.Range(0, 3).Select(i => Identity.User(app.Named($"p{i}")).Hash()).Order(StringComparer.Ordinal),
            planned.GetProperty("items").EnumerateArray().Concat(others.GetProperty("items").EnumerateArray()).Select(one => one.GetProperty("leadId").GetString()!));
        Assert.Equal(0, (await app.GetAsync($"/api/calendar/people?day={Day(began)}&of=sends&journey={app.Named("j")}&step=w&template=t")).Json.GetProperty("count").GetInt32());
        Assert.Equal(HttpStatusCode.BadRequest, (await app.GetAsync("/api/calendar/people?day=2026-06-01&of=sends")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.GetAsync("/api/calendar?from=2026-01-01&to=2026-12-31")).Status);

        var listed = (await app.GetAsync("/api/journeys?with=activity")).Json.GetProperty("items").EnumerateArray().Single(one => one.GetProperty("id").GetString() == app.Named("j")).GetProperty("activity");
        Assert.Equal((3, 3), (listed.GetProperty("inside").GetInt32(), listed.GetProperty("nextSends").GetProperty("t").GetInt32()));
        Assert.Equal(0, listed.GetProperty("silence").GetProperty("days").GetInt32());

        var runs = await app.RunsAsync("j", "&step=w&version=1");
        Assert.Equal(3, runs.Count);
        Assert.Equal("wait", runs[0].GetProperty("waits").GetProperty("kind").GetString());
        Assert.Empty(await app.RunsAsync("j", "&version=2"));
        Assert.Equal(HttpStatusCode.BadRequest, (await app.GetAsync("/api/journeys/j/runs?version=x")).Status);
        var run = runs[0].GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PostAsync($"/api/runs/{run}/move", """{"step":"nowhere"}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PostAsync($"/api/runs/{run}/move", """{"step":"bye","from":"nowhere"}""")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await app.PostAsync($"/api/runs/{run}/move", """{"step":"bye","from":"bye"}""")).Status); // they stand at w
        Assert.Equal(HttpStatusCode.Accepted, (await app.PostAsync($"/api/runs/{run}/move", """{"step":"bye","from":"w"}""")).Status);
        await app.SettleAsync();

        Assert.Equal("completed", (await app.GetAsync($"/api/runs/{run}")).Json.GetProperty("status").GetString());
        Assert.Equal(HttpStatusCode.Conflict, (await app.PostAsync($"/api/runs/{run}/move", """{"step":"bye"}""")).Status);
        await app.AdvanceAsync(TimeSpan.FromDays(3));
        var recent = (await app.GetAsync("/api/journeys/j/stats?days=1")).Json.GetProperty("recent");
        Assert.Equal((0, 0), (recent.GetProperty("entered").GetInt32(), recent.GetProperty("sent").GetInt32()));
        recent = (await app.GetAsync("/api/journeys/j/stats?days=30")).Json.GetProperty("recent");
        Assert.Equal((3, 2, 1), (recent.GetProperty("entered").GetInt32(), recent.GetProperty("steps").GetProperty("s").GetProperty("through").GetInt32(), recent.GetProperty("steps").GetProperty("bye").GetProperty("through").GetInt32()));

        static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task The_workspace_holds_people_out_by_a_setting()
    {
        await using var app = await shared.BeginAsync();
        var all = new Holdout(500_000, Holdout.UsualWindow);
        await app.PublishAsync("j", """{"name":"x","trigger":{"event":"Start"},"goal":{"event":"Buy"},"steps":[{"id":"s","type":"send","template":"t"}]}""");
        var (held, other) = (Who(true), Who(false));
        var put = await app.PutAsync("/api/settings/holdout", """{"share":0.5}""");
        Assert.True(put.Status is HttpStatusCode.OK or HttpStatusCode.Created, put.Text);
        try
        {
            await app.SendAsync([.. new[] { held, other }.SelectMany(who => new[] { Identify(who, new { email = $"{who}@b.c" }), Track(who, "Start") })]);
            await app.SettleAsync();

            Assert.Equal("""{"share":0.5}""", (await app.GetAsync("/api/settings/holdout")).Text);
            Assert.Single(await app.SentAsync("j"));
            Assert.Equal(["completed", "heldOut"], (await app.RunsAsync("j")).Select(run => run.GetProperty("status").GetString()!).Order(StringComparer.Ordinal)); // each has one
            var lift = (await app.GetAsync("/api/journeys/j/lift")).Json;
            Assert.Equal(("workspace", 2), (lift.GetProperty("holdout").GetString(), lift.GetProperty("waiting").GetInt32()));
        }
        finally
        {
            await app.PutAsync("/api/settings/holdout", "{}");
        }

        string Who(bool isHeldOut) => Enumerable.Range(0, 100).Select(i => $"w{i}").First(who => all.Holds(Identity.User(app.Named(who)).Hash()) == isHeldOut);
    }

    [Theory]
    [InlineData("stats?exact=perhaps", "exact")]
    [InlineData("stats?exakt=true", "exakt")]
    [InlineData("lift?minimum=2", "minimum")]
    [InlineData("lift?holdout=world", "holdout")]
    [InlineData("people?of=everybody", "of")]
    [InlineData("people?of=through", "step")]
    [InlineData("people?of=entered&how=done", "how")]
    [InlineData("people?of=left&step=s&how=sideways", "how")]
    [InlineData("people?of=entered&days=30&version=1", "version")]
    public async Task What_nobody_can_mean_is_refused_by_name(string asked, string field)
    {
        await using var app = await shared.BeginAsync();
        await app.PublishAsync("j", """{"name":"x","trigger":{"api":true},"steps":[{"id":"s","type":"exit"}]}""");

        var answer = await app.GetAsync($"/api/journeys/j/{asked}");

        Assert.Equal((HttpStatusCode.BadRequest, field), (answer.Status, answer.Json.GetProperty("errors")[0].GetProperty("path").GetString()));
    }
}
