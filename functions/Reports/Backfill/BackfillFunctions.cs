using LeadFunctions.Interests;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Reports.Stored;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Reports.Backfill;

/// <summary>Where a walk over all timelines stands that makes facts of them.</summary>
/// <param name="After">The lead after which to go on; null before the first, and after the last.</param>
/// <param name="Looked">Leads looked at.</param>
/// <param name="Written">Facts that were not there.</param>
public sealed record BackfillPage(string? After, int Looked, int Written);

/// <summary>What happened before facts were kept, or while an instance of an earlier build was still at work, made into facts from the leads' timelines.</summary>
public sealed class BackfillFunctions(LeadScan leads, FactReader reader, FactStore store, RulesInEffect rules)
{
    private const int PageSize = 100;
    private const string Instances = $"{ChoreOrchestrations.Chore}reports.";

    [Function(nameof(BackfillFacts))]
    public static async Task<BackfillPage> BackfillFacts([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var page = context.GetInput<BackfillPage>() ?? throw new InvalidOperationException("It needs to know where it stands.");
        var next = await context.CallActivityAsync<BackfillPage>(nameof(BackfillSomeFacts), page, ChoreOrchestrations.Patient);
        if (next.After is not null)
        {
            context.ContinueAsNew(next);
        }

        return next;
    }

    /// <summary>Repeatable: a fact that is there already is not written again.</summary>
    [Function(nameof(BackfillSomeFacts))]
    public async Task<BackfillPage> BackfillSomeFacts([ActivityTrigger] BackfillPage page, CancellationToken cancellationToken)
    {
        var (looked, last, found) = (0, page.After, new List<Fact>());
        await foreach (var lead in leads.ReadAsync(page.After, new([], InterestRules.None), cancellationToken))
        {
            (looked, last) = (looked + 1, lead.Id);
            foreach (var id in lead.AllIds)
            {
                found.AddRange(FactReplay.Of(id, await leads.TimelineRowsAsync(id, cancellationToken), rules.Current));
            }

            if (looked == PageSize)
            {
                break;
            }
        }

        var missing = found.Count == 0 ? [] : await reader.ReadAsync(book => found.Where(fact => !book.Knows(fact)).ToList(), cancellationToken);
        await store.AddAsync(missing, cancellationToken);
        return new(looked == PageSize ? last : null, page.Looked + looked, page.Written + missing.Count);
    }

    /// <summary>Begins one; where one is under way, that goes on.</summary>
    internal static async Task<BackfillProgress> StartAsync(DurableTaskClient client, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await FindAsync(client, cancellationToken) is { Done: false, Failed: false } running)
        {
            return running;
        }

        await DueMinutes.StartOnceAsync(
            client, nameof(BackfillFacts), new BackfillPage(null, 0, 0), new StartOrchestrationOptions($"{Instances}{now.ToUnixTimeMilliseconds():D15}"), mayExist: true, cancellationToken);
        return new(0, 0, false, false, now);
    }

    /// <summary>Of the last one; null when there was none.</summary>
    internal static async Task<BackfillProgress?> FindAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        OrchestrationMetadata? last = null;
        await foreach (var one in client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: Instances, FetchInputsAndOutputs: true)).WithCancellation(cancellationToken))
        {
            last = string.CompareOrdinal(one.InstanceId, last?.InstanceId) > 0 ? one : last;
        }

        if (last is null)
        {
            return null;
        }

        var isDone = last.RuntimeStatus == OrchestrationRuntimeStatus.Completed;
        var page = isDone ? last.ReadOutputAs<BackfillPage>() : last.ReadInputAs<BackfillPage>();
        return new(page?.Looked ?? 0, page?.Written ?? 0, isDone, last.RuntimeStatus is OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated, DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(last.InstanceId.AsSpan(Instances.Length), System.Globalization.CultureInfo.InvariantCulture)));
    }
}

/// <param name="Looked">Leads looked at so far.</param>
/// <param name="Written">Facts that were not there.</param>
/// <param name="Done">All have been looked at.</param>
/// <param name="Failed">It gave up; what it has written stays, and whoever asks for another begins anew.</param>
internal sealed record BackfillProgress(int Looked, int Written, bool Done, bool Failed, DateTimeOffset StartedAt);
