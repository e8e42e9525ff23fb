using LeadFunctions.Events;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Storage;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Leads.Listing;

/// <summary>Keeps the listings' logs short.</summary>
public sealed class ListingFunctions(ListingStore listings)
{
    [Function(nameof(ApplyEffects))]
    public async Task ApplyEffects([QueueTrigger(Queues.LeadEffects)] string message, CancellationToken cancellationToken)
    {
        var batch = QueueText.Read(message, EffectsJson.Default.EffectBatch);
        using var activity = Telemetry.Continue(nameof(ApplyEffects), batch.TraceParent);
        foreach (var shard in batch.Effects.Where(effect => effect.Kind == EffectKind.ListingGrew).Select(effect => LeadIds.Shard(effect.LeadId)).Distinct())
        {
            await listings.FoldAsync(shard, cancellationToken);
        }
    }
}
