using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Interests;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Segments.Stored;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Segments.Fill;

/// <summary>Where a walk over all leads stands that counts buyers.</summary>
/// <param name="At">When it began: how long ago orders were is reckoned from then.</param>
/// <param name="After">The lead after which to go on; null before the first, and after the last.</param>
/// <param name="Looked">Leads looked at.</param>
public sealed record RfmPage(DateTimeOffset At, string? After, int Looked, RfmCount Count);

/// <summary>Computes where the fifths of all buyers end, puts that into effect, and has everybody looked at. It survives restarts as every walk does.</summary>
public sealed class RfmFunctions(LeadScan leads, DefinitionsTable table, Fills fills)
{
    private const int PageSize = 1_000;

    [Function(nameof(ComputeRfm))]
    public static async Task<RfmPage> ComputeRfm([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var page = context.GetInput<RfmPage>() ?? throw new InvalidOperationException("It needs to know where it stands.");
        var next = await context.CallActivityAsync<RfmPage>(nameof(CountSomeBuyers), page, ChoreOrchestrations.Patient);
        if (next.After is not null)
        {
            context.ContinueAsNew(next);
            return next;
        }

        return await context.CallActivityAsync<RfmPage>(nameof(PublishRfm), next, ChoreOrchestrations.Patient);
    }

    [Function(nameof(CountSomeBuyers))]
    public async Task<RfmPage> CountSomeBuyers([ActivityTrigger] RfmPage page, CancellationToken cancellationToken)
    {
        var (looked, last, count) = (0, page.After, page.Count.Copy());
        await foreach (var lead in leads.ReadAsync(page.After, new([RfmAtom.Orders], InterestRules.None), cancellationToken))
        {
            (looked, last) = (looked + 1, lead.Id);
            if (((ILeadFacts)lead.Whole).TryTally(RfmAtom.Orders.Key, RfmAtom.Orders.Names, out var orders) && Purchases.At(orders, page.At) is { } bought)
            {
                count = count.With(bought, page.At);
            }

            if (looked == PageSize)
            {
                break;
            }
        }

        return page with { After = looked == PageSize ? last : null, Looked = page.Looked + looked, Count = count };
    }

    /// <summary>Repeatable: the same boundaries are the same version, and its walk is named by it. Boundaries that stay as they are concern nobody.</summary>
    [Function(nameof(PublishRfm))]
    public async Task<RfmPage> PublishRfm([ActivityTrigger] RfmPage page, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (page.Count.Boundaries() is { } boundaries)
        {
            if (await table.FindLiveAsync(RfmDefinition.Kind, RfmDefinition.Id, cancellationToken) is { } live && RfmDefinition.Read(live) is var known && known.ComputedAt != page.At && (known.ComputedAt > page.At || known.Boundaries.IsSame(boundaries)))
            {
                return page;
            }

            var saved = await table.SaveLiveAsync(RfmDefinition.Kind, RfmDefinition.Id, RfmDefinition.Write(new(page.At, page.Count.Buyers, boundaries)), null, cancellationToken);
            await fills.StartAsync(client, Fills.Rfm, $"{saved.Pointer.Latest}", cancellationToken);
        }

        return page;
    }
}
