using System.Diagnostics;
using System.Text;
using LeadFunctions.Tests.Journeys;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Leads;

public sealed class TraceTests
{
    [Fact]
    public async Task One_trace_leads_from_the_request_through_the_queue_to_the_commit_and_its_effects()
    {
        var trace = ActivityTraceId.CreateRandom();
        await using var collector = new TelemetryCollector();
        await using (var app = await TestApp.StartAsync(App.Build, collector.Settings))
        {
            await app.SendAsync(JourneyApp.Identify("u1", new { email = "ann@example.com" }));
            await app.SettleAsync();
            var id = (await app.GetAsync("/api/leads?userId=u1")).Json.GetProperty("items")[0].GetProperty("id").GetString();
            using var request = new HttpRequestMessage(HttpMethod.Put, $"api/leads/{id}/stage")
            {
                Content = new StringContent("""{"stage":"mql"}""", Encoding.UTF8, "application/json"),
                Headers = { { "traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01" } },
            };
            request.Headers.Authorization = new("Bearer", Api.AdminKey);

            using var answer = await app.Client.SendAsync(request);
            answer.EnsureSuccessStatusCode();
            await app.SettleAsync();
        }

        var spans = collector.SpansOf(trace);
        Assert.Contains("PUT /api/leads/{id}/stage", spans);
        Assert.Contains("ApplyEvents", spans);
        Assert.Contains("ApplyEffects", spans);
    }
}
