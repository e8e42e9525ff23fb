using LeadFunctions.Events;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle.Notes;
using LeadFunctions.Lifecycle.Owners;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Reports.Stored;
using LeadFunctions.Segments.Stored;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Leads.Listing;

/// <summary>Keeps the logs of listings and facts short, who is in which segment, and what was noted; and gives leads to sales.</summary>
public sealed class ListingFunctions(ListingStore listings, FactStore facts, MembersTable members, OwnersTable owners, NotesTable notes)
{
    [Function(nameof(ApplyEffects))]
    public async Task ApplyEffects([QueueTrigger(Queues.LeadEffects)] string message, CancellationToken cancellationToken)
    {
        var batch = QueueText.Read(message, EffectsJson.Default.EffectBatch);
        using var activity = Telemetry.Continue(nameof(ApplyEffects), batch.TraceParent);
        await members.UpdateAsync(batch.Effects, cancellationToken);
        await owners.ApplyAsync(batch.Effects, cancellationToken);
        await notes.AddAsync(batch.Effects, cancellationToken);
        foreach (var shard in batch.Effects.Where(effect => effect.Kind == EffectKind.ListingGrew).Select(effect => LeadIds.Shard(effect.LeadId)).Distinct())
        {
            await listings.FoldAsync(shard, cancellationToken);
            await facts.FoldAsync(shard, cancellationToken);
        }
    }
}
