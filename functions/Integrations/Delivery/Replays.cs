namespace LeadFunctions.Integrations.Delivery;

/// <summary>
/// Sends again what a target was told in some time, under the same ids. In two rounds, page by page: first all of it goes back into its lanes, where the order is that of the numbers; then the lanes are set off.
/// </summary>
public sealed class Replays(DeliveriesTable deliveries, TargetStates states, DeliveryOrders orders, TimeProvider time)
{
    private const int PageSize = 100;

    /// <summary>One that is under way is given up for it.</summary>
    internal async Task<TargetState> StartAsync(string target, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var replay = new Replay(Guid.CreateVersion7(now).ToString("N"), from, to, now);
        var (state, _) = await states.ChangeAsync(target, current => current with { Replay = replay }, cancellationToken);
        await orders.SendAsync(new(target, Replay: new(replay.Id, Sends: false, After: null)), cancellationToken);
        return state;
    }

    /// <summary>Repeatable: a page carries how many were found before it.</summary>
    internal async Task GoOnAsync(string target, ReplayPage page, CancellationToken cancellationToken)
    {
        if ((await states.ReadAsync(target, cancellationToken)).Replay is not { FinishedAt: null } replay || replay.Id != page.Id)
        {
            return;
        }

        var now = time.GetUtcNow();
        var some = await deliveries.BetweenAsync(target, replay.From, replay.To, page.After, PageSize, cancellationToken);
        if (page.Sends)
        {
            await orders.SendAsync(target, [.. some.Where(delivery => delivery.Status == DeliveryStatus.Pending).Select(delivery => delivery.LeadId)], at: null, cancellationToken);
        }
        else
        {
            await Task.WhenAll(some.Select(delivery => deliveries.ReplayAsync(target, delivery, now, cancellationToken)));
        }

        var found = page.Found + (page.Sends ? 0 : some.Count);
        var next = some.Count == PageSize ? page with { After = some[^1].Key, Found = found }
            : page.Sends ? null
            : new ReplayPage(page.Id, Sends: true, After: null, found);
        await states.ChangeAsync(
            target, current => current.Replay?.Id == page.Id ? current with { Replay = current.Replay with { Found = found, FinishedAt = next is null ? now : null } } : null, cancellationToken);
        if (next is not null)
        {
            await orders.SendAsync(new(target, Replay: next), cancellationToken);
        }
    }
}
