using System.Net;
using System.Text.Json;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Journeys;

/// <summary>What people do to journeys that others are inside of: through the API, on the emulator.</summary>
[Collection(nameof(OneJourneyApp))]
public sealed class ControlTests(SharedJourneyApp shared)
{
    private const string ThreeMails = """
        {"name":"Three mails","trigger":{"event":"Start"},"steps":[
          {"id":"a","type":"send","template":"a"},{"id":"w1","type":"wait","for":"1d"},
          {"id":"b","type":"send","template":"b","late":{"after":"12h","do":"skip"}},{"id":"w2","type":"wait","for":"1d"},
          {"id":"c","type":"send","template":"c"}]}
        """;

    [Fact]
    public async Task Pausing_holds_the_forecast_tells_and_resuming_obeys_lateness()
    {
        await using var app = await shared.BeginAsync();
        await app.PublishAsync("three", ThreeMails);
        await app.SendAsync(Identify("ann", new { email = "a@b.c" }), Track("ann", "Start"));
        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromHours(1));
        await app.SendAsync(Identify("bob", new { email = "b@b.c" }), Track("bob", "Start"));
        await app.SettleAsync();

        Assert.Equal("paused", (await app.PostAsync("/api/journeys/three/pause")).Json.GetProperty("state").GetString());
        await app.SendAsync(Identify("cid", new { email = "c@b.c" }), Track("cid", "Start"));
        await app.AdvanceAsync(TimeSpan.FromDays(5));
        Assert.Equal(["2026-06-01 10:00 a", "2026-06-01 11:00 a"], await app.SentAsync());

        var forecast = (await app.PostAsync("/api/journeys/three/resume?dryRun=true")).Json;
        Assert.Equal(3, forecast.GetProperty("runs").GetInt32());
        Assert.Equal("""{"a":1}""", forecast.GetProperty("sends").GetRawText());
        Assert.Equal(2, forecast.GetProperty("tooLate").GetInt32());

