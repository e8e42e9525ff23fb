using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace LeadFunctions.Benchmarks;

/// <summary>Leads that go through journeys, seen from outside: events in, messages out.</summary>
internal sealed class JourneyLeads(Stack app)
{
    private const int InBatch = 50;
    private const string Headers = "Authorization: Basic bG9jYWwtd3JpdGUta2V5Og==\r\nContent-Type: application/json\r\n";

    public async Task PublishAsync(string id, string json)
    {
        using var document = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await app.Client.PutAsync($"/api/journeys/{id}", document);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"The journey {id} is not valid: {await answer.Content.ReadAsStringAsync()}");
        }

        (await app.Client.PostAsync($"/api/journeys/{id}/publish", null)).EnsureSuccessStatusCode().Dispose();
    }

    /// <param name="leads">Tells these leads from others.</param>
    /// <param name="renewsAt">A trait.</param>
    public async Task EnterAsync(string trigger, string leads, int count, DateTime? renewsAt = null)
    {
        var calls = Enumerable.Range(0, count).Select(n => $"{leads}-{n}").Select(lead =>
            $$$"""{"type":"identify","userId":"{{{lead}}}","messageId":"i{{{lead}}}","traits":{"email":"{{{lead}}}@example.com","renewsAt":"{{{renewsAt:O}}}"}},{"type":"track","userId":"{{{lead}}}","messageId":"t{{{lead}}}","event":"{{{trigger}}}"}""");
        var batches = calls.Chunk(InBatch).Select(some => Load.Post(app.Address, "/v1/batch", Headers, $$"""{"batch":[{{string.Join(',', some)}}]}""")).ToList();
        if (await Load.RunAsync(app.Address, batches, Math.Min(4, batches.Count)) is { Refused: > 0 and var refused })
        {
            throw new InvalidOperationException($"{refused} batches were refused.");
        }
    }

    /// <summary>How late each message to these leads went out, in seconds; sorted.</summary>
    /// <exception cref="InvalidOperationException">There are more or fewer than expected.</exception>
    public async Task<List<double>> LateAsync(string journey, string leads, int expected)
    {
        var late = new List<double>();
        string? cursor = "";
        while (cursor is not null)
        {
            var page = (await app.Client.GetFromJsonAsync<JsonObject>($"/api/outbox?journey={journey}&limit=500{cursor}"))!; // the answer is always a page
            late.AddRange(page["items"]!.AsArray().Select(message => message!) // as every page, and every message in it
                .Where(message => message["to"]!.GetValue<string>().StartsWith($"{leads}-", StringComparison.Ordinal))
                .Select(message => (Time(message, "sentAt") - Time(message, "due")).TotalSeconds));
            cursor = page["nextCursor"] is { } next ? $"&cursor={next}" : null;
        }

        late.Sort();
        return late.Count == expected ? late : throw new InvalidOperationException($"{late.Count} messages went to {leads}, {expected} should have.");
    }

    private static DateTimeOffset Time(JsonNode message, string name) => message[name]!.GetValue<DateTimeOffset>();
}
