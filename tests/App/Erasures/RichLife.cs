using System.Net;
using System.Text;
using System.Text.Json;
using Azure.Storage.Queues;
using LeadFunctions.Events;
using LeadFunctions.Events.Poison;
using LeadFunctions.Forms.Stored;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Tests.Imports;
using LeadFunctions.Tests.Integrations;
using LeadFunctions.Tests.Journeys;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Erasures;

/// <summary>Somebody of whom the app keeps something in every place that it has.</summary>
internal static class RichLife
{
    public const string Address = "ada.lovelace@erased.example", Name = "Lovelace-Byron", Phone = "+48555123987", User = "ada-user-7731", Browser = "ada-browser-5512", Other = "bob@stays.example";

    // JSON may write the plus of a number in another way.
    public static readonly string[] Marks = [Address, Name, Phone[1..], User, Browser, "calls-at-noon"];

    public static readonly object Ada = new { email = Address, name = Name, phone = Phone, plan = "gold" };

    public static readonly object Mapping = new { columns = new object[] { new { column = "mail", @as = "email" }, new { column = "plan", @as = "trait", name = "plan" } } };

    public static readonly object MappingByUser = new
    {
        columns = new object[] { new { column = "user", @as = "userId" }, new { column = "mail", @as = "email" }, new { column = "plan", @as = "trait", name = "plan" } },
    };

    /// <summary>The person in every place; and somebody else, who is to stay.</summary>
    public static async Task<string> FillAsync(TestApp app, Receiver receiver)
    {
        await app.WriteToWhoDidNotRefuseAsync();
        await app.HookAsync("crm", receiver);
        await app.PublishAsync("stay", """{"name":"x","trigger":{"event":"Signed Up"},"steps":[{"id":"hello","type":"send","template":"hello"},{"id":"long","type":"wait","for":"30d"},{"id":"bye","type":"send","template":"bye"}]}""");
        await PublishAsync(app, "segments", "gold", """{"name":"Gold","when":{"trait":"plan","equals":"gold"}}""");
        await PublishAsync(app, "forms", "contact", """{"name":"Contact","fields":[{"type":"email","name":"email","label":"E-mail","required":true},{"type":"text","name":"name","label":"Name","trait":"name"},{"type":"consent","name":"ok","text":"I agree.","topics":["news"]}],"doubleOptIn":{"from":"us@shop.example"},"minimumSeconds":0,"honeypot":"website"}""");

        await app.GetAsync("/api/tail"); // somebody looks on

        // A browser, an address by itself, and a user id, which become one; and somebody else at the same shop.
        await app.SendAsync(new { type = "page", anonymousId = Browser, name = "Pricing", messageId = "ada-page" });
        await app.SettleAsync();
        await app.RunAsync(await app.ImportAsync("Fair", $"mail,plan\n{Address},gold\n{Other},tin\n", Mapping));
        await app.SendAsync(new { type = "identify", userId = User, anonymousId = Browser, traits = Ada, messageId = "ada-identify" }, Identify("bob", new { email = Other }));
        await app.SettleAsync();
        await app.SendAsync(Track(User, "Signed Up", new { by = Name, phone = Phone }), Track("bob", "Signed Up", new { by = Other }));
        await app.SettleAsync();
        var lead = (await app.GetAsync($"/api/leads?userId={User}")).Json.GetProperty("items")[0];
        var id = lead.GetProperty("id").GetString()!; // it has one
        Assert.Equal(id, (await app.LeadAsync(Address)).GetProperty("id").GetString());
        await FailAsync(app);

        await app.StageAsync(id, "mql");
        await app.PutAsync($"/api/leads/{id}/owner", """{"owner":"sam"}""");
        await app.PostAsync($"/api/leads/{id}/notes", """{"text":"calls-at-noon","by":"sam"}""");
        await app.PutAsync($"/api/segments/regulars/leads/{id}", "");
        await PublishAsync(app, "templates", "spring", """{"name":"Spring","from":"us@shop.example","subject":"Hi {{ lead.name }}","html":"<p>Hi {{ lead.name }}</p>"}""");
        var campaign = await app.PostAsync("/api/campaigns", JsonSerializer.Serialize(new { name = "Spring", leadIds = new[] { id }, template = "spring", service = true }));
        Assert.True(campaign.Status == HttpStatusCode.Created, campaign.Text);
        await SubmitAsync(app, new { email = Address, name = Name, ok = true, anonymousId = Browser });
        await SubmitAsync(app, new { email = Address, name = Name, website = "I am a robot", anonymousId = "robot" });
        await app.SettleAsync();
        var submission = (await app.GetAsync($"/api/leads/{id}/timeline")).Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!).Single(e => e.EndsWith("/submitted", StringComparison.Ordinal)).Split('/')[1];
        await app.NewServices().GetRequiredService<FormFiles>().KeepAsync("contact", submission, "cv", "pdf", new("cv.pdf", Encoding.UTF8.GetBytes($"%PDF {Name} {Address}")), default);

