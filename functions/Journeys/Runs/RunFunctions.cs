using System.Globalization;
using System.Text.Json;
using Azure;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Journeys.Delivery;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Messaging.Sending;
using LeadFunctions.Platform.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Journeys.Runs;

/// <summary>What moves runs: their advances, what leads' changes ask for, and the clock.</summary>
public sealed class RunFunctions(
    RunsTable runs, DueTable due, DueMinutes minutes, DueLeads dueLeads, JourneyStore journeys, RulesInEffect rules, LeadPipeline pipeline, LeadTeller teller,
    Sender sender, Webhooks webhooks, RunAlarms alarms, EventWriter events, TimeProvider time)
{
    /// <summary>How far the engine's clock may be ahead of this one.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    [Function(nameof(AdvanceRun))]
    public Task<RunStop> AdvanceRun([ActivityTrigger] RunWalk walk, CancellationToken cancellationToken) =>
        alarms.AdvanceAsync(walk, () => AdvanceAsync(walk, cancellationToken), cancellationToken);

    /// <summary>After an advance that failed: it is put off, and at last the step is left behind.</summary>
    [Function(nameof(LeaveStep))]
    public Task<RunStop> LeaveStep([ActivityTrigger] FailedStep failed, CancellationToken cancellationToken) =>
        alarms.AdvanceAsync(failed.Walk, () => FailedAdvance.HandleAsync(World(), failed, cancellationToken), cancellationToken);

    [Function(nameof(ApplyJourneyEffects))]
    public async Task ApplyJourneyEffects(
        [QueueTrigger(Queues.JourneyEffects)] string message, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var batch = QueueText.Read(message, EffectsJson.Default.EffectBatch);
        using var activity = Telemetry.Continue(nameof(ApplyJourneyEffects), batch.TraceParent);

        // Side by side, so that they share transactions; a run is there before it is woken.
        await Task.WhenAll(batch.Effects.Where(effect => effect is { Kind: EffectKind.JourneyEntered, Data: not null })
            .Select(effect => StartAsync(effect.Data!.Value.Deserialize(JourneysJson.Default.RunStart)!, client, cancellationToken))); // the reducer wrote it
        await Task.WhenAll(batch.Effects.Where(effect => effect is { Kind: EffectKind.JourneyWoken, To: not null })
            .Select(effect => alarms.WakeAsync(client, effect.To!, effect.Id, cancellationToken))); // as the condition says
        await Task.WhenAll(batch.Effects.Where(effect => effect is { Kind: EffectKind.LeadDue, To: not null })
            .GroupBy(effect => DueTable.MinuteOf(DateTimeOffset.Parse(effect.To!, CultureInfo.InvariantCulture)).Begins)
            .Select(minute => NoteAsync([.. minute], minute.Key, client, cancellationToken)));
    }

    /// <summary>Tells some of the leads of a minute that time has passed, once it has come.</summary>
    [Function(nameof(TickLeads))]
    public async Task<MinuteStop> TickLeads([ActivityTrigger] string minute, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var begins = DueTable.BeginOf(minute);
        return begins - time.GetUtcNow() > Skew
            ? new(Done: false, alarms.StartFor(begins))
            : new((await dueLeads.TickAsync(minute, client, cancellationToken)).Rows.Count == 0);
    }

    /// <param name="begins">When the minute of all of them does.</param>
    private async Task NoteAsync(IReadOnlyList<LeadEffect> effects, DateTimeOffset begins, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await minutes.NoteAsync(client, [.. effects.Select(effect => new DueNote(effect.LeadId, effect.Id))], begins, cancellationToken))
        {
            return;
        }

        // The minute has come already: nobody may look into it again. Its own tick may have come before this was noted, so this is another.
        var minute = DueTable.MinuteOf(begins).Name;
        await events.EnqueueAsync([.. effects.Select(effect => Tick(effect.LeadId, $"{minute}/{effect.Id}", time.GetUtcNow()))]);
        foreach (var effect in effects)
        {
            if (await due.FindAsync(minute, effect.LeadId, effect.Id, cancellationToken) is { } noted)
            {
                await due.RemoveAsync(minute, [noted], cancellationToken); // by a try before this one
            }
        }
    }

    internal static LeadEvent Tick(string leadId, string name, DateTimeOffset now) => new()
    {
        Id = $"tick/{leadId}/{name}",
        Type = EventType.Journey,
        Name = RunOrder.Tick,
        At = now,
        LeadId = leadId,
    };

    /// <summary>Repeatable: the row and the orchestration are both made once.</summary>
    private async Task StartAsync(RunStart start, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (journeys.Current.Find(start.Journey, start.Version) is not { } journey)
        {
            throw new InvalidDataException($"The run {start.RunId} begins in version {start.Version} of {start.Journey}, which does not exist.");
        }

        var isNew = await runs.TryAddAsync(JourneyPlan.Enter(journey, start));
        if (!isNew && await runs.FindAsync(start.RunId, cancellationToken) is { Run: var before } && RunTurn.IsNoStart(start, before))
        {
            await events.EnqueueAsync([RunTurn.NoStart(start, before, time.GetUtcNow())]);
            return;
        }

        await DueMinutes.StartOnceAsync(client, nameof(WalkFunctions.WalkJourney), new RunWalk(start.RunId, 0), new StartOrchestrationOptions(start.RunId), mayExist: !isNew, cancellationToken);
    }

    private async Task<RunStop> AdvanceAsync(RunWalk walk, CancellationToken cancellationToken)
    {
        try
        {
            return await RunTurn.AdvanceAsync(World(), walk, cancellationToken);
        }
        catch (RequestFailedException lost) when (lost.Status == 412)
        {
            // It was moved to another version meanwhile, or what this instance remembered of it was behind: now it is read.
            return await RunTurn.AdvanceAsync(World(), walk, cancellationToken);
        }
    }

    private RunWorld World() => new(runs, rules.Current, pipeline, teller, sender, webhooks, time);
}
