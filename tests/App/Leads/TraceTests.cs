using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using LeadFunctions.Operations;

namespace LeadFunctions.Tests.Leads;

public sealed class TraceTests
{
    [Fact]
    public async Task One_trace_leads_from_the_request_through_the_queue_to_the_commit_and_its_effects()
    {
        var trace = ActivityTraceId.CreateRandom();
        var spans = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is Telemetry.Name or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.TraceId == trace)
                {
                    spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var app = await LeadApp.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/identify")
        {
            Content = new StringContent("""{"userId":"u1","traits":{"email":"ann@example.com"}}"""),
            Headers = { { "traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01" } },
        };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("local-write-key:")));

        using var answer = await app.App.Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        await app.App.SettleAsync();

        Assert.Contains(spans, span => span.OperationName == "ApplyEvents");
        Assert.Contains(spans, span => span.OperationName == "ApplyEffects");
    }
}
