using LeadFunctions.Events;
using LeadFunctions.Events.Poison;
using LeadFunctions.Platform.Storage;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Leads.Pipeline;

/// <summary>Events in, effects out.</summary>
public sealed class LeadsFunctions(LeadPipeline pipeline, EffectPublisher publisher, DeadLetters deadLetters, TimeProvider time)
{
    /// <summary>Each line may be the last before a crash: the message comes again, and all of it is repeatable.</summary>
    [Function(nameof(ApplyEvents))]
    public async Task ApplyEvents([QueueTrigger(Queues.LeadEvents)] string message, CancellationToken cancellationToken)
    {
        var batch = QueueText.Read(message, EventsJson.Default.EventBatch);
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
    }
}
