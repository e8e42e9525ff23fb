using LeadFunctions.Journeys.Runs;
using LeadFunctions.Platform.Storage;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Clock.Moves;

/// <summary>
/// Whether anything is under way, on whatever instance. What each part of the app leaves in storage until it is done tells: a message in its queue, a run's time that has come,
/// an advance that is owed, a lead in a minute that has begun, an orchestration over many runs.
/// </summary>
public sealed class Settling(
    StorageClients storage, IEnumerable<OwnedQueue> queues, RunsTable runs, DueTable due, OwedAdvances owed, Invocations invocations, MovableClock clock)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    /// <summary>A run that was woken and is over will not be advanced: looked for when it should have been by now.</summary>
    private static readonly TimeSpan SoonWoken = TimeSpan.FromSeconds(1);

    /// <summary>Nothing runs for longer: the orchestration of a run that is being advanced since then was removed by hand.</summary>
    private static readonly TimeSpan LongestAdvance = TimeSpan.FromMinutes(30);

    private readonly string[] _queues = [.. queues.Select(queue => queue.Name).Distinct()];

    /// <summary>Completes when nothing is.</summary>
    /// <param name="client">Asked for orchestrations over many runs; null: they do not count.</param>
    /// <param name="patience">How long it may take, in real time.</param>
    /// <param name="eachTime">Called before each look.</param>
    /// <param name="whenStill">Called when nothing has moved for a while, and again after as long: what is due may have nobody who looks at it, since whoever was to wake it died.</param>
    /// <exception cref="TimeoutException">It took longer; the message says what is under way.</exception>
    internal async Task WaitAsync(DurableTaskClient? client, Patience patience, Func<Task> eachTime, Func<Task> whenStill, CancellationToken cancellationToken)
    {
        var looks = Looks(client);
        var (last, pause) = (-1, ShortestPause);
        while (true)
        {
            await eachTime();
            var count = invocations.Count;
            var busy = invocations.FindRunning();
            if (busy is null)
            {
                // What was busy a moment ago probably still is: nothing else is asked until it is not.
                busy = last < 0 ? null : await looks[last](cancellationToken);
                if (busy is null)
                {
                    var found = await Task.WhenAll(looks.Select(look => look(cancellationToken)));
                    (last, pause) = (Array.FindIndex(found, one => one is not null), ShortestPause);
                    busy = last < 0 ? null : found[last];
                }
            }

            if (busy is null && count == invocations.Count)
            {
                return;
            }

            if (patience.IsStill(busy, count))
            {
                await whenStill();
            }

            await Task.Delay(pause, TimeProvider.System, cancellationToken);
            pause = pause < LongestPause ? pause * 1.5 : LongestPause;
        }
    }

    private Func<CancellationToken, Task<string?>>[] Looks(DurableTaskClient? client) =>
    [
        FindDueRunAsync,
        FindOwedAsync,
        .. _queues.Select(queue => (Func<CancellationToken, Task<string?>>)(token => FindMessagesAsync(queue, token))),
        FindDueMinuteAsync,
        .. client is null ? [] : new Func<CancellationToken, Task<string?>>[] { token => FindChoreAsync(client, token) },
    ];

    private async Task<string?> FindDueRunAsync(CancellationToken cancellationToken) =>
        await runs.DueAsync(clock.GetUtcNow(), 1, cancellationToken) is [var run] ? $"the run {run.Id} is due since {run.At:O}" : null;

    private async Task<string?> FindOwedAsync(CancellationToken cancellationToken)
    {
        foreach (var advance in await owed.SomeAsync(cancellationToken))
        {
            var age = TimeProvider.System.GetUtcNow() - advance.Since;
            if (advance.IsUnderWay ? age < LongestAdvance : age < SoonWoken || await runs.FindAsync(advance.RunId, cancellationToken) is { Run.IsOpen: true })
            {
                return $"the run {advance.RunId} is {(advance.IsUnderWay ? "being advanced" : "woken")}";
            }

            await owed.RemoveAsync(advance);
        }

        return null;
    }

    /// <summary>Messages that are being worked on are hidden, and count.</summary>
    private async Task<string?> FindMessagesAsync(string queue, CancellationToken cancellationToken) =>
        (await storage.Queue(queue).GetPropertiesAsync(cancellationToken)).Value.ApproximateMessagesCount is > 0 and var count ? $"{count} messages are in the queue {queue}" : null;

    private async Task<string?> FindDueMinuteAsync(CancellationToken cancellationToken) =>
        await due.EarliestAsync(clock.GetUtcNow(), cancellationToken) is { } minute ? $"leads are to be looked at since {minute:O}" : null;

    private static async Task<string?> FindChoreAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var query = new OrchestrationQuery(
            Statuses: [OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Pending], InstanceIdPrefix: ChoreOrchestrations.Chore, PageSize: 1, FetchInputsAndOutputs: false);
        await foreach (var chore in client.GetAllInstancesAsync(query).WithCancellation(cancellationToken))
        {
            return $"{chore.Name} ({chore.InstanceId}) is under way";
        }

        return null;
    }
}

/// <summary>How long something may take, in real time.</summary>
/// <param name="limit">From the beginning.</param>
/// <param name="standstill">Without anything moving.</param>
internal sealed class Patience(TimeSpan limit, TimeSpan standstill)
{
    private static readonly TimeSpan Still = TimeSpan.FromSeconds(5);

    private readonly long _started = TimeProvider.System.GetTimestamp();
    private long _moved = TimeProvider.System.GetTimestamp();
    private (string?, long) _last;
    private int _stills;

    /// <summary>Whether nothing has moved for a while, or for as long again.</summary>
    /// <param name="busy">What is waited for.</param>
    /// <param name="count">Grows while something goes on.</param>
    /// <exception cref="TimeoutException">It is over.</exception>
    public bool IsStill(string? busy, long count)
    {
        if (_last != (busy, count))
        {
            (_last, _moved, _stills) = ((busy, count), TimeProvider.System.GetTimestamp(), 0);
        }

        var since = TimeProvider.System.GetElapsedTime(_moved);
        if (TimeProvider.System.GetElapsedTime(_started) > limit || since > standstill)
        {
            throw new TimeoutException(busy is null ? "Something is always running." : $"After {TimeProvider.System.GetElapsedTime(_started).TotalSeconds:0} s, {busy}.");
        }

        var isStill = since > Still * (_stills + 1);
        _stills += isStill ? 1 : 0;
        return isStill;
    }
}
