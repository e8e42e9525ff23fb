using LeadFunctions.Operations;
using LeadFunctions.Platform;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Leads;

/// <summary>Events in, effects out.</summary>
public sealed class LeadsFunctions(LeadPipeline pipeline, EffectPublisher publisher, LeadIndexTable index, DeadLetters deadLetters)
{
    /// <summary>Each line may be the last before a crash: the message comes again, and all of it is repeatable.</summary>
    [Function(nameof(ApplyEvents))]
    public async Task ApplyEvents([QueueTrigger(Queues.LeadEvents)] string message, CancellationToken cancellationToken)
    {
        var batch = QueueText.Read(message, MessagesJson.Default.EventBatch);
        var applied = await pipeline.ApplyAsync(batch, cancellationToken);

        await deadLetters.AddAsync(applied.Refused, cancellationToken);
        await publisher.PublishAsync(applied.Effects, cancellationToken);
        await pipeline.ClearAsync(applied);
    }

    [Function(nameof(ApplyEffects))]
    public async Task ApplyEffects([QueueTrigger(Queues.LeadEffects)] string message, CancellationToken cancellationToken)
    {
        var batch = QueueText.Read(message, MessagesJson.Default.EffectBatch);
        await index.UpdateAsync([.. batch.Effects.Where(effect => effect.Kind == EffectKind.Listed)], cancellationToken);
    }
}
