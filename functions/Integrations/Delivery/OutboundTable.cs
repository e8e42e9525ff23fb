using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Integrations.Delivery;

/// <summary>What is waiting of one lead.</summary>
/// <param name="Next">The lowest number that has not gone out.</param>
/// <param name="Events">By number, with when each came.</param>
/// <param name="First">What has a lower number is told to nobody any more: the lead was erased after it.</param>
/// <param name="IsPart">There may be more.</param>
internal sealed record Waiting(long Next, ETag? ETag, IReadOnlyList<(WorldEvent Event, DateTimeOffset Since)> Events, long First = 0, bool IsPart = false);

/// <summary>
/// Table <c>Outbound</c>, a partition for each lead: which number is next, and what came before its turn. What comes in its turn is never written here, and whoever writes here writes the head's row too:
/// who moved the head as they had read it has missed nothing.
/// </summary>
public sealed class OutboundTable(StorageClients storage)
{
    public const string Name = "Outbound";

    private const string HeadKey = "head";
    private const string Next = "Next";
    private const string First = "First";

    /// <summary>Looked at together. With the head's row they are one transaction.</summary>
    public const int AtOnce = 49;

    private readonly TableClient _table = storage.Table(Name);

    internal async Task<Waiting> ReadAsync(string leadId, CancellationToken cancellationToken)
    {
        var (next, unerased, etag) = (1L, 0L, (ETag?)null);
        var events = new List<(WorldEvent, DateTimeOffset)>();
        await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {leadId}"), maxPerPage: AtOnce + 1, cancellationToken: cancellationToken))
        {
            if (row.RowKey == HeadKey) // sorts before the numbers
            {
                (next, unerased, etag) = (row.GetInt64(Next) ?? 1, row.GetInt64(First) ?? 0, row.ETag);
                continue;
            }

            events.Add((Read(row), row.GetDateTimeOffset("Since") ?? default));
            if (events.Count == AtOnce)
            {
                break;
            }
        }

        return new(next, etag, events, unerased, IsPart: events.Count == AtOnce);
    }

    /// <summary>All that is waiting of a lead.</summary>
    internal async IAsyncEnumerable<WorldEvent> OfLeadAsync(string leadId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {leadId} and RowKey gt {HeadKey}"), cancellationToken: cancellationToken))
        {
            yield return Read(row);
        }
    }

    /// <summary>Those have gone out, and these wait. False when another was first: look again.</summary>
    internal async Task<bool> TryAdvanceAsync(
        string leadId, Waiting seen, long next, IReadOnlyList<long> gone, IReadOnlyList<WorldEvent> early, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var head = new TableEntity(leadId, HeadKey) { [Next] = next, [First] = seen.First > 0 ? seen.First : null };
        var moved = seen.ETag is { } etag ? new TableTransactionAction(TableTransactionActionType.UpdateReplace, head, etag) : new(TableTransactionActionType.Add, head);
        try
        {
            await _table.SubmitTransactionAsync(
                [
                    moved,
                    .. gone.Select(number => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(leadId, Key(number)), ETag.All)),
                    .. early.Select(e => new TableTransactionAction(TableTransactionActionType.UpsertReplace, Row(e, now))),
                ], cancellationToken);
            return true;
        }
        catch (RequestFailedException lost) when (lost.Status is 404 or 409 or 412)
        {
            return false;
        }
    }

    /// <summary>What was told of a lead up to a number goes, and goes out no more when it comes late; how many events that were.</summary>
    /// <param name="last">Null: of this one nothing is told any more, ever.</param>
    internal async Task<int> EraseAsync(string leadId, long? last, CancellationToken cancellationToken)
    {
        var (count, upTo) = (0, last ?? long.MaxValue - 1);
        while (upTo > 0)
        {
            var seen = await ReadAsync(leadId, cancellationToken);
            if (last is null && seen is { ETag: null, Events.Count: 0 })
            {
                return count; // nobody was told of it before
            }

            List<long> erased = [.. seen.Events.Select(waiting => waiting.Event.Number).Where(number => number <= upTo)];
            if (seen.First > upTo && erased.Count == 0)
            {
                return count;
            }

            if (await TryAdvanceAsync(leadId, seen with { First = Math.Max(seen.First, upTo + 1) }, Math.Max(seen.Next, upTo + 1), erased, [], default, cancellationToken))
            {
                count += erased.Count;
            }
        }

        return count;
    }

    private static TableEntity Row(WorldEvent e, DateTimeOffset now)
    {
        var row = new TableEntity(e.LeadId, Key(e.Number)) { ["Since"] = now };
        LongText.Write(row, "Event", JsonSerializer.Serialize(e, IntegrationsJson.Default.WorldEvent));
        return row;
    }

    private static WorldEvent Read(TableEntity row) =>
        JsonSerializer.Deserialize(LongText.Read(row, "Event"), IntegrationsJson.Default.WorldEvent) ?? throw new InvalidDataException($"The event {row.RowKey} of {row.PartitionKey} is stored as null.");

    private static string Key(long number) => string.Create(CultureInfo.InvariantCulture, $"n|{number:D10}");
}
