using LeadFunctions.Journeys.Runs;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Segments.Stored;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Segments.Fill;

/// <param name="Looked">Leads looked at so far.</param>
/// <param name="Changed">Those for whom something differs.</param>
/// <param name="Done">All have been looked at.</param>
internal sealed record FillProgress(int Looked, int Changed, bool Done, DateTimeOffset StartedAt);

/// <param name="Looked">Leads looked at so far.</param>
/// <param name="Buyers">Those of them who have bought something.</param>
internal sealed record RfmProgress(int Looked, int Buyers, bool Done, DateTimeOffset StartedAt);

/// <summary>Starts walks over all leads, and tells how far they are.</summary>
public sealed class Fills(DefinitionsTable table)
{
    /// <summary>What walks after the publication of a scoring model are named by; no segment bears such a name.</summary>
    internal const string Scores = "$scores";

    /// <summary>Likewise of a lifecycle.</summary>
    internal const string Lifecycle = "$lifecycle";

    /// <summary>Likewise of the fifths of all buyers.</summary>
    internal const string Rfm = "$rfm";

    private const string Counts = "rfm.";

    /// <summary>Has the fifths of all buyers computed; nothing while that is under way.</summary>
    internal async Task StartCountAsync(DurableTaskClient client, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await FindCountAsync(client, cancellationToken) is not { Done: false })
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(RfmFunctions.ComputeRfm), new RfmPage(now, null, 0, new RfmCount()), new StartOrchestrationOptions($"{ChoreOrchestrations.Chore}{Counts}{now.ToUnixTimeMilliseconds():D15}"), cancellationToken);
        }
    }

    /// <summary>Of the last computation; null when there was none.</summary>
    internal static async Task<RfmProgress?> FindCountAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        OrchestrationMetadata? last = null;
        await foreach (var count in client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: $"{ChoreOrchestrations.Chore}{Counts}", FetchInputsAndOutputs: true)).WithCancellation(cancellationToken))
        {
            last = string.CompareOrdinal(count.InstanceId, last?.InstanceId) > 0 ? count : last;
        }

        var isDone = last?.RuntimeStatus == OrchestrationRuntimeStatus.Completed;
        return (isDone ? last?.ReadOutputAs<RfmPage>() : last?.ReadInputAs<RfmPage>()) is { } page ? new(page.Looked, page.Count.Buyers, isDone, page.At) : null;
    }

    /// <summary>Once for each name: asking again starts nothing.</summary>
    /// <param name="subject">The segment, or what else was published.</param>
    internal async Task StartAsync(DurableTaskClient client, string subject, string publication, CancellationToken cancellationToken)
    {
        var name = $"{subject}.{publication}";
        if (await client.GetInstanceAsync(Prefix(name), cancellationToken) is null)
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(FillFunctions.FillSegments), new FillPage(name, null, 0, 0) { Pause = 2 * table.KnownWithin }, new StartOrchestrationOptions(Prefix(name)), cancellationToken);
        }
    }

    /// <summary>As above, named by the revision that a publication or deletion has just made.</summary>
    internal async Task StartAsync(DurableTaskClient client, string segment, CancellationToken cancellationToken) =>
        await StartAsync(client, segment, $"{await table.RevisionAsync(SegmentStore.Kind, cancellationToken)}", cancellationToken);

    /// <summary>Of the last walk that this segment caused; null when there was none.</summary>
    internal static async Task<FillProgress?> FindAsync(DurableTaskClient client, string segment, CancellationToken cancellationToken)
    {
        OrchestrationMetadata? last = null;
        await foreach (var walk in client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: $"{Prefix(segment)}.", FetchInputsAndOutputs: true)).WithCancellation(cancellationToken))
        {
            last = last is null || walk.CreatedAt > last.CreatedAt ? walk : last;
        }

        if (last is null)
        {
            return null;
        }

        var page = last.RuntimeStatus == OrchestrationRuntimeStatus.Completed ? last.ReadOutputAs<FillPage>() : last.ReadInputAs<FillPage>();
        return new(page?.Looked ?? 0, page?.Changed ?? 0, last.RuntimeStatus == OrchestrationRuntimeStatus.Completed, last.CreatedAt);
    }

    private static string Prefix(string name) => $"{ChoreOrchestrations.Chore}segments.{name}";
}
