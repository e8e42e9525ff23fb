using System.Net;

namespace LeadFunctions.Tests.Operations;

/// <summary>Whoever misspells an id hears of it, at whichever route: never an empty answer, and never an answer as if there were such a thing.</summary>
[Collection(nameof(OneManagedApp))]
public sealed class UnknownIdTests(SharedApp shared)
{
    private const string Nothing = "no-such-thing";

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
