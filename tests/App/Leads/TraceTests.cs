using System.Diagnostics;
using System.Text;
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
            using var request = new HttpRequestMessage(HttpMethod.Post, "v1/identify")
            {
                Content = new StringContent("""{"userId":"u1","traits":{"email":"ann@example.com"}}"""),
                Headers = { { "traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01" } },
            };
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("local-write-key:")));

            using var answer = await app.Client.SendAsync(request);
            answer.EnsureSuccessStatusCode();
            await app.SettleAsync();
        }

        var spans = collector.SpansOf(trace);
        Assert.Contains("POST /v1/{call}", spans);
        Assert.Contains("ApplyEvents", spans);
        Assert.Contains("ApplyEffects", spans);
    }
}