        var letters = app.NewServices().GetRequiredService<DeadLetters>();
        await letters.AddEventAsync(Signs("dead-1", User), Start, "It never fits.", default);
        await letters.AddMessageAsync(Queues.LeadEvents, QueueText.Write(new EventBatch("dead-batch", Start, [Signs("dead-2", User), Signs("dead-3", "bob", Other)]), EventsJson.Default.EventBatch), "dead-message", Start, 10, "It failed.", default);
        Assert.NotEmpty((await app.GetAsync("/api/leads?q=Lovelace")).Json.GetProperty("items").EnumerateArray()); // and makes the listings' snapshots
        return id;
    }

    /// <summary>What is refused or cannot be delivered, with them inside.</summary>
    private static async Task FailAsync(TestApp app)
    {
        await app.PutAsync("/api/webhooks/down", """{"name":"Nobody is there","url":"http://127.0.0.1:1/hook"}""");
        var cut = $"{{\"batch\":[{{\"type\":\"identify\",\"userId\":\"{User}\",\"traits\":{{\"name\":\"{Name}\",\"phone\":\"{Phone}\",\"email\":\"{Address}";
        foreach (var (path, broken) in new[] { ("/v1/batch", cut), ("/v1/identify", JsonSerializer.Serialize(new { userId = new { name = Name }, traits = Ada })), ("/collect", Address), ("/f/contact", cut) })
        {
            using var refused = await app.Client.PostAsync(path, new StringContent(broken, Encoding.UTF8, "application/json"));
            Assert.InRange((int)refused.StatusCode, 200, 499);
        }

        await new QueueClient(app.ConnectionString, Queues.LeadEvents).PutAsync(cut); // fails at every delivery
    }

    private static LeadEvent Signs(string id, string user, string? by = null) => new()
    {
        Id = id,
        Type = EventType.Track,
        Name = "Signed Up",
        At = Start,
        UserId = user,
        Properties = JsonSerializer.SerializeToElement(new { by = by ?? Name }),
    };

    /// <summary>As messages that a host had in hand as it was killed come again.</summary>
    public static async Task PutLateAsync(TestApp app, string lead)
    {
        await PutAsync(Queues.LeadEvents, QueueText.Write(new EventBatch("late-batch", Start, [Signs("late-1", User), new LeadEvent { Id = "late-2", Type = EventType.Identify, Name = "identify", At = Start, UserId = User, AnonymousId = Browser, Traits = JsonSerializer.SerializeToElement(Ada) }]), EventsJson.Default.EventBatch));
        var note = new LeadEffect($"{lead}.1", EffectKind.NoteAdded, lead, Start, null, "late-note", JsonSerializer.SerializeToElement(new { at = Start, by = "sam", text = "calls-at-noon" }));
        await PutAsync(Queues.LeadEffects, QueueText.Write(new EffectBatch([note]), EffectsJson.Default.EffectBatch));
        var told = new LeadEffect($"{lead}.2", EffectKind.Told, lead, Start, null, "MessageSent", JsonSerializer.SerializeToElement(new { number = 1, data = new { lead = new { id = lead, email = Address } } }));
        await PutAsync(Queues.Outbound, QueueText.Write(new EffectBatch([told]), EffectsJson.Default.EffectBatch));

        Task PutAsync(string queue, string text) => new QueueClient(app.ConnectionString, queue).PutAsync(text);
    }

    public static async Task SubmitAsync(TestApp app, object answers)
    {
        using var response = await app.Client.PostAsync("/f/contact", new StringContent(JsonSerializer.Serialize(answers), Encoding.UTF8, "application/json"));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task PublishAsync(TestApp app, string kind, string id, string document)
    {
        var put = await app.PutAsync($"/api/{kind}/{id}", document);
        Assert.True(put.Status == HttpStatusCode.Created, put.Text);
        var published = await app.PostAsync($"/api/{kind}/{id}/publish");
        Assert.True(published.Status == HttpStatusCode.OK, published.Text);
    }
}
