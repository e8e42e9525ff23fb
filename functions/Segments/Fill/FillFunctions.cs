using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle;
using LeadFunctions.Lifecycle.Owners;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Segments.Stored;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace LeadFunctions.Segments.Fill;

/// <summary>Where a walk over all leads stands that has their segments decided anew.</summary>
/// <param name="Name">Of the publication that it follows.</param>
/// <param name="After">The lead after which to go on; null before the first, and after the last.</param>
/// <param name="Looked">Leads looked at.</param>
/// <param name="Changed">Those of them that were told to look at themselves, since something differs.</param>
public sealed record FillPage(string Name, string? After, int Looked, int Changed)
{
    /// <summary>How long it takes until every instance knows of the publication: who is judged after that needs no second look.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>
/// After segments or scoring models were published, or a segment was deleted: whoever would enter or leave, or is to be looked at at another time, is told to look. Others cost a read. Events go
/// on coming meanwhile: each has its lead judged by the rules in effect, and a lead that was judged by others knows it.
/// </summary>
public sealed class FillFunctions(LeadScan leads, RulesInEffect rules, EventWriter events, OwnersTable owners, MembersTable members, DefinitionsTable definitions, TimeProvider time)
{
    private const int PageSize = 500;

    [Function(nameof(FillSegments))]
    public static async Task<FillPage> FillSegments([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var page = context.GetInput<FillPage>() ?? throw new InvalidOperationException("It needs to know where it stands.");
        if (page.After is null)
        {
            await context.CreateTimer(page.Pause, CancellationToken.None);
        }

        var next = await context.CallActivityAsync<FillPage>(nameof(FillSomeLeads), page, ChoreOrchestrations.Patient);
        if (next.After is not null)
        {
            context.ContinueAsNew(next);
        }

        return next;
    }

    /// <summary>Repeatable: who was told before differs no more, or is told by the same event.</summary>
    [Function(nameof(FillSomeLeads))]
    public async Task<FillPage> FillSomeLeads([ActivityTrigger] FillPage page, CancellationToken cancellationToken)
    {
        var (known, now) = (rules.Current, time.GetUtcNow());
        var (looked, last, told, without) = (0, page.After, new List<LeadEvent>(), new List<LeadEffect>());
        var isLifecycle = page.Name.StartsWith(Fills.Lifecycle, StringComparison.Ordinal);
        await foreach (var lead in leads.ReadAsync(page.After, known.Deciding, cancellationToken))
        {
            (looked, last) = (looked + 1, lead.Id);
            var tick = TickOf(lead.Id, page.Name, now);
            if (IsNews(lead, tick, known, now))
            {
                told.Add(tick);
            }

            if (isLifecycle && Wants(lead, known, now) is { } wanted)
            {
                without.Add(wanted);
            }

            if (looked == PageSize)
            {
                break;
            }
        }

        await events.EnqueueAsync(told);
        await owners.ApplyAsync(without, cancellationToken);
        if (isLifecycle && looked < PageSize)
        {
            await owners.GiveWaitingAsync(cancellationToken); // somebody may have room now who had none by the lifecycle before
        }

        if (looked < PageSize && Fills.DeletedOf(page.Name) is { } segment && await definitions.FindAsync(SegmentStore.Kind, segment, cancellationToken) is not { Live: not null })
        {
            await members.ForgetMovesAsync(segment); // whoever still leaves it is noted as no move
        }

        return page with { After = looked == PageSize ? last : null, Looked = page.Looked + looked, Changed = page.Changed + told.Count };
    }

    /// <summary>What a lead that waits for an owner is to ask for now: there may be others than when it began to wait.</summary>
    private static LeadEffect? Wants(LeadState lead, LeadRules rules, DateTimeOffset now) =>
        rules.Lifecycle.Document is { Owners: [_, ..] } document && lead.MergedInto is null && lead.Whole.Owner is null && lead.Lifecycle?.Now is { } stay && stay.Stage == document.AssignAt && stay.Stage == lead.Whole.Stage
            ? Effects.OwnerWanted(lead, stay, LifecycleReducer.OwnersFor(document, new LeadInStage(LeadProfile.Of(lead, rules, now), stay.Stage), now), now)
            : null;

    /// <summary>Has a lead look at itself, by whatever rules hold then.</summary>
    internal static LeadEvent TickOf(string leadId, string name, DateTimeOffset now) => RunFunctions.Tick(leadId, $"fill/{name}", now);

    /// <summary>Whether a look would change what is known of the lead, by the very code that it will be judged by.</summary>
    internal static bool IsNews(LeadState lead, LeadEvent tick, LeadRules rules, DateTimeOffset now) =>
        IsNews(lead, Reducer.Apply(lead, [new Arrival(tick, now, [])], rules with { Journeys = JourneyRules.None }, now).State);

    /// <param name="after">As a look would leave it.</param>
    internal static bool IsNews(LeadState lead, LeadState after) => !after.HasSameSegments(lead) || !(after.Lifecycle ?? LeadLifecycle.None).IsSame(lead.Lifecycle ?? LeadLifecycle.None);
}
