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

    internal Task TellAsync(DurableTaskClient client, IReadOnlyList<WorldEvent> events, CancellationToken cancellationToken) =>
        TellAsync(client, [.. events.GroupBy(told => told.LeadId).Select(lead => new InHand(lead.Key, [.. lead.DistinctBy(told => told.Number)]))], cancellationToken);

    /// <summary>What waits for a number that did not come for too long waits no more; when it comes after all, it goes out then.</summary>
    internal async Task PassGapAsync(DurableTaskClient client, string leadId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var seen = await outbound.ReadAsync(leadId, cancellationToken);
        if (seen.Events is [var (first, since), ..] && first.Number > seen.Next && now - since >= GapPatience)
        {
            await outbound.TryAdvanceAsync(leadId, seen, first.Number, [], [], now, cancellationToken);
        }

        await TellAsync(client, [new InHand(leadId, [])], cancellationToken);
    }

    /// <summary>Lanes first, then the orders of all leads together, then each lead's head: a crash in between repeats what repeating does not change.</summary>
    private async Task TellAsync(DurableTaskClient client, IReadOnlyList<InHand> leads, CancellationToken cancellationToken)
    {
        while (leads.Count > 0)
        {
            var turns = await Task.WhenAll(leads.Select(lead => TakeOnAsync(lead, cancellationToken)));
            await Task.WhenAll(turns.SelectMany(turn => turn.Targets, (turn, target) => (target, turn.Of.LeadId)).GroupBy(one => one.target, one => one.LeadId)
                .Select(target => orders.SendAsync(target.Key, [.. target], at: null, cancellationToken)));
            var isDone = await Task.WhenAll(turns.Select(turn => PassOnAsync(client, turn, cancellationToken)));
            leads = [.. turns.Zip(isDone).Where(turn => !turn.Second).Select(turn => turn.First.Of)];
        }
    }

    /// <summary>Puts into the lanes whatever can go out now, of what waits and what is in hand.</summary>
    private async Task<Turn> TakeOnAsync(InHand lead, CancellationToken cancellationToken)
    {
        var seen = await outbound.ReadAsync(lead.LeadId, cancellationToken);
        var waiting = seen.Events.Select(one => one.Event.Number).ToHashSet();
        var all = seen.Events.Select(one => one.Event).Concat(lead.Events.Where(e => !waiting.Contains(e.Number))).OrderBy(e => e.Number).ToList();
        var ready = ReorderBuffer.Ready(seen.Next, all.Select(e => e.Number));
        var wanting = new HashSet<string>();
        foreach (var e in all.Take(ready.Count).Where(e => e.Number >= seen.First)) // the ready ones are the first of all
        {
            var wants = targets.All.Where(target => target.Wants(e)).Select(target => target.Id).ToList();
            wanting.UnionWith(wants);
            var told = wants.Count > 0 ? await WithHandOverAsync(e, cancellationToken) : e;
            await Task.WhenAll(wants.Select(target => deliveries.AddAsync(target, told, time.GetUtcNow(), cancellationToken)));
        }

        return new(lead, seen, ready, wanting, [.. all.Skip(ready.Count).Where(e => !waiting.Contains(e.Number))]);
    }

    /// <summary>Moves the lead's head past what has gone out, and leaves there what is early. False: somebody else did something meanwhile, or there is more; look again.</summary>
    private async Task<bool> PassOnAsync(DurableTaskClient client, Turn turn, CancellationToken cancellationToken)
    {
        var (seen, next) = (turn.Seen, ReorderBuffer.After(turn.Seen.Next, turn.Ready));
        var stored = seen.Events.Select(one => one.Event.Number).ToHashSet();
        List<long> gone = [.. turn.Ready.Where(stored.Contains)];
        IReadOnlyList<WorldEvent> early = [.. turn.Early.Take(OutboundTable.AtOnce)];
        var now = time.GetUtcNow();
        if ((next > seen.Next || gone.Count > 0 || early.Count > 0) && !await outbound.TryAdvanceAsync(turn.Of.LeadId, seen, next, gone, early, now, cancellationToken))
        {
            return false;
        }

        if ((seen.IsPart && turn.Ready.Count > 0) || early.Count < turn.Early.Count)
        {
            return false;
        }

        if (seen.Events.Where(one => !gone.Contains(one.Event.Number)).Concat(early.Select(e => (Event: e, Since: now))).OrderBy(one => one.Event.Number).Take(1).ToList() is [var (first, since)]
            && !await minutes.NoteAsync(client, DueDeliveries.GapRow(turn.Of.LeadId), since + GapPatience, first.Id, cancellationToken))
        {
            await orders.SendAsync(new(null, turn.Of.LeadId), cancellationToken); // it has waited long enough already
        }

        return true;
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

    /// <summary>What a message brings of a lead.</summary>
    private sealed record InHand(string LeadId, IReadOnlyList<WorldEvent> Events);

    /// <param name="Ready">What has been put into lanes.</param>
    /// <param name="Targets">Whose.</param>
    /// <param name="Early">Of what is in hand: what cannot go out yet.</param>
    private sealed record Turn(InHand Of, Waiting Seen, IReadOnlyList<long> Ready, IReadOnlyCollection<string> Targets, IReadOnlyList<WorldEvent> Early);
}

/// <summary>The queue of what is to be done for targets.</summary>
public sealed class DeliveryOrders(StorageClients storage)
{
    /// <summary>Few: they are sent side by side, and one that hangs keeps the message of all.</summary>
    private const int LeadsInOne = 4;

    private readonly QueueClient _queue = storage.Queue(Queues.WebhookDeliveries);

    /// <summary>That these leads' events are to be sent.</summary>
    internal Task SendAsync(string target, IReadOnlyList<string> leads, DateTimeOffset? at, CancellationToken cancellationToken) =>
        Task.WhenAll(leads.Distinct().Chunk(LeadsInOne).Select(some => SendAsync(some is [var one] ? new(target, one, At: at) : new(target, At: at, LeadIds: some), cancellationToken)));

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
        Task.WhenAll(rows.Select(row => row.Split('|')).GroupBy(parts => parts[1], parts => parts[2]).SelectMany(target => target.Key.Length > 0
            ? [orders.SendAsync(target.Key, [.. target], begins, cancellationToken)]
            : target.Select(lead => orders.SendAsync(new(null, lead, At: begins), cancellationToken))));
}
