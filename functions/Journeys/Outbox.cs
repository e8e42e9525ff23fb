using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Platform;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Journeys;

/// <summary>
/// The development outbox: takes messages of every channel, shows them at <c>GET /api/outbox</c> and, where a folder is set, as files.
/// </summary>
public sealed class Outbox(StorageClients storage, IOptions<JourneysOptions> options) : IChannel
{
    public const string Name = "Outbox";

    private const string Partition = "messages";
    private const int ReadLimit = 20_000;

    private static readonly JsonSerializerOptions FileOptions = new(WebJson.Options) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly TableClient _table = storage.Table(Name);
    private readonly GroupedWrites _writes = new(storage.Table(Name));

    public bool Serves(string channel) => true;

    /// <summary>The row is inserted once per message id: what a retry finds there has been sent.</summary>
    public async Task DeliverAsync(JourneyMessage message, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Partition, StableHash.Text(message.Id))
        {
            ["lead"] = message.LeadId,
            ["journey"] = message.Journey,
            ["template"] = message.Template ?? "",
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
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{message.SentAt:yyyyMMdd-HHmmss}-{message.Template ?? message.Step}-{StableHash.Text(message.Id)[..8]}.json"));
        var draft = path + ".part";
        await File.WriteAllBytesAsync(draft, JsonSerializer.SerializeToUtf8Bytes(message, FileOptions), cancellationToken);
        File.Move(draft, path, overwrite: true);
    }
}
