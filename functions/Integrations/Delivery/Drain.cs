using System.Collections.Concurrent;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Platform.Definitions;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Integrations.Delivery;

/// <summary>Sends what waits in a lane, one event after another, until one has to wait: at least once, under the same id each time, in the order of the lead's numbers.</summary>
public sealed class Drain(
    Lanes lanes, DeliveriesTable deliveries, TargetStates states, Targets targets, DefinitionsTable definitions, DeliveryOrders orders, DueMinutes minutes, DeliveryMetrics metrics, TimeProvider time, ILogger<Drain> logger)
{
    /// <summary>Then others get their turn.</summary>
    private const int MostAtOnce = 25;

    private readonly ConcurrentDictionary<string, long> _forgottenUpTo = new();

    /// <summary>Side by side: each may have to wait for an answer.</summary>
    /// <param name="holder">The queue message.</param>
    /// <param name="atLeast">What time it is at least.</param>
    internal Task RunAsync(DurableTaskClient client, string targetId, IReadOnlyList<string> leads, string holder, DateTimeOffset atLeast, CancellationToken cancellationToken) =>
        Task.WhenAll(leads.Select(lead => RunAsync(client, targetId, lead, holder, atLeast, cancellationToken)));

    private async Task RunAsync(DurableTaskClient client, string targetId, string leadId, string holder, DateTimeOffset atLeast, CancellationToken cancellationToken)
    {
        if (await lanes.TakeAsync(targetId, leadId, holder, cancellationToken) is not { } lane)
        {
            return;
        }

        try
        {
            for (var sent = 0; sent < MostAtOnce; sent++)
            {
                if (await lanes.FirstAsync(lane, cancellationToken) is not { } entry)
                {
                    if (await lanes.TryLeaveAsync(lane, cancellationToken))
                    {
                        await ForgetAsync(targetId, cancellationToken);
                        return;
                    }

                    lane = await lanes.AgainAsync(lane, cancellationToken);
                    continue;
                }

                var (held, goesOn) = await SendAsync(client, lane, entry, Later(atLeast), cancellationToken);
                if (held is null)
                {
                    await ForgetAsync(targetId, cancellationToken);
                    return;
                }

                lane = held;
                if (!goesOn)
                {
                    await LeaveAsync(lane, cancellationToken);
                    return;
                }
            }

            await LeaveAsync(lane, cancellationToken);
            await orders.SendAsync(new(targetId, leadId), cancellationToken);
        }
        catch (LaneLostException)
        {
            logger.LaneLost(targetId, leadId);
        }
    }

    /// <summary>The first event of the lane. False: it waits, and with it all behind it; null: it was the last, and the lane is left.</summary>
    private async Task<(Lane? Lane, bool GoesOn)> SendAsync(DurableTaskClient client, Lane lane, LaneEntry entry, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await deliveries.FindAsync(lane.Target, entry.Delivery, cancellationToken) is not { } delivery)
        {
            return (await lanes.WriteAsync(lane, DeliveryRows.Remove(lane.Target, entry.Key), null, null, entry.IsLast, cancellationToken), true);
        }

        var state = await states.LatelyAsync(lane.Target, cancellationToken);
        if (state.Disabled is not null || await FindAsync(lane.Target, cancellationToken) is not { } target)
        {
            return (await SettleAsync(lane, entry, delivery, DeliveryStatus.Disabled, null, cancellationToken), true);
        }

        if (lane.NotBefore is { } notBefore && notBefore > now)
        {
            return await WaitAsync(client, lane, notBefore, $"{entry.Key}.{entry.Tries}", cancellationToken);
        }

        if (await OpensAtAsync(lane.Target, state, now, cancellationToken) is { } opensAt)
        {
            var end = entry.Since + Backoff.Patience;
            return end <= now
                ? (await SettleAsync(lane, entry, delivery, DeliveryStatus.Failed, new(now, 0, Error: "It was not tried any more: the target had failed all the time."), cancellationToken), true)
                : await WaitAsync(client, lane, opensAt < end ? opensAt : end, $"{entry.Key}.{opensAt.ToUnixTimeSeconds()}", cancellationToken);
        }

        var attempt = await target.SendAsync(delivery.EventId, delivery.Body, state.Secret, now, cancellationToken);
        return await TakeInAsync(client, lane, entry, delivery, attempt, state, target is WebhookTarget && attempt.IsGone, Later(now), cancellationToken);
    }

    private async Task<(Lane? Lane, bool GoesOn)> TakeInAsync(
        DurableTaskClient client, Lane lane, LaneEntry entry, StoredDelivery delivery, Attempt attempt, TargetState state, bool isGone, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (attempt.IsDelivered)
        {
            if (state.Guard != Breaker.Closed)
            {
                await states.ChangeAsync(lane.Target, current => current.Breaker is null ? null : current with { Breaker = null }, cancellationToken);
            }

            metrics.Count(lane.Target, "delivered");
            metrics.Lag(lane.Target, now - delivery.At);
            return (await SettleAsync(lane, entry, delivery, DeliveryStatus.Delivered, attempt, cancellationToken), true);
        }

        if (isGone)
        {
            await states.ChangeAsync(lane.Target, current => current.Disabled is null ? current with { Disabled = new(now, attempt.Error!) } : null, cancellationToken); // it failed
            logger.TargetDisabled(lane.Target);
            metrics.Count(lane.Target, "gone");
            return (await SettleAsync(lane, entry, delivery, DeliveryStatus.Disabled, attempt, cancellationToken), true);
        }

        var (after, _) = await states.ChangeAsync(lane.Target, current => current with { Breaker = current.Guard.Failed(now) }, cancellationToken);
        if (after.Guard.Failures == Breaker.OpensAfter)
        {
            logger.TargetFails(lane.Target, attempt.Error!); // it failed
        }

        if (Backoff.After(entry.Since, entry.Tries + 1, now, Random.Shared.NextDouble()) is not { } next)
        {
            return (await SettleAsync(lane, entry, delivery, DeliveryStatus.Failed, attempt, cancellationToken), true);
        }

        metrics.Count(lane.Target, "retried");
        var held = await lanes.WriteAsync(lane, DeliveryRows.Tried(lane.Target, entry), DeliveryRows.Settle(lane.Target, delivery, DeliveryStatus.Pending, attempt), next, leaves: false, cancellationToken);
        return await WaitAsync(client, held!, next, $"{entry.Key}.{entry.Tries + 1}", cancellationToken); // it was not left
    }

    private DateTimeOffset Later(DateTimeOffset atLeast) => time.GetUtcNow() is var now && now > atLeast ? now : atLeast;

    private async Task<Lane?> SettleAsync(Lane lane, LaneEntry entry, StoredDelivery delivery, DeliveryStatus status, Attempt? attempt, CancellationToken cancellationToken)
    {
        var held = await lanes.WriteAsync(lane, DeliveryRows.Remove(lane.Target, entry.Key), DeliveryRows.Settle(lane.Target, delivery, status, attempt), null, entry.IsLast, cancellationToken);
        if (status == DeliveryStatus.Failed)
        {
            metrics.Count(lane.Target, "failed");
        }

        return held;
    }

    private async Task<(Lane?, bool)> WaitAsync(DurableTaskClient client, Lane lane, DateTimeOffset until, string why, CancellationToken cancellationToken)
    {
        if (!await minutes.NoteAsync(client, DueDeliveries.LaneRow(lane.Target, lane.LeadId), until, why, cancellationToken))
        {
            await orders.SendAsync(new(lane.Target, lane.LeadId), cancellationToken); // the minute has come meanwhile
        }

        return (lane, false);
    }

    /// <summary>When the breaker lets something through again; null: it lets this through.</summary>
    private async Task<DateTimeOffset?> OpensAtAsync(string target, TargetState state, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!state.Guard.Allows(now, out var after))
        {
            return state.Guard.OpenUntil;
        }

        // Half open: one looks, whoever is first to say so.
        return after == state.Guard || (await states.ChangeAsync(target, current => current.Guard == state.Guard ? current with { Breaker = after } : null, cancellationToken)).IsChanged
            ? null
            : after.OpenUntil;
    }

    /// <summary>One that was made on another instance a moment ago may not be known here yet, and is none the less.</summary>
    private async Task<ITarget?> FindAsync(string target, CancellationToken cancellationToken) =>
        targets.Find(target) is { } known ? known
        : target != EventGridTarget.TargetId && await definitions.FindLiveAsync(WebhookStore.Kind, target, cancellationToken) is { } stored ? targets.For(WebhookStore.Read(stored))
        : null;

    private async Task LeaveAsync(Lane lane, CancellationToken cancellationToken)
    {
        while (!await lanes.TryLeaveAsync(lane, cancellationToken))
        {
            lane = await lanes.AgainAsync(lane, cancellationToken);
        }
    }

    /// <summary>What is old goes with the first event of a day.</summary>
    private async Task ForgetAsync(string target, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var today = now.UtcTicks / TimeSpan.TicksPerDay;
        if (_forgottenUpTo.GetValueOrDefault(target) != today)
        {
            _forgottenUpTo[target] = today;
            await deliveries.ForgetAsync(target, now, cancellationToken);
        }
    }
}
