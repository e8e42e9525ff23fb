using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Platform.Http;
using LeadFunctions.Platform.Storage;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Journeys.Delivery;

/// <summary>
/// The development outbox: takes messages of every channel, shows them at <c>GET /api/outbox</c> and, where a folder is set, as files.
/// </summary>
public sealed class Outbox(StorageClients storage, IOptions<JourneysOptions> options) : IChannel
{
    public const string Name = "Outbox";

    private const string Partition = "messages";
    private const string SentAt = "sentAt";
    private const int ReadLimit = 20_000;
    private const int NameLimit = 40;
    private const int ForgottenAtOnce = 1_000;
    private const int TransactionLimit = 100;

    private static readonly JsonSerializerOptions FileOptions = new(WebJson.Options) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly TableClient _table = storage.Table(Name);
    private readonly GroupedWrites _writes = new(storage.Table(Name));
    private long _forgottenUpTo;

    public bool Serves(string channel) => true;

    /// <summary>The row is inserted once per message id: what a retry finds there has been sent.</summary>
    public async Task DeliverAsync(JourneyMessage message, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Partition, StableHash.Text(message.Id))
        {
            ["lead"] = message.LeadId,
            ["journey"] = message.Journey,
            ["template"] = message.Template ?? "",
            [SentAt] = message.SentAt,
        };
        var json = JsonSerializer.Serialize(message, WebJson.Options);
        LongText.Write(row, "json", json);
        try
        {
            await _writes.WriteAsync(new TableTransactionAction(TableTransactionActionType.Add, row), 1024 + (json.Length * 2));
        }
        catch (RequestFailedException exists) when (exists.Status == 409 && exists.ErrorCode == "EntityAlreadyExists")
        {
        }

        await WriteFileAsync(message, cancellationToken);
        await ForgetAsync(message.SentAt, cancellationToken);
    }

    public async Task<bool> HasAsync(string messageId, CancellationToken cancellationToken) =>
        (await _table.GetEntityIfExistsAsync<TableEntity>(Partition, StableHash.Text(messageId), cancellationToken: cancellationToken)).HasValue;

    /// <summary>Newest first. Reads all that fit the filters: the outbox is for development.</summary>
    internal async Task<IReadOnlyList<JourneyMessage>> ListAsync(string? lead, string? journey, string? template, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition}")
            + (lead is null ? "" : " and " + TableClient.CreateQueryFilter($"lead eq {lead}"))
            + (journey is null ? "" : " and " + TableClient.CreateQueryFilter($"journey eq {journey}"))
            + (template is null ? "" : " and " + TableClient.CreateQueryFilter($"template eq {template}"));
        var messages = new List<JourneyMessage>();
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            messages.Add(JsonSerializer.Deserialize<JourneyMessage>(LongText.Read(row, "json"), WebJson.Options) ?? throw new InvalidDataException($"The message {row.RowKey} is stored as null."));
            if (messages.Count == ReadLimit)
            {
                break;
            }
        }

        return [.. messages.OrderByDescending(message => message.SentAt).ThenBy(message => message.Id, StringComparer.Ordinal)];
    }

    private async Task WriteFileAsync(JourneyMessage message, CancellationToken cancellationToken)
    {
        if (options.Value.OutboxFolder is not { Length: > 0 } folder)
        {
            return;
        }

        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, FileNameOf(message));
        var draft = path + ".part";
        await File.WriteAllBytesAsync(draft, JsonSerializer.SerializeToUtf8Bytes(message, FileOptions), cancellationToken);
        File.Move(draft, path, overwrite: true);
    }

    /// <summary>A name in the folder, whatever a template is called.</summary>
    internal static string FileNameOf(JourneyMessage message)
    {
        var name = new string([.. (message.Template ?? message.Step).Take(NameLimit).Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' ? c : '_')]);
        return string.Create(CultureInfo.InvariantCulture, $"{message.SentAt:yyyyMMdd-HHmmss}-{name}-{StableHash.Text(message.Id)[..8]}.json");
    }

    /// <summary>
    /// Removes what has been kept long enough, with the first message of a day: there is no other moment at which the outbox is at work. What is too much for one goes with the
    /// messages that follow.
    /// </summary>
    private async Task ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = now.UtcTicks / TimeSpan.TicksPerDay;
        if (options.Value.OutboxDays is not (> 0 and var days) || Interlocked.Exchange(ref _forgottenUpTo, today) == today)
        {
            return;
        }

        // Rows from before the column go by when they were written.
        var until = now.AddDays(-days);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and (sentAt lt {until} or Timestamp lt {until})");
        var old = new List<TableTransactionAction>();
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey", "Timestamp", SentAt], cancellationToken: cancellationToken))
        {
            if ((row.GetDateTimeOffset(SentAt) ?? row.Timestamp) < until)
            {
                old.Add(new(TableTransactionActionType.Delete, row, ETag.All));
            }

            if (old.Count == ForgottenAtOnce)
            {
                Interlocked.Exchange(ref _forgottenUpTo, 0);
                break;
            }
        }

        foreach (var some in old.Chunk(TransactionLimit))
        {
            try
            {
                await _table.SubmitTransactionAsync(some, cancellationToken);
            }
            catch (RequestFailedException gone) when (gone.Status == 404)
            {
                // Another instance is at it.
            }
        }
    }
}
