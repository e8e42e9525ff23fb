using LeadFunctions.Events;
using LeadFunctions.Events.Poison;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Events.Seen;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Tail;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Leads.Pipeline;

/// <summary>Events in, effects out.</summary>
public sealed class LeadsFunctions(LeadPipeline pipeline, EffectPublisher publisher, DeadLetters deadLetters, TailWriter tail, SeenWatch seen, TimeProvider time, ILogger<LeadsFunctions> logger)
{
    /// <summary>Each line may be the last before a crash: the message comes again, and all of it is repeatable.</summary>
    [Function(nameof(ApplyEvents))]
    public async Task ApplyEvents([QueueTrigger(Queues.LeadEvents)] string message, long dequeueCount, CancellationToken cancellationToken)
    {
        var batch = QueueText.Read(message, EventsJson.Default.EventBatch);
        if (dequeueCount > 1)
        {
            logger.EventsCameBack(batch.Events.Count, (time.GetUtcNow() - batch.ReceivedAt).TotalSeconds, dequeueCount);
        }

        using var activity = Telemetry.Continue(nameof(ApplyEvents), batch.TraceParent);
        var tailed = TailedBatch.Of(batch);
        var applied = await pipeline.ApplyAsync(tailed?.Batch ?? batch, cancellationToken, tailed?.Applied);
        tail.AddApplied(tailed?.Rows(applied.Refused, Woken(applied), isAgain: dequeueCount > 1, time.GetUtcNow()) ?? []);
        Telemetry.EventScored(batch.ReceivedAt, time.GetUtcNow(), batch.Events.Count);

        foreach (var (e, reason) in applied.Refused)
        {
            await deadLetters.AddEventAsync(e, batch.ReceivedAt, reason, cancellationToken);
        }

        await publisher.PublishAsync(applied.Effects, cancellationToken);
        await pipeline.ClearAsync(applied);
        await publisher.PublishAsync(ListingGrowth.Effects(batch.Id, applied.Leads, time.GetUtcNow()), cancellationToken);
        await seen.NoteAsync(batch.Events, cancellationToken);
    }

    /// <summary>Journeys that began for leads or may go on.</summary>
    private static IEnumerable<(string LeadId, string Journey)> Woken(Applied applied) =>
        from effect in applied.Effects
        where effect.Kind is EffectKind.JourneyEntered or EffectKind.JourneyWoken && effect.To is not null
        let run = RunId.Parse(effect.To!) // it was looked at
        where run is not null
        select (effect.LeadId, run.Value.Journey);
}
