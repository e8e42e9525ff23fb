using LeadFunctions.Journeys.Runs;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Segments.Stored;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Segments.Fill;

/// <param name="Looked">Leads looked at so far.</param>
/// <param name="Changed">Those for whom something differs.</param>
/// <param name="Done">All have been looked at.</param>
internal sealed record FillProgress(int Looked, int Changed, bool Done, DateTimeOffset StartedAt);

/// <param name="Looked">Leads looked at so far.</param>
/// <param name="Buyers">Those of them who have bought something.</param>
internal sealed record RfmProgress(int Looked, int Buyers, bool Done, DateTimeOffset StartedAt);

/// <summary>Starts walks over all leads, and tells how far they are.</summary>
public sealed class Fills(DefinitionsTable table, DueMinutes minutes, IOptions<SegmentsOptions> options)
{
    /// <summary>What walks after the publication of a scoring model are named by; no segment bears such a name.</summary>
    internal const string Scores = "$scores";

    /// <summary>Likewise of a lifecycle.</summary>
    internal const string Lifecycle = "$lifecycle";

    /// <summary>Likewise of the fifths of all buyers.</summary>
    internal const string Rfm = "$rfm";

    private const string Counts = "rfm.";
    private const string Deleted = ".deleted.";

    /// <summary>Has the fifths of all buyers computed; nothing while that is under way.</summary>
    internal async Task StartCountAsync(DurableTaskClient client, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await LastCountAsync(client, cancellationToken) is null or { IsCompleted: true })
        {
            await CountAsync(client, now, cancellationToken);
        }
    }

    /// <summary>The same where it has never been done, or nobody asked any more on the day on which it was to be done again.</summary>
    internal async Task EnsureCountAsync(DurableTaskClient client, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var last = await FindCountAsync(client, cancellationToken);
        if (last is null ? await table.FindAsync(RfmDefinition.Kind, RfmDefinition.Id, cancellationToken) is null : IsOver(last.StartedAt, now))
        {
            await StartCountAsync(client, now, cancellationToken);
        }
    }

    /// <summary>The same when its day has come. Of a day before which somebody had it done anyhow, only that one's next day counts.</summary>
    internal async Task CountByCalendarAsync(DurableTaskClient client, DateTimeOffset begins, CancellationToken cancellationToken)
    {
        var last = await LastCountAsync(client, cancellationToken);
        if (last is not null && PageOf(last) is { } page && !IsOver(page.At, begins))
        {
            return;
        }

        if (last is null or { IsCompleted: true })
        {
            await CountAsync(client, begins, cancellationToken);
        }
        else
        {
            await NoteNextAsync(client, begins, cancellationToken);
        }
    }

    private bool IsOver(DateTimeOffset begun, DateTimeOffset now) => options.Value.RfmDays > 0 && begun.AddDays(options.Value.RfmDays) <= now;

    // The next day first: whoever is killed in between has it noted twice rather than never.
    private async Task CountAsync(DurableTaskClient client, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await NoteNextAsync(client, at, cancellationToken);
        await DueMinutes.StartOnceAsync(
            client, nameof(RfmFunctions.ComputeRfm), new RfmPage(at, null, 0, new RfmCount()), new StartOrchestrationOptions($"{ChoreOrchestrations.Chore}{Counts}{at.ToUnixTimeMilliseconds():D15}"), mayExist: true, cancellationToken);
    }

    private async Task NoteNextAsync(DurableTaskClient client, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (options.Value.RfmDays > 0)
        {
            await minutes.NoteAsync(client, RfmCalendar.Row, at.AddDays(options.Value.RfmDays), "rfm", cancellationToken);
        }
    }

    /// <summary>Of the last computation; null when there was none.</summary>
    internal static async Task<RfmProgress?> FindCountAsync(DurableTaskClient client, CancellationToken cancellationToken) =>
        await LastCountAsync(client, cancellationToken) is { } last && PageOf(last) is { } page
            ? new(page.Looked, page.Count.Buyers, last.RuntimeStatus == OrchestrationRuntimeStatus.Completed, page.At)
            : null;

    private static RfmPage? PageOf(OrchestrationMetadata count) =>
        count.RuntimeStatus == OrchestrationRuntimeStatus.Completed ? count.ReadOutputAs<RfmPage>() : count.ReadInputAs<RfmPage>();

    private static async Task<OrchestrationMetadata?> LastCountAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        OrchestrationMetadata? last = null;
        await foreach (var count in client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: $"{ChoreOrchestrations.Chore}{Counts}", FetchInputsAndOutputs: true)).WithCancellation(cancellationToken))
        {
            last = string.CompareOrdinal(count.InstanceId, last?.InstanceId) > 0 ? count : last;
        }

        return last;
    }

    /// <summary>Once for each name: asking again starts nothing.</summary>
    /// <param name="subject">The segment, or what else was published.</param>
    internal async Task StartAsync(DurableTaskClient client, string subject, string publication, CancellationToken cancellationToken)
    {
        var name = $"{subject}.{publication}";
        await DueMinutes.StartOnceAsync(
            client, nameof(FillFunctions.FillSegments), new FillPage(name, null, 0, 0) { Pause = 2 * table.KnownWithin }, new StartOrchestrationOptions(Prefix(name)), mayExist: true, cancellationToken);
    }

    /// <summary>As above, where the segment is about to be deleted: each time anew, so that a deletion that is refused, or lost to somebody's change, takes no later one's name.</summary>
    internal Task StartDeletedAsync(DurableTaskClient client, string segment, CancellationToken cancellationToken) => StartAsync(client, segment, $"{Deleted[1..]}{Guid.NewGuid():N}", cancellationToken);

    /// <summary>The segment whose deletion the walk of that name follows; null when it follows another thing.</summary>
    internal static string? DeletedOf(string name) => name.LastIndexOf(Deleted, StringComparison.Ordinal) is > 0 and var end ? name[..end] : null;

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
