using LeadFunctions.Events;
using LeadFunctions.Events.Poison;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Events.Seen;
using LeadFunctions.Platform.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Leads.Pipeline;

/// <summary>Events in, effects out.</summary>
public sealed class LeadsFunctions(LeadPipeline pipeline, EffectPublisher publisher, DeadLetters deadLetters, SeenWatch seen, TimeProvider time, ILogger<LeadsFunctions> logger)
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
        var applied = await pipeline.ApplyAsync(batch, cancellationToken);
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
}
