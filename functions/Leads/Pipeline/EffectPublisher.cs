using System.Diagnostics;
using Azure.Storage.Queues;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Leads.Pipeline;

/// <summary>
/// Sends what changes of leads cause on its way: the halves of a merge come back as events to the other lead, all else
/// goes to the effects queue. At least once: the ids are the effects' own.
/// </summary>
public sealed class EffectPublisher
{
    /// <summary>Effects in one message: well below a message's size.</summary>
    private const int PerMessage = 150;

    /// <summary>Characters of data in one message, but for a single effect that has more.</summary>
    private const int DataPerMessage = 20_000;

    private readonly QueueClient _queue;
    private readonly QueueClient _journeys;
    private readonly QueueClient _outbound;
    private readonly EventWriter _events;
    private readonly TimeProvider _time;

    internal EffectPublisher(StorageClients storage, EventWriter events, TimeProvider time) =>
        (_queue, _journeys, _outbound, _events, _time) = (storage.Queue(Queues.LeadEffects), storage.Queue(Queues.JourneyEffects), storage.Queue(Queues.Outbound), events, time);

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

        foreach (var queued in effects.Where(effect => AsEvent(effect, now) is null).GroupBy(QueueOf))
        {
            foreach (var some in Chunks(queued))
            {
                var text = QueueText.Write(new EffectBatch(some, Activity.Current?.Id), EffectsJson.Default.EffectBatch);
                await queued.Key.PutAsync(text, cancellationToken);
            }
        }
    }

    private static IEnumerable<List<LeadEffect>> Chunks(IEnumerable<LeadEffect> effects)
    {
        var (chunk, data) = (new List<LeadEffect>(), 0);
        foreach (var effect in effects)
        {
            var length = effect.Data?.GetRawText().Length ?? 0;
            if (chunk.Count == PerMessage || (chunk.Count > 0 && data + length > DataPerMessage))
            {
                yield return chunk;
                (chunk, data) = ([], 0);
            }

            chunk.Add(effect);
            data += length;
        }

        if (chunk.Count > 0)
        {
            yield return chunk;
        }
    }

    private QueueClient QueueOf(LeadEffect effect) => effect.Kind switch
    {
        EffectKind.JourneyEntered or EffectKind.JourneyWoken or EffectKind.LeadDue => _journeys,
        EffectKind.Told => _outbound,
        _ => _queue,
    };

    internal static LeadEvent? AsEvent(LeadEffect effect, DateTimeOffset now) => effect switch
    {
        { Kind: EffectKind.Merged, To: { } into } => Merges.Absorb(into, effect.LeadId, effect.Id, now),
        { Kind: EffectKind.Unmerged, To: { } released } => Merges.Release(released, effect.LeadId, effect.Id, now, effect.Data), // it has heard of it most often
        _ => null,
    };
}

/// <summary>Applies events to a lead at once, for whoever goes by what it then looks like.</summary>
public sealed class LeadTeller(LeadPipeline pipeline, EffectPublisher publisher, TimeProvider time)
{
    /// <param name="batch">Names the events for ever.</param>
    /// <returns>The lead after, as far as it is known; and why one can never be applied.</returns>
    internal async Task<(LeadState? Lead, string? Fault)> TellAsync(string batch, IReadOnlyList<LeadEvent> events, CancellationToken cancellationToken)
    {
        var applied = await pipeline.ApplyAsync(new EventBatch(batch, time.GetUtcNow(), events), cancellationToken);
        await publisher.PublishAsync(applied.Effects, cancellationToken);
        await pipeline.ClearAsync(applied);

        // One that is frozen may have been passed on the way.
        var lead = applied.Leads.FirstOrDefault(lead => lead is { MergedInto: null, IsErased: false } && events[0].LeadId is { } id && lead.AllIds.Contains(id));
        return (lead, applied.Refused.Select(refused => refused.Reason).FirstOrDefault());
    }
}
