using System.Net;

namespace LeadFunctions.Tests.Operations;

/// <summary>Whoever misspells an id hears of it, at whichever route: never an empty answer, and never an answer as if there were such a thing.</summary>
[Collection(nameof(OneManagedApp))]
public sealed class UnknownIdTests(SharedApp shared)
{
    private const string Nothing = "no-such-thing";
    private const string OfNobody = """{"name":"Nobody","trigger":{"event":"Never Happens"},"steps":[{"id":"wait","type":"wait","for":"1d"}]}""";

    /// <summary>What routes want to have in their query before they look.</summary>
    private static readonly Dictionary<string, string> Queries = new() { ["/api/segments/{id}/audience"] = "?format=google" };

    /// <summary>Those that do look first at what they are to do, which is refused here.</summary>
    private static readonly HashSet<HttpStatusCode> Refusals = [HttpStatusCode.NotFound, HttpStatusCode.BadRequest];

    [Fact]
    public async Task What_does_not_exist_is_not_found_at_any_route()
    {
        await using var app = shared.Borrow();
        var paths = (await app.GetAsync("/api/openapi.json")).Json.GetProperty("paths").EnumerateObject()
            .Where(path => path.Name.StartsWith("/api/", StringComparison.Ordinal) && path.Name.Contains('{', StringComparison.Ordinal)).ToList();
        var wrong = new List<string>();
        var asked = 0;
        foreach (var path in paths)
        {
            var at = string.Join('/', path.Name.Split('/').Select(part => part is "{version}" ? "1" : part is "{address}" ? "nobody@example.com" : part.StartsWith('{') ? Nothing : part)) + Queries.GetValueOrDefault(path.Name);
            if (path.Value.TryGetProperty("get", out _))
            {
                asked++;
                var answer = await app.GetAsync(at);
                if (answer.Status != HttpStatusCode.NotFound || answer.ContentType != "application/problem+json")
                {
                    wrong.Add($"GET {at}: {answer}");
                }
            }

            if (path.Value.TryGetProperty("post", out _))
            {
                asked++;
                var answer = await app.PostAsync(at, "{}");
                if (!Refusals.Contains(answer.Status) || answer.ContentType != "application/problem+json")
                {
                    wrong.Add($"POST {at}: {answer}");
                }
            }
        }

        Assert.True(asked > 80, $"{asked} routes");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("/api/leads?segment=")]
    [InlineData("/api/leads/export?segment=")]
    [InlineData("/api/leads/export?anonymous=true&segment=")]
    public async Task So_is_a_segment_that_a_query_names(string path)
    {
        await using var app = shared.Borrow();

        var answer = await app.GetAsync(path + Nothing);

        Assert.Equal((HttpStatusCode.NotFound, "/problems/not-found", "application/problem+json"), (answer.Status, answer.Problem, answer.ContentType));
        Assert.Contains($"\"{Nothing}\"", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    /// <summary>A report of a journey that there is not would say 0, and look right.</summary>
    [Theory]
    [InlineData("/api/reports/mqls?journey=", HttpStatusCode.NotFound)]
    [InlineData("/api/reports/mqls/people?journey=", HttpStatusCode.NotFound)]
    [InlineData("/api/reports/ctr?template=", HttpStatusCode.NotFound)]
    [InlineData("/api/reports/funnel?stage=", HttpStatusCode.BadRequest)]
    [InlineData("/api/reports/mqls?grade=", HttpStatusCode.BadRequest)]
    [InlineData("/api/outbox?journey=", HttpStatusCode.NotFound)]
    [InlineData("/api/outbox?template=", HttpStatusCode.NotFound)]
    [InlineData("/api/outbox?lead=", HttpStatusCode.NotFound)]
    [InlineData("/api/outbox?jorney=", HttpStatusCode.BadRequest)]
    [InlineData("/api/leads?company=", HttpStatusCode.NotFound)]
    [InlineData("/api/journeys/of-nobody/runs?staus=", HttpStatusCode.BadRequest)]
    [InlineData("/api/journeys?state=", HttpStatusCode.BadRequest)]
    [InlineData("/api/webhooks?state=", HttpStatusCode.BadRequest)]
    public async Task So_is_what_a_filter_names(string path, HttpStatusCode status)
    {
        await using var app = shared.Borrow();
        await app.PutAsync("/api/journeys/of-nobody", OfNobody);

        var answer = await app.GetAsync(path + Nothing);

        Assert.Equal((status, "application/problem+json"), (answer.Status, answer.ContentType));
    }

    [Theory]
    [InlineData("/api/costs/misspelt", """{"from":"2026-01-01","to":"2026-01-31","amount":10,"currency":"EUR","journey":"no-such-thing"}""", "$.journey")]
    [InlineData("/api/reports/saved/misspelt", """{"metric":"mqls","query":{"journey":"no-such-thing"}}""", "$.query.journey")]
    [InlineData("/api/goals/misspelt", """{"metric":"mqls","query":{"journey":"no-such-thing"},"baseline":{"from":"2026-01-01","to":"2026-01-31"},"from":"2026-02-01","date":"2026-02-28","target":10}""", "$.query.journey")]
    public async Task So_is_what_somebody_wants_to_be_counted(string path, string document, string place)
    {
        await using var app = shared.Borrow();

        var answer = await app.PutAsync(path, document);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(place, Assert.Single(answer.Json.GetProperty("errors").EnumerateArray()).GetProperty("path").GetString());
    }

    /// <summary>Nobody has done anything yet that a report counts.</summary>
    [Fact]
    public async Task A_journey_in_which_nothing_has_happened_is_counted_as_nothing()
    {
        await using var app = shared.Borrow();
        await app.PutAsync("/api/journeys/of-nobody", OfNobody);

        Assert.Equal(0, (await app.GetAsync("/api/reports/mqls?journey=of-nobody")).Json.GetProperty("total").GetProperty("value").GetInt32());
        Assert.Empty((await app.GetAsync("/api/outbox?journey=of-nobody")).Json.GetProperty("items").EnumerateArray());
    }

    /// <summary>In which nobody is, is another matter.</summary>
    [Fact]
    public async Task A_published_segment_in_which_nobody_is_is_empty()
    {
        await using var app = shared.Borrow();
        await app.PutAsync("/api/segments/of-nobody", """{"name":"Nobody","when":{"event":"Never Happens","count":{"gte":1}}}""");
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/api/leads/export?segment=of-nobody")).Status); // a draft
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/api/segments/of-nobody/publish")).Status);

        Assert.Empty((await app.GetAsync("/api/leads?segment=of-nobody")).Json.GetProperty("items").EnumerateArray());
        Assert.Single((await app.GetAsync("/api/leads/export?segment=of-nobody")).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)); // the header
        Assert.Single((await app.GetAsync("/api/segments/of-nobody/audience?format=meta")).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync("/api/segments/of-nobody")).Status);
    }
}
