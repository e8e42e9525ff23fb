using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LeadFunctions.Events;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Operations;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Traces_and_metrics_reach_the_collector_that_is_configured()
    {
        await using var collector = new TelemetryCollector();
        await using (var app = await TestApp.StartAsync(App.Build, collector.Settings))
        {
            await app.GetAsync("/api/scoring-models");
        }

        var traces = collector.Received("/v1/traces");
        Assert.Contains("GET /api/scoring-models", traces, StringComparison.Ordinal);
        Assert.Contains("http.response.status_code", traces, StringComparison.Ordinal);
        Assert.DoesNotContain(Api.AdminKey, traces, StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", collector.Received("/v1/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_lag_from_event_to_score_is_measured_in_seconds_once_per_event()
    {
        var seen = new ConcurrentBag<double>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument.Name == "leadfunctions.event_to_score") { l.EnableMeasurementEvents(instrument); } } };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => seen.Add(value));
        listener.Start();
        var at = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        Telemetry.EventScored(at, at.AddDays(1.5), events: 3);
        Telemetry.EventScored(at.AddSeconds(1), at);

        // Other tests run at the same time; no event of theirs waits this long.
        Assert.Equal(3, seen.Count(lag => lag == 1.5 * 24 * 3600));
        Assert.DoesNotContain(seen, lag => lag < 0);
    }
}
