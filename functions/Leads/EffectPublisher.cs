using System.Diagnostics;
using Azure.Storage.Queues;
using LeadFunctions.Ingest;
using LeadFunctions.Platform;

namespace LeadFunctions.Leads;

/// <summary>
/// Sends what changes of leads cause on its way: the halves of a merge come back as events to the other lead, all else
/// goes to the effects queue. At least once: the ids are the effects' own.
/// </summary>
public sealed class EffectPublisher
{
    /// <summary>Effects in one message: well below a message's size.</summary>
    private const int PerMessage = 150;

    private readonly QueueClient _queue;
    private readonly EventWriter _events;
    private readonly TimeProvider _time;

    internal EffectPublisher(StorageClients storage, EventWriter events, TimeProvider time) =>
        (_queue, _events, _time) = (storage.Queue(Queues.LeadEffects), events, time);

    internal async Task PublishAsync(IReadOnlyList<LeadEffect> effects, CancellationToken cancellationToken)
    {
        if (effects.Count == 0)
        {
            return;
        }

        var now = _time.GetUtcNow();
        var asEvents = effects.Select(effect => AsEvent(effect, now)).OfType<LeadEvent>().ToList();
        if (asEvents.Count > 0)
        {
            await _events.EnqueueAsync(asEvents);
        }

        foreach (var some in effects.Where(effect => AsEvent(effect, now) is null).Chunk(PerMessage))
        {
            var text = QueueText.Write(new EffectBatch(some, Activity.Current?.Id), MessagesJson.Default.EffectBatch);
            await _queue.SendMessageAsync(text, cancellationToken);
        }
    }

    private static LeadEvent? AsEvent(LeadEffect effect, DateTimeOffset now) => effect switch
    {
        { Kind: EffectKind.Merged, To: { } into } => Merges.Absorb(into, effect.LeadId, effect.Id, now),
        { Kind: EffectKind.Unmerged, To: { } released } => Merges.Release(released, effect.LeadId, effect.Id, now),
        _ => null,
    };
}
