using LeadFunctions.Journeys.Rehearsal;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Leads.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Journeys;

/// <summary>Steps that call other systems, and the folder that messages are shown in.</summary>
[Collection(nameof(OneJourneyApp))]
public sealed class WebhookTests(SharedJourneyApp shared) : IAsyncLifetime
{
    private readonly List<(string Path, string Key, string Body)> _calls = [];
    private WebApplication _server = null!; // set before each test
    private int _failures;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Map("/{**path}", async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            _calls.Add((context.Request.Path + context.Request.QueryString, context.Request.Headers["Idempotency-Key"].ToString(), await reader.ReadToEndAsync()));
            if (_failures-- > 0)
            {
                context.Response.StatusCode = 503;
                return;
            }

            await context.Response.WriteAsJsonAsync(new { tier = "gold", seats = 12 });
        });
        await _server.StartAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    private string Journey => """
        {"name":"x","trigger":{"event":"Start"},"steps":[
          {"id":"ask","type":"webhook","url":"%/crm?email={{lead.email}}","body":{"plan":"{{trigger.plan}}","n":"{{trigger.n}}"},"headers":{"X-Run":"{{run.id}}"},"saveAs":"crm"},
          {"id":"b","type":"branch","paths":[{"name":"gold","when":{"all":[{"trait":"saved.crm.tier","equals":"gold"},{"trait":"saved.crm.seats","gte":10}]},"steps":[
            {"id":"t","type":"setTraits","traits":{"seats":"{{saved.crm.seats}}"}},{"id":"s","type":"send","template":"gold"}]}],"else":[{"id":"e","type":"send","template":"plain"}]}]}
        """.Replace("%", _server.Urls.First(), StringComparison.Ordinal);

    [Fact]
    public async Task An_answer_decides_the_path_and_trouble_is_tried_again_under_the_same_key()
    {
        _failures = 2;
        var folder = Path.Combine(Path.GetTempPath(), $"outbox-{Guid.NewGuid():N}");
        await using var app = await StartAsync(settings: new Dictionary<string, string> { ["LeadFunctions__Journeys__OutboxFolder"] = folder });
        app.ExpectErrors();
        await app.PublishAsync("hook", Journey);
        await app.SendAsync(Identify("ann", new { email = "a+b@c.d" }), Track("ann", "Start", new { plan = "pro", n = 3 }));
        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(3, _calls.Count);
        Assert.Single(_calls.Select(call => call.Key).Distinct());
        Assert.Equal(("/crm?email=a%2Bb%40c.d", """{"plan":"pro","n":3}"""), (_calls[0].Path, _calls[0].Body));
        Assert.Equal(["gold"], (await app.SentAsync()).Select(line => line.Split(' ')[2]));
        var run = (await app.GetAsync($"/api/runs/{(await app.RunsAsync("hook"))[0].GetProperty("id").GetString()}")).Json;
        Assert.Equal("gold", run.GetProperty("saved").GetProperty("crm").GetProperty("tier").GetString());
        var lead = (await app.GetAsync($"/api/leads/{run.GetProperty("leadId").GetString()}")).Json;
        Assert.Equal(12, lead.GetProperty("traits").GetProperty("seats").GetInt32());
        var file = Assert.Single(Directory.GetFiles(folder));
        Assert.EndsWith(".eml", file, StringComparison.Ordinal);
        Assert.Contains("Subject: Template \"gold\"", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task What_fails_for_good_is_left_behind_and_the_run_goes_on()
    {
        _failures = int.MaxValue;
        await using var app = await shared.BeginAsync();
        app.ExpectErrors();
        await app.PublishAsync("hook", Journey);
        await app.SendAsync(Identify("ann", new { email = "a@b.c" }), Track("ann", "Start"));
        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(12, _calls.Count);
        Assert.Equal(["plain"], (await app.SentAsync()).Select(line => line.Split(' ')[2]));
        var run = (await app.GetAsync($"/api/runs/{(await app.RunsAsync("hook"))[0].GetProperty("id").GetString()}")).Json;
        Assert.Contains(run.GetProperty("steps").EnumerateArray(), line => line.GetProperty("what").GetString() == "failed" && line.GetProperty("reason").GetString()!.Contains("503", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("null", 1, "new")] // the step is there still: tried on as the new version has it, under the same key
    [InlineData("""{"ask":"s"}""", 0, "new")]
    [InlineData("""{"ask":null}""", 0, null)]
    public async Task A_call_that_is_being_tried_again_can_be_moved_to_a_new_version(string map, int callsAfter, string? sent)
    {
        const string journey = """{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"ask","type":"webhook","url":"%"},{"id":"s","type":"send","template":"new"}]}""";
        _failures = int.MaxValue;
        await using var app = await shared.BeginAsync();
        app.ExpectErrors();
        await app.PublishAsync("hook", journey.Replace("%", _server.Urls.First() + "/old", StringComparison.Ordinal));
        await app.SendAsync(Identify("ann", new { email = "a@b.c" }), Track("ann", "Start"));
        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromMinutes(5));
        var before = _calls.Count;
        Assert.InRange(before, 3, 10);

        _failures = 0;
        await app.PublishAsync("hook", journey.Replace("%", _server.Urls.First() + "/new", StringComparison.Ordinal));
        Assert.Equal(1, (await app.PostAsync("/api/journeys/hook/migrate", $$"""{"from":1,"to":2,"map":{{map}}}""")).Json.GetProperty("moved").GetInt32());
        await app.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(callsAfter, _calls.Count - before);
        Assert.All(_calls.Skip(before), call => Assert.Equal(("/new", _calls[0].Key), (call.Path, call.Key)));
        Assert.Equal(sent is null ? [] : [sent], (await app.SentAsync()).Select(line => line.Split(' ')[2]));
        var run = (await app.GetAsync($"/api/runs/{(await app.RunsAsync("hook"))[0].GetProperty("id").GetString()}")).Json;
        Assert.Equal("completed", run.GetProperty("status").GetString());
        Assert.Equal(callsAfter, run.GetProperty("steps").EnumerateArray().Count(line => line.TryGetProperty("step", out var step) && step.GetString() == "ask" && line.GetProperty("what").GetString() == "done"));
    }

    [Fact]
    public async Task Who_was_moved_just_when_the_last_try_failed_goes_on_in_the_new_version()
    {
        var (from, to) = (Rehearsal.Parse(Hook("old"), version: 1), Rehearsal.Parse(Hook("new"), version: 2));
        var lead = new SimulatedLead(new() { Id = "lead" }, new(LeadFunctions.Scoring.ScoringModels.None, new([to], [from], new Dictionary<string, JourneyState>(), NodaTime.DateTimeZone.Utc)));
        var run = JourneyPlan.Enter(from, new("test.lead.key", "test", 1, "lead", "key", Start, Start, default, "A test."));
        (run, _) = JourneyPlan.Decide(from, run with { Turn = 7 }, new(new LeadRecord(), NodaTime.DateTimeZone.Utc, new Dictionary<string, DateTimeOffset>()), Start);
        var moved = new Migration(from, to, new Dictionary<string, string?>()).Move(run, new("ask"), Start);
        await lead.SaveAsync(new(run, null), moved);
        lead.RunUntil(Start);

        var stop = await RunTurn.LeaveAsync(lead, new(new(run.Id, 7), "It failed at every try."), default);

        Assert.Equal((true, false), (stop.Acts, stop.Done));
        Assert.Equal("ask", Assert.Single(lead.Runs).Step);

        static string Hook(string name) => $$"""{"name":"{{name}}","trigger":{"event":"Start"},"steps":[{"id":"ask","type":"webhook","url":"https://example.com/{{name}}"}]}""";
    }

    [Fact]
    public async Task Private_addresses_are_refused_unless_allowed()
    {
        await using var app = await StartAsync(settings: new Dictionary<string, string> { ["LeadFunctions__Journeys__AllowPrivateWebhooks"] = "false" });
        await app.PublishAsync("hook", Journey);
        await app.SendAsync(Identify("ann", new { email = "a@b.c" }), Track("ann", "Start"));
        await app.SettleAsync();

        Assert.Empty(_calls);
        Assert.Equal(["plain"], (await app.SentAsync()).Select(line => line.Split(' ')[2]));
    }
}
