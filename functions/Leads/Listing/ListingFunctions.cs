using LeadFunctions.Events;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle.Owners;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Segments.Stored;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Leads.Listing;

/// <summary>Keeps the listings up with what became of leads.</summary>
public sealed class ListingFunctions(LeadIndexTable index, MembersTable members, OwnersTable owners)
{
    [Function(nameof(ApplyEffects))]
    public async Task ApplyEffects([QueueTrigger(Queues.LeadEffects)] string message, CancellationToken cancellationToken)
    {
        var batch = QueueText.Read(message, EffectsJson.Default.EffectBatch);
        using var activity = Telemetry.Continue(nameof(ApplyEffects), batch.TraceParent);
        await index.UpdateAsync([.. batch.Effects.Where(effect => effect.Kind == EffectKind.Listed)], cancellationToken);
        await members.UpdateAsync(batch.Effects, cancellationToken);
        await owners.ApplyAsync(batch.Effects, cancellationToken);
    }
}
