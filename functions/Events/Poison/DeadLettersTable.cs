using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Events.Poison;

/// <summary>One partition; row keys fall as time rises, so that the newest come first.</summary>
internal sealed class DeadLettersTable(StorageClients storage)
{
    public const string Name = "DeadLetters";

    private const string Partition = "dead";
    private const string Text = "Text";

    private static readonly string[] Listed = ["RowKey", "Kind", "Queue", "Reason", "At", "DequeueCount", "Size", "ReplayedAt"];

    private readonly TableClient _table = storage.Table(Name);

    /// <summary>The same thing that died at the same moment gets the same id: storing it again changes nothing.</summary>
    /// <param name="name">What tells it from others of that moment: the message's or the event's id.</param>
    public static string IdOf(DateTimeOffset at, string name) => string.Create(
        CultureInfo.InvariantCulture,
        $"{DateTimeOffset.MaxValue.UtcTicks - at.UtcTicks:D19}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 6))}");

    /// <returns>False when it was stored before.</returns>
    public async Task<bool> AddAsync(DeadLetter letter, string text, CancellationToken cancellationToken)
    {
        try
        {
            await _table.AddEntityAsync(Row(letter, text), cancellationToken);
            return true;
        }
        catch (RequestFailedException exists) when (exists.ErrorCode == "EntityAlreadyExists")
        {
            return false;
        }
    }

    /// <summary>Up to <paramref name="size"/> letters that are older than <paramref name="after"/>, newest first.</summary>
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(string? after, int size, CancellationToken cancellationToken)
    {
        var letters = new List<DeadLetter>(size);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey gt {after ?? ""}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, size, Listed, cancellationToken))
        {
            letters.Add(Read(row));
            if (letters.Count == size)
            {
                break;
            }
        }

        return letters;
    }

    public async Task<(DeadLetter Letter, string Text, ETag ETag)?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(Partition, id, cancellationToken: cancellationToken);
        return found.HasValue ? (Read(found.Value!), LongText.Read(found.Value!, Text), found.Value!.ETag) : null; // has a value
    }

    /// <summary>All letters with their text, newest first.</summary>
    public async IAsyncEnumerable<(DeadLetter Letter, string Text, ETag ETag)> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), cancellationToken: cancellationToken))
        {
            yield return (Read(row), LongText.Read(row, Text), row.ETag);
        }
    }

    /// <summary>The letter says something else from now on, and is otherwise the same.</summary>
    /// <exception cref="RequestFailedException">412 or 404: it was replayed or deleted meanwhile.</exception>
    public Task RewriteAsync(DeadLetter letter, string text, ETag etag, CancellationToken cancellationToken) =>
        _table.UpdateEntityAsync(Row(letter, text), etag, TableUpdateMode.Replace, cancellationToken);

    /// <exception cref="RequestFailedException">412 or 404: it was replayed or deleted meanwhile.</exception>
    public Task MarkReplayedAsync(string id, ETag etag, DateTimeOffset now, CancellationToken cancellationToken) =>
        _table.UpdateEntityAsync(new TableEntity(Partition, id) { ["ReplayedAt"] = now }, etag, TableUpdateMode.Merge, cancellationToken);

    /// <returns>False when there was none.</returns>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        var response = await _table.DeleteEntityAsync(Partition, id, ETag.All, cancellationToken);
        return response.Status != 404;
    }

    private static TableEntity Row(DeadLetter letter, string text)
    {
        var row = new TableEntity(Partition, letter.Id)
        {
            ["Kind"] = letter.Kind.ToString(),
            ["Queue"] = letter.Queue,
            ["Reason"] = letter.Reason,
            ["At"] = letter.At,
            ["DequeueCount"] = letter.DequeueCount,
            ["Size"] = text.Length,
        };
        if (letter.ReplayedAt is { } replayed)
        {
            row["ReplayedAt"] = replayed;
        }

        LongText.Write(row, Text, text);
        return row;
    }

    private static DeadLetter Read(TableEntity row) => new(
        row.RowKey,
        Enum.TryParse<DeadLetterKind>(row.GetString("Kind"), out var kind) ? kind : DeadLetterKind.Message,
        row.GetString("Queue") ?? "",
        row.GetString("Reason") ?? "",
        row.GetDateTimeOffset("At") ?? default,
        row.GetInt64("DequeueCount") ?? 0,
        row.GetInt32("Size") ?? 0,
        row.GetDateTimeOffset("ReplayedAt"));
}
