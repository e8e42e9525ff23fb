using System.Globalization;
using System.Text.Json;
using DurableTask.Core.Exceptions;
using LeadFunctions.Ingest;
using LeadFunctions.Leads;
using LeadFunctions.Operations;
using LeadFunctions.Platform;
using LeadFunctions.Scoring;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Journeys;

/// <summary>What moves runs: their advances, what leads' changes ask for, and the clock.</summary>
public sealed class RunFunctions(
    RunsTable runs, DueTable due, JourneyStore journeys, ScoringModelStore scoring, LeadReader leads, LeadPipeline pipeline, EffectPublisher publisher,
    SendArbiter arbiter, Webhooks webhooks, EventWriter events, TimeProvider time)
{
    [Function(nameof(AdvanceRun))]
    public Task<RunStop> AdvanceRun([ActivityTrigger] RunWalk walk, CancellationToken cancellationToken) =>
        RunTurn.AdvanceAsync(World(), walk, cancellationToken);

    /// <summary>A step that failed however often it was tried is left behind: the run goes on after it.</summary>
    [Function(nameof(LeaveStep))]
    public Task<RunStop> LeaveStep([ActivityTrigger] FailedStep failed, CancellationToken cancellationToken) =>
        RunTurn.LeaveAsync(World(), failed, cancellationToken);

    [Function(nameof(ApplyJourneyEffects))]
    public async Task ApplyJourneyEffects(
        [QueueTrigger(Queues.JourneyEffects)] string message, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var batch = QueueText.Read(message, MessagesJson.Default.EffectBatch);
        using var activity = Telemetry.Continue(nameof(ApplyJourneyEffects), batch.TraceParent);
        foreach (var effect in batch.Effects)
        {
            switch (effect)
            {
                case { Kind: EffectKind.JourneyEntered, Data: { } data }:
                    await StartAsync(data.Deserialize(JourneysJson.Default.RunStart)!, client, cancellationToken); // the reducer wrote it
                    break;
                case { Kind: EffectKind.JourneyWoken, To: { } run }:
                    await client.RaiseEventAsync(run, WalkFunctions.Wake, effect.Id, cancellationToken);
                    break;
                case { Kind: EffectKind.LeadDue, To: { } at }:
                    await due.AddAsync(effect.LeadId, DateTimeOffset.Parse(at, CultureInfo.InvariantCulture), cancellationToken);
                    break;
            }
        }
    }

    /// <summary>Tells the leads whose dates came up that time has passed.</summary>
    [Function(nameof(TickLeads))]
    public async Task TickLeads([TimerTrigger("0 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await foreach (var page in due.PagesAsync(now, cancellationToken))
        {
            if (page.Values.Count > 0)
            {
                await events.EnqueueAsync([.. page.Values.Select(row => Tick(row.RowKey, row.PartitionKey, now))]);
                await due.RemoveAsync(page.Values, cancellationToken);
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

        await runs.TryAddAsync(JourneyPlan.Enter(journey, start), cancellationToken);
        try
        {
            var once = new StartOrchestrationOptions(start.RunId).WithDedupeStatuses([.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);
            await client.ScheduleNewOrchestrationInstanceAsync(nameof(WalkFunctions.WalkJourney), new RunWalk(start.RunId, 0), once, cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
        }
    }

    private RunWorld World() => new(runs, journeys, scoring, leads, pipeline, publisher, arbiter, webhooks, time);
}
