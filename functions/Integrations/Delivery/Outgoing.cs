using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Storage.Queues;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Storage;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Integrations.Delivery;

/// <summary>
/// Puts what is told of each lead in order, and into the lanes of whoever wants it. Every line may be the last before a crash: the message comes again, and what was done is found done.
/// </summary>
public sealed class Outgoing(OutboundTable outbound, DeliveriesTable deliveries, Targets targets, DeliveryOrders orders, DueMinutes minutes, IHandOvers handOvers, TimeProvider time)
{
    /// <summary>A number that does not come, since its message ended among the dead letters, holds up what follows it for as long as it may be in the hands of a host that was lost.</summary>
    internal static readonly TimeSpan GapPatience = LostHost.IsOver;

    internal async Task TellAsync(DurableTaskClient client, string leadId, IReadOnlyList<WorldEvent> events, CancellationToken cancellationToken)
    {
        await outbound.AddAsync(events, time.GetUtcNow(), cancellationToken);
        await SendReadyAsync(client, leadId, cancellationToken);
    }

    /// <summary>What waits for a number that did not come for too long waits no more; when it comes after all, it goes out then.</summary>
    internal async Task PassGapAsync(DurableTaskClient client, string leadId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var seen = await outbound.ReadAsync(leadId, cancellationToken);
        if (seen.Events is [var (first, since), ..] && first.Number > seen.Next && now - since >= GapPatience)
        {
            await outbound.TryAdvanceAsync(leadId, seen, first.Number, [], cancellationToken);
        }

        await SendReadyAsync(client, leadId, cancellationToken);
    }

    private async Task SendReadyAsync(DurableTaskClient client, string leadId, CancellationToken cancellationToken)
    {
        while (true)
        {
            var seen = await outbound.ReadAsync(leadId, cancellationToken);
            var ready = ReorderBuffer.Ready(seen.Next, seen.Events.Select(waiting => waiting.Event.Number));
            if (ready.Count == 0)
            {
                if (seen.Events is [var (first, since), ..])
                {
                    await minutes.NoteAsync(client, DueDeliveries.GapRow(leadId), since + GapPatience, first.Id, cancellationToken);
                }

                return;
            }

            var wanting = new HashSet<string>();
            foreach (var (e, _) in seen.Events.TakeWhile(waiting => waiting.Event.Number <= ready[^1]).Where(waiting => waiting.Event.Number >= seen.First))
            {
                var wants = targets.All.Where(target => target.Wants(e)).Select(target => target.Id).ToList();
                wanting.UnionWith(wants);
                var told = wants.Count > 0 ? await WithHandOverAsync(e, cancellationToken) : e;
                await Task.WhenAll(wants.Select(target => deliveries.AddAsync(target, told, time.GetUtcNow(), cancellationToken)));
            }

            await Task.WhenAll(wanting.Select(target => orders.SendAsync(new(target, leadId), cancellationToken)));
            await outbound.TryAdvanceAsync(leadId, seen, ReorderBuffer.After(seen.Next, ready), ready, cancellationToken);
        }
    }

    /// <summary>Of a lead that comes to sales, all that a caller needs to know; as of now.</summary>
    private async Task<WorldEvent> WithHandOverAsync(WorldEvent e, CancellationToken cancellationToken)
    {
        if (e.Type != HappeningTypes.StageChanged || await handOvers.FindAsync(e.LeadId, EventText.Of(e.Data, "to"), cancellationToken) is not { } handOver)
        {
            return e;
        }

        var data = JsonObject.Create(e.Data)!; // it is an object
        data["handOver"] = handOver;
        return e with { Data = JsonSerializer.SerializeToElement(data, IntegrationsJson.Default.JsonObject) };
    }
}

/// <summary>The queue of what is to be done for targets.</summary>
public sealed class DeliveryOrders(StorageClients storage)
{
    private readonly QueueClient _queue = storage.Queue(Queues.WebhookDeliveries);

    internal Task SendAsync(DeliveryOrder order, CancellationToken cancellationToken) => _queue.PutAsync(
        QueueText.Write(order with { TraceParent = System.Diagnostics.Activity.Current?.Id }, DeliveryJson.Default.DeliveryOrder), cancellationToken);
}

/// <summary>What is due beside leads: lanes whose first event is tried again, and leads whose next number did not come.</summary>
public sealed class DueDeliveries(DeliveryOrders orders) : IDueOthers
{
    private const string Begins = "out|";

    public string Prefix => Begins;

    internal static string LaneRow(string target, string leadId) => $"{Begins}{target}|{leadId}";

    internal static string GapRow(string leadId) => $"{Begins}|{leadId}";

    public Task TickAsync(IReadOnlyList<string> rows, DateTimeOffset begins, DurableTaskClient client, CancellationToken cancellationToken) =>
        Task.WhenAll(rows.Select(row => row.Split('|')).Select(parts => orders.SendAsync(new(parts[1].Length > 0 ? parts[1] : null, parts[2], At: begins), cancellationToken)));
}
