using System.Diagnostics.Metrics;

namespace LeadFunctions.Integrations.Delivery;

/// <summary>What goes out, in the meter <c>LeadFunctions</c>.</summary>
public sealed class DeliveryMetrics
{
    private readonly Counter<long> _tries;
    private readonly Histogram<double> _lag;

    public DeliveryMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("LeadFunctions");
        _tries = meter.CreateCounter<long>("leadfunctions.webhook.deliveries", "{try}", "Tries to deliver an event, by target and by what became of it: delivered, retried, failed for good, gone.");
        _lag = meter.CreateHistogram<double>("leadfunctions.webhook.lag", "s", "Time from what happened to its delivery.");
    }

    public void Count(string target, string outcome) => _tries.Add(1, new("target", target), new("outcome", outcome));

    public void Lag(string target, TimeSpan lag) => _lag.Record(lag.TotalSeconds, new KeyValuePair<string, object?>("target", target));
}
