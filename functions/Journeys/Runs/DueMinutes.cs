using DurableTask.Core.Exceptions;
using LeadFunctions.Events;
using LeadFunctions.Platform;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Journeys.Runs;

/// <summary>Has somebody looked at in the minute that begins next after a time of the app's: a row, and one orchestration for each minute that has rows.</summary>
public sealed class DueMinutes(DueTable due, RunAlarms alarms, TimeProvider time)
{
    /// <summary>No instance's clock is so far ahead that it has worked off a minute that is further away than this.</summary>
    private static readonly TimeSpan Sure = TimeSpan.FromHours(1);

    /// <summary>So long it is believed that somebody waits for a minute: one whose orchestration broke is not believed in for ever.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(10);

    /// <summary>Minutes that somebody was seen waiting for, and when: a publication has many leads noted for the same ones.</summary>
    private readonly RecentCache<DateTimeOffset> _waiting = new(25_000);

    /// <summary>Repeatable.</summary>
    /// <param name="row">A lead's id, or what <see cref="IDueOthers"/> know.</param>
    /// <param name="why">Names the reason, in an id.</param>
    /// <returns>False, and nothing is noted, when that minute has come already.</returns>
    internal Task<bool> NoteAsync(DurableTaskClient client, string row, DateTimeOffset at, string why, CancellationToken cancellationToken) => NoteAsync(client, [new(row, why)], at, cancellationToken);

    /// <summary>The same of several whose minute is one: they share their writes, and one look at its orchestration.</summary>
    /// <param name="notes">At least one.</param>
    internal async Task<bool> NoteAsync(DurableTaskClient client, IReadOnlyList<DueNote> notes, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var (minute, begins) = DueTable.MinuteOf(at);
        if (begins <= time.GetUtcNow())
        {
            return false;
        }

        await due.AddAsync(minute, notes, cancellationToken);

        var mayHaveCome = !alarms.AreReal || begins - time.GetUtcNow() < Sure; // a clock that can be moved may have been
        if (!mayHaveCome && _waiting.TryFind(minute, out var seen) && time.GetUtcNow() - seen < Lately)
        {
            return true;
        }

        // The one that is there may have come and gone before this was noted, by a clock that is a moment ahead: then these rows have one of their own.
        var options = new StartOrchestrationOptions($"due.{minute}", alarms.StartFor(begins));
        var there = await client.GetInstanceAsync(options.InstanceId!, cancellationToken); // as it was just made
        var isWaiting = there is { IsCompleted: false };
        if (!isWaiting)
        {
            options = there is null ? options : options with { InstanceId = $"{options.InstanceId}.{(notes.Count == 1 ? notes[0].Why : $"{TextHash.Of(string.Join('|', notes.Select(note => note.Why))):x16}")}" };
            isWaiting = await StartOnceAsync(client, nameof(ChoreOrchestrations.MinuteCame), minute, options, mayExist: there is not null, cancellationToken);
        }

        if (isWaiting && !mayHaveCome)
        {
            _waiting.Keep(minute, time.GetUtcNow());
        }

        return true;
    }

    /// <summary>False when it was started before, whatever became of it.</summary>
    /// <remarks>
    /// The refusal crosses gRPC as AlreadyExists, of which the client makes this exception since 1.22. Hosts before 2026 ignore the statuses and replace the instance,
    /// hence the look, which leaves them a race that does no harm: an orchestration that starts over finds in its run's row, or its minute's, how far it was.
    /// </remarks>
    internal static async Task<bool> StartOnceAsync(DurableTaskClient client, string orchestrator, object input, StartOrchestrationOptions options, bool mayExist, CancellationToken cancellationToken)
    {
        if (mayExist && await client.GetInstanceAsync(options.InstanceId!, cancellationToken) is not null) // all are started under an id
        {
            return false;
        }

        try
        {
            var once = options.WithDedupeStatuses([.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);
            await client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, once, cancellationToken);
            return true;
        }
        catch (OrchestrationAlreadyExistsException)
        {
            return false;
        }
    }

    /// <summary>Starts it, also where one of this id is over. Does nothing where one is under way, or another starts it at the same moment.</summary>
    internal static async Task StartUnlessUnderWayAsync(DurableTaskClient client, string orchestrator, object input, string instance, CancellationToken cancellationToken)
    {
        OrchestrationRuntimeStatus[] underWay = [OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Pending];
        if (await client.GetInstanceAsync(instance, cancellationToken) is { RuntimeStatus: var status } && underWay.Contains(status))
        {
            return;
        }

        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, new StartOrchestrationOptions(instance).WithDedupeStatuses(underWay), cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // Somebody else was quicker.
        }
    }
}
