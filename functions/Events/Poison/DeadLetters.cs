using System.Text.Json;
using Azure;
using LeadFunctions.Platform.Storage;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Events.Poison;

/// <summary>Keeps what could not be applied, whole and with the reason, until someone replays or deletes it.</summary>
public sealed class DeadLetters
{
    private readonly DeadLettersTable _table;
    private readonly StorageClients _storage;
    private readonly TimeProvider _time;
    private readonly ILogger<DeadLetters> _logger;

    public DeadLetters(StorageClients storage, TimeProvider time, ILogger<DeadLetters> logger) =>
        (_table, _storage, _time, _logger) = (new DeadLettersTable(storage), storage, time, logger);

    internal DeadLettersTable Table => _table;

    /// <summary>A message that failed at every delivery.</summary>
    /// <param name="messageId">Of the message in the poison queue: a second delivery stores nothing new.</param>
    public Task AddMessageAsync(string queue, string text, string messageId, DateTimeOffset insertedAt, long dequeueCount, string reason, CancellationToken cancellationToken) =>
        AddAsync(new DeadLetter(DeadLettersTable.IdOf(insertedAt, messageId), DeadLetterKind.Message, queue, reason, insertedAt, dequeueCount, text.Length), text, cancellationToken);

    /// <summary>An event that can never be applied. Calling again with the same event and arrival changes nothing.</summary>
    /// <param name="receivedAt">When it arrived: that of its batch.</param>
    public Task AddEventAsync(LeadEvent @event, DateTimeOffset receivedAt, string reason, CancellationToken cancellationToken)
    {
        var text = JsonSerializer.Serialize(@event, EventsJson.Default.LeadEvent);
        return AddAsync(new DeadLetter(DeadLettersTable.IdOf(receivedAt, @event.Id), DeadLetterKind.Event, Queues.LeadEvents, reason, receivedAt, DequeueCount: 1, text.Length), text, cancellationToken);
    }

    /// <summary>Puts it back on its queue, once: a letter that was replayed before is answered as it is.</summary>
    /// <returns>Null when there is none of this id.</returns>
    internal async Task<DeadLetter?> ReplayAsync(string id, CancellationToken cancellationToken)
    {
        if (await _table.FindAsync(id, cancellationToken) is not var (letter, text, etag))
        {
            return null;
        }

        if (letter.ReplayedAt is not null)
        {
            return letter;
        }

        // Sent first: a crash in between sends it twice, which changes nothing since events are applied once; the other order could lose it.
        await _storage.Queue(letter.Queue).PutAsync(letter.Kind == DeadLetterKind.Event ? Batch(id, text, _time.GetUtcNow()) : text, cancellationToken);
        var now = _time.GetUtcNow();
        try
        {
            await _table.MarkReplayedAsync(id, etag, now, cancellationToken);
        }
        catch (RequestFailedException lost) when (lost.Status is 404 or 412)
        {
            // Somebody else replayed it at the same moment, or deleted it: as good.
        }

        _logger.DeadLetterReplayed(id, letter.Queue);
        return letter with { ReplayedAt = now };
    }

    /// <summary>Has letters say less.</summary>
    /// <param name="without">What is left of a letter's text: the very same; less; null for nothing.</param>
    /// <returns>How many letters that concerned.</returns>
    internal async Task<int> EraseAsync(Func<DeadLetter, string, string?> without, CancellationToken cancellationToken)
    {
        var letters = 0;
        await foreach (var (letter, text, etag) in _table.ReadAsync(cancellationToken))
        {
            var left = without(letter, text);
            if (ReferenceEquals(left, text))
            {
                continue;
            }

            letters++;
            if (left is null)
            {
                await _table.DeleteAsync(letter.Id, cancellationToken);
            }
            else
            {
                await _table.RewriteAsync(letter, left, etag, cancellationToken); // changed meanwhile, it is looked at again with the next try
            }
        }

        return letters;
    }

    private async Task AddAsync(DeadLetter letter, string text, CancellationToken cancellationToken)
    {
        if (await _table.AddAsync(letter, text, cancellationToken))
        {
            Telemetry.DeadLettered(letter.Queue);
            _logger.DeadLetterStored(letter.Id, letter.Queue, letter.Reason);
        }
    }

    /// <summary>The message that replays an event. Its id comes from the letter's, so that a replay sent twice is one batch.</summary>
    internal static string Batch(string id, string text, DateTimeOffset now)
    {
        var @event = JsonSerializer.Deserialize(text, EventsJson.Default.LeadEvent) ?? throw new InvalidDataException($"The dead letter {id} holds no event.");
        return QueueText.Write(new EventBatch($"dead-{id}", now, [@event]), EventsJson.Default.EventBatch);
    }
}
