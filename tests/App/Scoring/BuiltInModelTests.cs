using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle;
using LeadFunctions.Scoring;
using LeadFunctions.Scoring.Stored;
using LeadFunctions.Segments;
using LeadFunctions.Tests.Conditions;
using LeadFunctions.Tests.Segments;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Scoring;

/// <summary>The scoring model that comes with the app: what somebody gets who has deployed it and defined nothing.</summary>
public sealed class BuiltInModelTests
{
    private const string Key = "a-long-random-value-of-a-test";

    private static readonly LeadRules Rules = new(ScoringModels.None.WithLive(BuiltInModel.Model), JourneyRules.None, SegmentRules.None, LifecycleRules.BuiltIn);

    /// <summary>As it is deployed: without the sample that a developer's machine begins with.</summary>
    [Fact]
    public async Task In_a_deployed_app_in_which_nothing_was_defined_a_visitor_becomes_an_mql_and_stands_in_the_sales_queue()
    {
        await using var app = await TestApp.StartAsync(App.Build, new Dictionary<string, string>
        {
            ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Production",
            [AccessOptions.AdminKeySetting] = Key,
            [AccessOptions.WriteKeySetting] = Key + "-w",
            ["LeadFunctions__Staging"] = "true", // so that the test can wait for what it caused
        });
        var listed = Assert.Single((await app.GetAsync("/api/scoring-models", Key)).Json.GetProperty("items").EnumerateArray());
        Assert.Equal(("standard", "builtIn", 0), (Text(listed, "id"), Text(listed, "state"), listed.GetProperty("latest").GetInt32()));

        await CollectAsync(app, Page("/pricing"), Page("/pricing/teams"), Page("/pl/cennik"), Page("/blog"));
        await CollectAsync(
            app, new { type = "identify", anonymousId = "b1", traits = new { email = "ann@acme.example", name = "Ann", company = new { name = "Acme", employees = 80 } } },
            new { type = "track", anonymousId = "b1", @event = "Form Submitted", properties = new { form = "demo" } });
        await CollectAsync(app, new { type = "identify", userId = "bob", traits = new { email = "bob@acme.example" } }, new { type = "page", userId = "bob", properties = new { path = "/pricing" } });
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/api/clock/settle", key: Key)).Status);

        var queued = Assert.Single((await app.GetAsync("/api/sales/queue", Key)).Json.GetProperty("items").EnumerateArray());
        Assert.Equal(("Ann", "mql"), (Text(queued, "name"), Text(queued, "stage")));
        var lead = Text(queued, "leadId");
        var handOver = (await app.GetAsync($"/api/leads/{lead}/handover", Key)).Json;
        var why = handOver.GetProperty("why").EnumerateArray().Select(line => line.GetString()!).ToList();
        Assert.Matches(@"^\+(30|29\.9) for page \(3 times, last on .*\): Looks at prices$", why[0]);
        Assert.Matches(@"^\+20 for Form Submitted on .*: Fills in a form$", why[1]);
        Assert.Equal(["+25 of fit: A company of 50 or more", "+10 of fit: Writes from a company", "+10 of fit: Works at a company that is known"], why[2..]);
        var score = (await app.GetAsync($"/api/leads/{lead}/score", Key)).Json;
        Assert.Equal(("standard", 0, "B"), (Text(score.GetProperty("model"), "id"), score.GetProperty("model").GetProperty("version").GetInt32(), Text(score, "grade")));
        Assert.Equal("What comes with the app", Text((await app.GetAsync("/api/scoring-models/standard/versions/0", Key)).Json.GetProperty("document"), "name"));

        // A model of one's own takes its place; what was earned stays.
        var saved = await app.PutAsync("/api/scoring-models/standard", """{"name":"Ours","engagement":{"rules":[{"id":"visit","when":{"event":"page"},"points":1}]}}""", Key);
        Assert.Equal((HttpStatusCode.Created, 1), (saved.Status, saved.Json.GetProperty("version").GetInt32()));
        Assert.Equal(["builtIn", "draft"], (await app.GetAsync("/api/scoring-models", Key)).Json.GetProperty("items").EnumerateArray().Select(model => Text(model, "state")));
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/api/scoring-models/standard/publish", key: Key)).Status);
        Assert.Equal(["live"], (await app.GetAsync("/api/scoring-models", Key)).Json.GetProperty("items").EnumerateArray().Select(model => Text(model, "state")));
        await CollectAsync(app, Page("/pricing"));
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/api/clock/settle", key: Key)).Status);
        var after = (await app.GetAsync($"/api/leads/{lead}/score", Key)).Json;
        Assert.Equal(1, after.GetProperty("model").GetProperty("version").GetInt32());
        Assert.Equal(["form standard@0", "pricing standard@0", "visit standard@1"], after.GetProperty("contributions").EnumerateArray().Where(row => row.GetProperty("applied").GetDouble() > 0).Select(row => $"{Text(row, "rule")} {Text(row, "model")}").Distinct().Order());
    }

    [Fact]
    public void It_is_a_model_that_could_have_been_sent()
    {
        Assert.Empty(ScoringModelDocument.Parse(BuiltInModel.Json).Errors);
        Assert.True(SchemaAgreement.Schema("scoring-model").Evaluate(BuiltInModel.Json).IsValid);
    }

    [Theory]
    [InlineData("mql", "ann@acme.example", "page:/pricing page:/pricing page:/pricing Form")]
    [InlineData("mql", "ann@gmail.com", "Product Product Product Cart Checkout Order")] // a shop's customers have no company
    [InlineData("lead", "ann@acme.example", "page:/pricing page:/pricing page:/pricing page:/pricing page:/pricing page:/pricing")] // only looks
    [InlineData("lead", "ann@acme.example", "page:/ page:/blog page:/about Product Product Form")]
    [InlineData("lead", "ann@acme.example", "page:/pricing page:/pricing page:/pricing page:/careers/engineer Form")] // looks for a job
    [InlineData("lead", "ann@uni.edu", "page:/pricing page:/pricing page:/pricing Form")] // writes a thesis
    [InlineData("lead", "", "page:/pricing page:/pricing page:/pricing Form Cart Checkout")] // nobody that sales could write to
    public void Who_fits_and_shows_interest_in_several_ways_is_for_sales(string stage, string email, string acts)
    {
        var lead = new SegmentLead(Rules);
        if (email.Length > 0)
        {
            lead.Identify(new { email });
        }

        foreach (var act in acts.Split(' '))
        {
            lead.Advance(TimeSpan.FromMinutes(3));
            _ = act switch
            {
                "Form" => lead.Track("Form Submitted", new { form = "contact" }),
                "Product" => lead.Track("Product Viewed", new { productId = "p1" }),
                "Cart" => lead.Track("Product Added", new { productId = "p1" }),
                "Checkout" => lead.Track("Checkout Started"),
                "Order" => lead.Track("Order Completed", new { revenue = 20 }),
                _ => lead.Track("page", new { path = act[5..] }),
            };
        }

        Assert.Equal(stage, lead.State.Whole.Stage);
    }

    private static object Page(string path) => new { type = "page", anonymousId = "b1", properties = new { path } };

    private static async Task CollectAsync(TestApp app, params IReadOnlyList<object> calls)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batch") { Content = new StringContent(JsonSerializer.Serialize(new { batch = calls }), Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Key}-w:")));
        using var response = await app.Client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