        await app.PostAsync("/api/journeys/three/resume");
        await app.AdvanceAsync(TimeSpan.FromDays(3));
        var sent = await app.SentAsync();
        Assert.Equal(["2026-06-06 11:00 a", "2026-06-07 11:00 b", "2026-06-07 11:00 c", "2026-06-07 11:00 c", "2026-06-08 11:00 c"], sent.Skip(2));
    }

    [Fact]
    public async Task A_new_version_changes_nothing_for_those_inside_until_they_are_moved()
    {
        await using var app = await shared.BeginAsync();
        await app.PublishAsync("three", ThreeMails);
        await app.SendAsync(Identify("ann", new { email = "a@b.c" }), Track("ann", "Start"), Identify("bob", new { email = "b@b.c" }));
        await app.SettleAsync();
        await app.PublishAsync("three", ThreeMails.Replace("\"w1\",\"type\":\"wait\",\"for\":\"1d\"", "\"longer\",\"type\":\"wait\",\"for\":\"3d\"", StringComparison.Ordinal).Replace("\"template\":\"b\"", "\"template\":\"b2\"", StringComparison.Ordinal));

        var preview = await app.PostAsync("/api/journeys/three/migrate", """{"from":1,"to":2,"dryRun":true}""");
        Assert.True(preview.Status == HttpStatusCode.OK, preview.Text);
        Assert.Equal("w1", preview.Json.GetProperty("stuck")[0].GetProperty("step").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PostAsync("/api/journeys/three/migrate", """{"from":1,"to":2,"map":{"w1":"nowhere"}}""")).Status);
        var moved = (await app.PostAsync("/api/journeys/three/migrate", """{"from":1,"to":2,"map":{"w1":"longer"}}""")).Json;
        Assert.Equal(1, moved.GetProperty("moved").GetInt32());
        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromHours(12));
        await app.SendAsync(Track("bob", "Start"));
        await app.AdvanceAsync(TimeSpan.FromDays(9));

        Assert.Equal(
            ["2026-06-01 10:00 a", "2026-06-01 22:00 a", "2026-06-04 10:00 b2", "2026-06-04 22:00 b2", "2026-06-05 10:00 c", "2026-06-05 22:00 c"], await app.SentAsync());
        var stats = (await app.GetAsync("/api/journeys/three/stats")).Json;
        Assert.Equal(2, stats.GetProperty("versions").GetProperty("2").GetProperty("entered").GetInt32());
    }

    [Fact]
    public async Task A_wait_for_an_event_goes_on_hearing_after_it_was_moved()
    {
        const string journey = """{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"w","type":"waitFor","when":{"event":"%"},"timeout":"5d","then":[{"id":"t","type":"track","event":"Heard"}]}]}""";
        await using var app = await shared.BeginAsync();
        await app.PublishAsync("hear", journey.Replace("%", "One", StringComparison.Ordinal));
        await app.SendAsync(Track("ann", "Start"));
        await app.SettleAsync();
        await app.PublishAsync("hear", journey.Replace("%", "Two", StringComparison.Ordinal));
        Assert.Equal(1, (await app.PostAsync("/api/journeys/hear/migrate", """{"from":1,"to":2}""")).Json.GetProperty("moved").GetInt32());
        await app.SettleAsync();

        await app.SendAsync(Track("ann", "One"));
        await app.SettleAsync();
        Assert.Equal("active", (await app.RunsAsync("hear"))[0].GetProperty("status").GetString());
        await app.SendAsync(Track("ann", "Two"));
        await app.SettleAsync();
        Assert.Equal("completed", (await app.RunsAsync("hear"))[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task Runs_start_by_the_api_and_are_cancelled_and_archived()
    {
        await using var app = await shared.BeginAsync();
        await app.PublishAsync("manual", """{"name":"x","trigger":{"api":true},"entry":{"reentry":"afterExit"},"steps":[{"id":"w","type":"wait","for":"10d"},{"id":"s","type":"send","template":"t"}]}""");
        await app.SendAsync(Identify("ann", new { email = "a@b.c" }), Identify("bob", new { email = "b@b.c" }));
        await app.SettleAsync();
        var leads = new List<string>();
        foreach (var who in (string[])["ann", "bob"])
        {
            leads.Add((await app.GetAsync($"/api/leads?userId={app.Named(who)}")).Json.GetProperty("items")[0].GetProperty("id").GetString()!);
        }

        foreach (var lead in leads)
        {
            var asked = await app.PostAsync("/api/journeys/manual/runs", JsonSerializer.Serialize(new { leadId = lead, data = new { offer = 5 }, key = "k" }));
            Assert.True(asked.Status == HttpStatusCode.Accepted, asked.Text);
            await app.PostAsync("/api/journeys/manual/runs", JsonSerializer.Serialize(new { leadId = lead, data = new { offer = 5 }, key = "k" }));
        }

        await app.SettleAsync();
        var runs = await app.RunsAsync("manual", "&status=active&step=w");
        Assert.Equal(2, runs.Count);
        var first = runs[0].GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.Accepted, (await app.PostAsync($"/api/runs/{first}/cancel")).Status);
        await app.SettleAsync();
        var shown = (await app.GetAsync($"/api/runs/{first}")).Json;
        Assert.Equal(("cancelled", 5), (shown.GetProperty("status").GetString(), shown.GetProperty("trigger").GetProperty("offer").GetInt32()));
        Assert.Equal(HttpStatusCode.Conflict, (await app.PostAsync($"/api/runs/{first}/cancel")).Status);

        await app.PostAsync("/api/journeys/manual/archive");
        await app.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Empty(await app.RunsAsync("manual", "&status=active"));
        Assert.Equal(HttpStatusCode.Conflict, (await app.PostAsync("/api/journeys/manual/runs", JsonSerializer.Serialize(new { leadId = leads[0] }))).Status);
        var ofLead = (await app.GetAsync($"/api/leads/{leads[0]}/runs")).Json.GetProperty("items");
        Assert.Equal(1, ofLead.GetArrayLength());
        Assert.Empty(await app.SentAsync());
    }

    [Fact]
    public async Task Dates_come_up_also_for_leads_who_were_there_before_the_journey()
    {
        await using var app = await StartAsync();
        await app.SendAsync(Identify("ann", new { email = "a@b.c", birthday = "1990-06-20", timezone = "Europe/Berlin" }), Identify("bob", new { email = "b@b.c", birthday = "1991-06-20" }));
        await app.SettleAsync();
        await app.PublishSampleAsync("birthday");
        await app.SendAsync(Identify("cid", new { email = "c@b.c", birthday = "1992-07-01" }));
        await app.AdvanceAsync(TimeSpan.FromDays(400));

        Assert.Equal(
            ["2026-06-20 07:00 birthday", "2026-06-20 09:00 birthday", "2026-07-01 09:00 birthday", "2027-06-20 07:00 birthday", "2027-06-20 09:00 birthday", "2027-07-01 09:00 birthday"],
            await app.SentAsync());
    }

    [Fact]
    public async Task A_simulation_foretells_what_then_happens_and_changes_nothing()
    {
        await using var app = await StartAsync();
        await app.WriteToWhoDidNotRefuseAsync();
        await app.PutAsync("/api/journeys/welcome", Repository.Read("samples/journeys/welcome.json"));
        await app.SendAsync(Identify("ann", new { email = "a@b.c" }), Subscribe("ann"));
        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromDays(1));

        var recorded = await app.PostAsync("/api/journeys/welcome/simulate", """{"recorded":{"from":"2026-06-01T00:00:00Z"},"days":60}""");
        Assert.True(recorded.Status == HttpStatusCode.OK, recorded.Text);
        Assert.Equal(1, recorded.Json.GetProperty("entered").GetInt32());
        Assert.Equal(1, recorded.Json.GetProperty("sendsPerDay").GetProperty("2026-06-06").GetProperty("welcome-2").GetInt32());
        var scripted = await app.PostAsync("/api/journeys/welcome/simulate", """
            {"leads":[{"id":"x","traits":{"email":"x@y.z"},"events":[{"at":"2026-06-01T10:00:00Z","name":"Consent Changed","properties":{"newsletter":true},"context":{"form":{"id":"newsletter"}}},{"at":"2026-06-02T10:00:00Z","name":"Order Completed"}]}]}
            """);
        Assert.True(scripted.Status == HttpStatusCode.OK, scripted.Text);
        Assert.Equal("""{"goal":1}""", scripted.Json.GetProperty("ended").GetRawText());
        Assert.Contains("offer-a", scripted.Json.GetProperty("neverReached").EnumerateArray().Select(step => step.GetString()));
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PostAsync("/api/journeys/welcome/simulate", "{}")).Status);

        Assert.Empty(await app.SentAsync());
        Assert.Empty(await app.RunsAsync("welcome"));
    }

    [Fact]
    public async Task Drafts_are_refused_with_every_mistake_and_accepted_with_warnings()
    {
        await using var app = await shared.BeginAsync();

        var refused = await app.PutAsync("/api/journeys/bad", """{"name":"x","trigger":{"evnt":"a"},"steps":[{"id":"a","type":"wait","for":"soon"}]}""");
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal(["$.steps[0].for", "$.trigger.evnt"], refused.ErrorPaths.Order());
        var warned = await app.PutAsync("/api/journeys/warned", """{"name":"x","trigger":{"event":"a"},"steps":[{"id":"a","type":"waitFor","when":{"event":"b"}}]}""");
        Assert.Equal(HttpStatusCode.Created, warned.Status);
        Assert.Equal("$.steps[0]", warned.Json.GetProperty("warnings")[0].GetProperty("path").GetString());
        var unasked = """{"name":"x","trigger":{"event":"a"},"steps":[{"id":"a","type":"send","template":"t"}]}""";
        Assert.Equal("$.steps[0]", (await app.PutAsync("/api/journeys/unasked", unasked)).Json.GetProperty("warnings")[0].GetProperty("path").GetString());
        var rehearsed = await app.PostAsync("/api/journeys/unasked/simulate", """{"leads":[{"id":"x","traits":{"email":"x@y.z"},"events":[{"at":"2026-06-01T10:00:00Z","name":"a"}]}]}""");
        Assert.True(rehearsed.Status == HttpStatusCode.OK && rehearsed.Json.GetProperty("unasked").GetProperty("a").GetInt32() == 1, rehearsed.Text);
        Assert.Contains("asks nobody for consent", (await app.PostAsync("/api/journeys/unasked/publish")).Json.GetProperty("warnings")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("draft", (await app.GetAsync("/api/journeys/warned")).Json.GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.Conflict, (await app.PostAsync("/api/journeys/warned/pause")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.PostAsync("/api/journeys/none/publish")).Status);
        Assert.Equal("Journey", (await app.GetAsync("/api/schemas/journey.json")).Json.GetProperty("title").GetString());
    }

    [Theory]
    [InlineData("resume")]
    [InlineData("pause")] // leads may enter then, and stand
    public async Task A_journey_that_dates_start_notes_them_anew_when_it_is_taken_out_of_the_archive(string back)
    {
        await using var app = await shared.BeginAsync();
        await app.PublishAsync("renewal", """{"name":"x","trigger":{"date":{"trait":"renewsAt","at":"09:00"}},"steps":[{"id":"s","type":"send","template":"s"}]}""");
        await app.PostAsync("/api/journeys/renewal/archive");
        await app.AdvanceAsync(TimeSpan.FromHours(1));
        await app.SendAsync(Identify("ann", new { email = "a@b.c", renewsAt = $"{app.Start.AddDays(4):yyyy-MM-dd}" }));
        await app.SettleAsync();

        await app.PostAsync($"/api/journeys/renewal/{back}");
        await app.AdvanceAsync(TimeSpan.FromDays(5));
        await app.PostAsync("/api/journeys/renewal/resume");
        await app.SettleAsync();

        Assert.Equal("2026-06-05 09:00", $"{app.Told((await app.RunsAsync("renewal")).Single().GetProperty("enteredAt").GetDateTimeOffset()):yyyy-MM-dd HH:mm}");
        Assert.Single(await app.SentAsync());
    }
}
