using System.Net;
using System.Text.Json;
using Azure.Storage.Queues;
using LeadFunctions.Erasures;
using LeadFunctions.Events;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Tests.Imports;
using LeadFunctions.Tests.Integrations;
using LeadFunctions.Tests.Journeys;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static LeadFunctions.Tests.Erasures.RichLife;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Erasures;

/// <summary>One app, on a clock that stands until it is moved; its outbox shows in a folder, too, and it logs all that it can.</summary>
public sealed class ErasingApp() : SharedApp(Start, Settings, logsAll: true)
{
    public static string Folder { get; } = Path.Combine(Path.GetTempPath(), $"lf-erasing-{Guid.NewGuid():N}");

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["LeadFunctions__Journeys__OutboxFolder"] = Folder,
        ["AzureFunctionsJobHost__extensions__queues__visibilityTimeout"] = "00:00:00", // what fails at each delivery does so at once
        ["AzureFunctionsJobHost__extensions__queues__maxDequeueCount"] = "4",
    };
}

/// <summary>Somebody about whom the app keeps something in every place it has is erased, and the whole storage is searched for them.</summary>
public sealed partial class ErasureAppTests(ErasingApp shared) : IClassFixture<ErasingApp>
{
    [Fact]
    public async Task Nothing_is_left_of_whom_somebody_erases_and_nothing_on_its_way_brings_them_back()
    {
        await using var app = shared.Borrow();
        await using var receiver = await Receiver.StartAsync();
        app.ExpectErrors(); // dead letters are errors
        var lead = await FillAsync(app, receiver);
        string[] places = ["Leads", "LeadListings", "Notes", "JourneyRuns", "Outbox", "Deliveries", "DeadLetters", "Forms", "Tail", "imports", "formfiles", "(folder)"];
        await app.PutAsync($"/api/suppressions/{Address}", """{"reason":"manual"}""");
        await KeepPoisonAsync(app);
        var before = await WholeStorage.FindAsync(app.ConnectionString, ErasingApp.Folder, [.. Marks, lead]);
        Assert.All(places, place => Assert.Contains(before, found => found.StartsWith(place + ":", StringComparison.Ordinal)));
        Assert.All(Marks, mark => Assert.Contains($"Leads: {mark}", before));
        await ExportedPerson.HasAllAsync(app, lead, before);

        Assert.Equal(HttpStatusCode.Forbidden, (await app.DeleteAsync($"/api/leads/{lead}", (await app.CreateKeyAsync("marketer")).Key)).Status);
        var asked = await app.DeleteAsync($"/api/leads/{lead}");
        Assert.Equal((HttpStatusCode.Accepted, "erasing"), (asked.Status, asked.Json.GetProperty("status").GetString()));
        await app.SettleAsync();
        var again = await app.DeleteAsync($"/api/leads/{lead}");
        Assert.Equal((HttpStatusCode.Accepted, "checking", asked.Headers.Location), (again.Status, again.Json.GetProperty("status").GetString(), again.Headers.Location));
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync($"/api/leads/{lead}")).Status);

        // What was in queues at that moment, or comes twice.
        await PutLateAsync(app, lead);
        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromMinutes(20));
        var done = (await app.GetAsync($"{asked.Headers.Location}")).Json;
        Assert.Equal("done", done.GetProperty("status").GetString());
        Assert.True(done.GetProperty("removed").GetProperty("runs").GetInt32() >= 1, done.GetRawText());
        Assert.True(done.GetProperty("removed").GetProperty("tail").GetInt32() >= 1, done.GetRawText());

        // They count as before, as somebody who is nobody.
        var mqls = await app.GetAsync("/api/reports/mqls?from=2026-06-01&to=2026-06-30");
        Assert.True(mqls.Json.GetProperty("total").GetProperty("value").GetDouble() == 1, mqls.Text);
        var people = await app.GetAsync("/api/reports/mqls/people?from=2026-06-01&to=2026-06-30");
        Assert.NotEqual(lead, Assert.Single(people.Json.GetProperty("items").EnumerateArray()).GetProperty("leadId").GetString());

        // Then what other systems tell of them.
        await app.SendAsync(Identify(User, Ada), Track(User, "Signed Up"), new { type = "page", anonymousId = Browser, name = "Pricing", messageId = "late-page" });
        await app.SettleAsync();
        Assert.Equal("1 of 2", Erased(await app.RunAsync(await app.ImportAsync("Again", $"mail,plan\n{Address},gold\nbob2@stays.example,tin\n", Mapping))));
        Assert.Equal("2 of 3", Erased(await app.RunAsync(await app.ImportAsync("By name", $"user,mail,plan\n{User},,gold\nbob2,,tin\n{User},new@stays.example,gold\n", MappingByUser))));
        Assert.Equal(HttpStatusCode.Conflict, (await app.PostAsync("/api/leads", JsonSerializer.Serialize(new { traits = Ada, note = "met again" }))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await app.PutAsync($"/api/suppressions/{Address}", """{"reason":"manual"}""")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await app.DeleteAsync($"/api/suppressions/{Address}")).Status);
        Assert.DoesNotContain(Address, (await app.GetAsync("/api/suppressions?reason=erased")).Text, StringComparison.Ordinal);
        Assert.Equal("erased", (await app.GetAsync($"/api/suppressions/{Address}")).Json.GetProperty("reason").GetString());

        // The second import's file holds the address because somebody put it there again; nothing else does.
        var left = await WholeStorage.FindAsync(app.ConnectionString, ErasingApp.Folder, [.. Marks, Other]);
        Assert.Equal(["imports"], left.Where(found => !found.EndsWith(Other, StringComparison.Ordinal)).Select(found => found.Split(':')[0]).Distinct());
        Assert.All(["Leads", "DeadLetters", "JourneyRuns"], place => Assert.Contains($"{place}: {Other}", left));
        var told = receiver.All.ToList();
        var last = told.FindLastIndex(one => one.Lead == lead);
        Assert.Equal("""LeadErased {"lead":{"id":"LEAD"}}""", $"{told[last].Type} {told[last].Data.GetRawText()}".Replace(lead, "LEAD", StringComparison.Ordinal));

        await ComeBackAsync(app);

        // All that came in, went out, failed and was erased here left nothing of anybody in the logs, whatever their level.
        Assert.Contains(app.Logs.Lines, line => line.Level < Microsoft.Extensions.Logging.LogLevel.Information); // or they are not as talkative as they can be
        Assert.Contains(app.Logs.Lines, line => $"{line}".Contains("Dead letter", StringComparison.Ordinal));
        Assert.DoesNotContain(app.Logs.Lines.Select(line => $"{line}"), line => Marks.Append(Other).Any(mark => line.Contains(mark, StringComparison.OrdinalIgnoreCase) || line.Contains(Uri.EscapeDataString(mark), StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task An_erasure_that_ends_anywhere_goes_on_and_each_step_may_be_done_twice()
    {
        await using var app = shared.Borrow();
        await app.SendAsync(new { type = "page", anonymousId = "cid-browser", name = "Home", messageId = "cid-page" }, Identify("cid", new { email = "cid@steps.example", name = "Cid Steps" }));
        await app.SendAsync(new { type = "identify", userId = "cid", anonymousId = "cid-browser", traits = new { }, messageId = "cid-links" });
        await app.SettleAsync();
        var lead = (await app.GetAsync("/api/leads?userId=cid")).Json.GetProperty("items")[0].GetProperty("id").GetString()!; // it has one
        var table = app.NewServices().GetRequiredService<ErasuresTable>();
        var erasure = new ErasureState(Guid.CreateVersion7().ToString("N"), lead, Start, "test");
        await table.AddAsync(erasure, default);

        // Each on an instance of its own, which knows nothing; and the row as if whoever did the step had died before it was written down.
        var (steps, places) = (0, app.NewServices().GetRequiredService<Places>().All.Count);
        while (await table.FindAsync(erasure.Id, default) is { } at && at.State.Step <= places)
        {
            var work = await NewWorkAsync(app);
            await work.AdvanceAsync(null!, erasure.Id, default); // without runs nobody asks the engine
            var then = (await table.FindAsync(erasure.Id, default))!; // it was just there
            Assert.NotNull(await table.TrySaveAsync(then, at.State, default));
            await work.AdvanceAsync(null!, erasure.Id, default); // likewise
            steps++;
        }

        Assert.Equal(places + 2, steps); // whom it is about, the lead, and each place
        Assert.Equal("erasing", (await app.GetAsync($"/api/erasures/{erasure.Id}")).Json.GetProperty("status").GetString()); // which has somebody go on
        await app.SettleAsync();
        Assert.Equal("checking", (await app.GetAsync($"/api/erasures/{erasure.Id}")).Json.GetProperty("status").GetString());
        Assert.Empty((await app.GetAsync("/api/leads?userId=cid")).Json.GetProperty("items").EnumerateArray());
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync($"/api/erasures/{Guid.NewGuid():N}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.DeleteAsync("/api/leads/nobody")).Status);
    }

    /// <summary>Somebody else takes back the merge while the erasure has just begun.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_is_parted_before_the_lead_is_gone_is_not_erased_with_it_and_who_was_meant_is(bool isWhoStays)
    {
        await using var app = shared.Borrow();
        var (stays, goes) = ($"stays-{isWhoStays}", $"goes-{isWhoStays}");
        await app.SendAsync(Identify(stays, new { email = $"{stays}@parted.example" }), Identify(goes, new { email = $"{goes}@parted.example" }));
        await app.SettleAsync();
        var (one, other) = (await IdOfAsync(stays), await IdOfAsync(goes));
        await app.PostAsync($"/api/leads/{one}/merge", JsonSerializer.Serialize(new { lead = other }));
        await app.SettleAsync();
        var table = app.NewServices().GetRequiredService<ErasuresTable>();
        var erasure = new ErasureState(Guid.CreateVersion7().ToString("N"), isWhoStays ? one : other, Start, "test");
        await table.AddAsync(erasure, default);
        await (await NewWorkAsync(app)).AdvanceAsync(null!, erasure.Id, default); // it is written down whom it is about; without runs nobody asks the engine
        Assert.Equal(2, (await table.FindAsync(erasure.Id, default))!.State.Person!.LeadIds.Count); // it is there

        await app.PostAsync($"/api/leads/{one}/unmerge", JsonSerializer.Serialize(new { lead = other }));
        await app.SettleAsync();
        await app.GetAsync($"/api/erasures/{erasure.Id}"); // which has somebody go on
        await app.SettleAsync();

        var (gone, left) = isWhoStays ? ((stays, one), (goes, other)) : ((goes, other), (stays, one));
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync($"/api/leads/{gone.Item2}")).Status);
        Assert.Equal(left.Item2, await IdOfAsync(left.Item1));
        Assert.Equal(left.Item2, (await app.GetAsync($"/api/leads?email={left.Item1}@parted.example")).Json.GetProperty("items")[0].GetProperty("id").GetString());
        Assert.Contains("identify", (await app.GetAsync($"/api/leads/{left.Item2}/timeline")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync($"/api/suppressions/{left.Item1}@parted.example")).Status);

        async Task<string> IdOfAsync(string user) => (await app.GetAsync($"/api/leads?userId={user}")).Json.GetProperty("items")[0].GetProperty("id").GetString()!; // it has one
    }

    /// <summary>The one that stays has let them go, and whoever was to tell them died.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_has_not_heard_that_they_were_let_go_hears_it_first_and_nobody_is_erased_with_the_other(bool isWhoStays)
    {
        await using var app = shared.Borrow();
        var (keeps, leaves) = ($"lets-go-{isWhoStays}", $"let-go-{isWhoStays}");
        await app.SendAsync(Identify(keeps, new { email = $"{keeps}@parted.example" }), Identify(leaves, new { email = $"{leaves}@parted.example" }));
        await app.SettleAsync();
        var (stays, goes) = (await IdOfAsync(keeps), await IdOfAsync(leaves));
        await app.PostAsync($"/api/leads/{stays}/merge", JsonSerializer.Serialize(new { lead = goes }));
        await app.SettleAsync();
        var services = app.NewServices();
        await Task.WhenAll(services.GetServices<IFreshness>().Select(one => one.FreshAsync(default).AsTask()));
        var leads = services.GetRequiredService<LeadsTable>();
        var (row, tag) = (await leads.FindAsync(stays, default))!.Value; // it was just merged into
        var parted = Reducer.Apply(((LeadRow.Profile)row).State, [new(Merges.LetGo(stays, goes, "parting", Start), Start, [])], services.GetRequiredService<RulesInEffect>().Current, Start).State;
        await leads.SubmitAsync([LeadRows.Write(parted, default, tag)], default); // and no more
        Assert.Equal(goes, (await app.GetAsync($"/api/leads/{goes}")).Json.GetProperty("id").GetString());
        var table = services.GetRequiredService<ErasuresTable>();
        var erasure = new ErasureState(Guid.CreateVersion7().ToString("N"), isWhoStays ? stays : goes, Start.AddYears(100), "test"); // just now, whatever the clock shows
        await table.AddAsync(erasure, default);

        Assert.False(await (await NewWorkAsync(app)).AdvanceAsync(null!, erasure.Id, default)); // without runs nobody asks the engine
        Assert.Null((await table.FindAsync(erasure.Id, default))!.State.Person); // it is there
        await app.GetAsync($"/api/erasures/{erasure.Id}"); // which has somebody go on
        await app.SettleAsync();

        var ((gone, goneId), (left, leftId)) = isWhoStays ? ((keeps, stays), (leaves, goes)) : ((leaves, goes), (keeps, stays));
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync($"/api/leads/{goneId}")).Status);
        Assert.Equal(leftId, await IdOfAsync(left));
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync($"/api/suppressions/{left}@parted.example")).Status);
        Assert.Equal("erased", (await app.GetAsync($"/api/suppressions/{gone}@parted.example")).Json.GetProperty("reason").GetString());

        async Task<string> IdOfAsync(string user) => (await app.GetAsync($"/api/leads?userId={user}")).Json.GetProperty("items")[0].GetProperty("id").GetString()!; // it has one
    }

    private static async Task<ErasureWork> NewWorkAsync(TestApp app)
    {
        var services = app.NewServices();
        await Task.WhenAll(services.GetServices<IFreshness>().Select(one => one.FreshAsync(default).AsTask()));
        return services.GetRequiredService<ErasureWork>();
    }

    private static string Erased(JsonElement import) => $"{import.GetProperty("progress").GetProperty("erased").GetInt32()} of {import.GetProperty("progress").GetProperty("rows").GetInt32()}";

    /// <summary>By a form, as somebody of whom nothing is known; and mail goes to them once they have confirmed that they want it.</summary>
    private static async Task ComeBackAsync(TestApp app)
    {
        await SubmitAsync(app, new { email = Address, name = "Ada", ok = true });
        await app.SettleAsync();
        var back = await app.LeadAsync(Address);
        Assert.Equal("Ada", back.GetProperty("traits").GetProperty("name").GetString());
        Assert.False(back.GetProperty("traits").TryGetProperty("plan", out _));
        Assert.False(back.TryGetProperty("userId", out _));
        Assert.Equal("erased", (await app.GetAsync($"/api/suppressions/{Address}")).Json.GetProperty("reason").GetString());

        var mail = (await app.GetAsync("/api/outbox?limit=500")).Json.GetProperty("items").EnumerateArray().Single(message => message.GetProperty("to").GetString() == Address);
        var text = mail.GetProperty("text").GetString()!; // it has one
        var link = text[text.IndexOf("/f/confirm/", StringComparison.Ordinal)..].Split([' ', '\n', '\r'])[0];
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync(link, key: null)).Status);
        await app.SettleAsync();
        Assert.Equal("""{"news":true}""", (await app.LeadAsync(Address)).GetProperty("consent").GetRawText());
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync($"/api/suppressions/{Address}")).Status);
    }

    /// <summary>What failed at each delivery is among the dead letters when somebody asks for them.</summary>
    private static async Task KeepPoisonAsync(TestApp app)
    {
        var poison = new QueueClient(app.ConnectionString, new OwnedQueue(Queues.LeadEvents).Poison);
        await Eventually.ThatAsync(
            async () =>
            {
                var letters = (await app.GetAsync("/api/dead-letters")).Json.GetProperty("items").EnumerateArray();
                return letters.Count(letter => letter.GetProperty("kind").GetString() == "message") > 1 && (await poison.GetPropertiesAsync()).Value.ApproximateMessagesCount == 0;
            },
            isKept => isKept);
    }
}
