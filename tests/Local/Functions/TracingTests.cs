using System.Collections.Concurrent;
using System.Diagnostics;

namespace LeadFunctions.Local.Tests.Functions;

public sealed class TracingTests
{
    [Fact]
    public async Task An_invocation_is_a_span_in_the_callers_trace()
    {
        var trace = ActivityTraceId.CreateRandom();
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.Azure.Functions.Worker",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.TraceId == trace ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var app = await SampleApp.StartAsync(["Ping"]);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/ping") { Headers = { { "traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01" } } };
        (await app.Client.SendAsync(request)).EnsureSuccessStatusCode();

        var span = Assert.Single(spans);
        Assert.Equal("function Ping", span.DisplayName);
        Assert.Equal("httpTrigger", span.GetTagItem("faas.trigger"));
    }
}
