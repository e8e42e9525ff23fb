using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Azure.Identity;
using LeadFunctions.Events;
using LeadFunctions.Operations;
using LeadFunctions.Tests.Journeys;
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Traces_and_metrics_reach_Application_Insights_when_it_is_configured(bool otlpToo)
    {
        await using var collector = new TelemetryCollector();
        await using (var app = await TestApp.StartAsync(App.Build, collector.InsightsSettings.Concat(otlpToo ? collector.Settings : []).ToDictionary()))
        {
            await app.SendAsync(JourneyApp.Identify("ann", new { }));
            await app.SettleAsync();
        }

        var items = collector.InsightsItems().Select(item => item.GetProperty("data").GetProperty("baseData")).ToList();
        var accepted = items.Where(item => item.TryGetProperty("metrics", out var metrics) && metrics[0].GetProperty("name").GetString() == "leadfunctions.ingest.events"
            && item.GetProperty("properties").GetProperty("outcome").GetString() == "accepted");
        Assert.Equal(1, accepted.Sum(item => item.GetProperty("metrics")[0].GetProperty("value").GetDouble()));
        Assert.Contains(items, item => item.TryGetProperty("name", out var name) && name.GetString() == "ApplyEvents");
        Assert.Equal(otlpToo, collector.SumsOf("leadfunctions.ingest.events", by: "outcome").GetValueOrDefault("accepted") == 1);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("ClientId=11111111-2222-3333-4444-555555555555", false)]
    [InlineData("ClientId=11111111-2222-3333-4444-555555555555;Authorization=AAD", true)]
    [InlineData("authorization=aad", true)]
    public void Application_Insights_is_reached_by_identity_where_the_deployment_says_so(string? authentication, bool byIdentity) =>
        Assert.Equal(byIdentity, TelemetryExport.FindCredential(authentication) is ManagedIdentityCredential);

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
