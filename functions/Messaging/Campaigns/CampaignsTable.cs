using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Messaging.Campaigns;

/// <param name="Number">From 0.</param>
internal sealed record RecipientPage(int Number, IReadOnlyList<Recipient> Recipients);

internal sealed record StoredCampaign(CampaignState State, ETag Tag);

/// <summary>
/// Table <c>Campaigns</c>: of each campaign a partition with its state and its recipients, a page of them a row, so that a page and what is counted of it change in one transaction; and a row in the list.
/// </summary>
public sealed class CampaignsTable(StorageClients storage)
{
    public const string Name = "Campaigns";

    private const string List = "campaigns";
    private const string Claims = "claims";
    private const string StateKey = "state";

    // Between those of pages and the state's.
    private const string ReturnedKeys = "r|";
    private const string ReturnedEnd = "r}";

    private readonly TableClient _table = storage.Table(Name);

    /// <summary>The list first: a campaign that is in it and has no state never began. What is there already stays.</summary>
    /// <returns>As it stands.</returns>
    internal async Task<CampaignState> AddAsync(CampaignState state, CancellationToken cancellationToken)
    {
        await _table.UpsertEntityAsync(new TableEntity(List, state.Id), TableUpdateMode.Replace, cancellationToken);
        return await _table.TryAddAsync(Row(state), cancellationToken) ? state : (await FindAsync(state.Id, cancellationToken))!.State; // campaigns stay
    }

    /// <summary>Which campaign is made of a request: the same one, however often the request arrives.</summary>
    /// <param name="caller">Id of the key that asks: others' requests may be called the same.</param>
    /// <returns>Its id; null when a request that was called so asked for something else.</returns>
    internal async Task<string?> ClaimAsync(string caller, string key, CampaignState campaign, CancellationToken cancellationToken)
    {
        var document = Hash(JsonSerializer.Serialize(campaign.Document, CampaignsJson.Default.CampaignDocument));
        var row = new TableEntity(Claims, Hash($"{caller}\n{key}")) { ["id"] = campaign.Id, ["document"] = document };
        if (await _table.TryAddAsync(row, cancellationToken))
        {
            return campaign.Id;
        }

        var first = (await _table.GetEntityAsync<TableEntity>(Claims, row.RowKey, cancellationToken: cancellationToken)).Value;
        return first.GetString("document") == document ? first.GetString("id") : null;
    }

    /// <summary>Null when there is none.</summary>
    internal async Task<StoredCampaign?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (id.Length != 32 || !id.All(char.IsAsciiHexDigitLower))
        {
            return null;
        }

        var found = await _table.GetEntityIfExistsAsync<TableEntity>(id, StateKey, cancellationToken: cancellationToken);
        return found.HasValue
            ? new(JsonSerializer.Deserialize(LongText.Read(found.Value!, "json"), CampaignsJson.Default.CampaignState) ?? throw new InvalidDataException($"The campaign {id} is stored as null."), found.Value!.ETag) // it has a value
            : null;
    }

    /// <summary>Ids, the newest first: they grow with time.</summary>
    internal async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {List}"), select: ["RowKey"], cancellationToken: cancellationToken))
        {
            ids.Add(row.RowKey);
        }

        ids.Reverse();
        return ids;
    }

    /// <summary>The newest.</summary>
    internal async Task<IReadOnlyList<CampaignState>> LatestAsync(int most, CancellationToken cancellationToken) =>
        [.. (await Task.WhenAll((await ListAsync(cancellationToken)).Take(most).Select(id => FindAsync(id, cancellationToken)))).OfType<StoredCampaign>().Select(stored => stored.State)];

    /// <summary>The campaign as it is to stand, with pages that changed, in one transaction. False when somebody else has changed it since it was read.</summary>
    internal async Task<bool> TrySaveAsync(StoredCampaign read, CampaignState state, IReadOnlyList<RecipientPage> pages, CancellationToken cancellationToken)
    {
        List<TableTransactionAction> changes = [new(TableTransactionActionType.UpdateReplace, Row(state), read.Tag)];
        changes.AddRange(pages.Select(page => new TableTransactionAction(TableTransactionActionType.UpsertReplace, Row(state.Id, page))));
        try
        {
            await _table.SubmitTransactionAsync(changes, cancellationToken);
            return true;
        }
        catch (RequestFailedException changed) when (changed.Status == 412 && !StorageOutage.Is(changed))
        {
            return false;
        }
    }

    /// <summary>The first page from a number on that has recipients who have not got it; null when none has.</summary>
    internal async Task<RecipientPage?> FindOpenAsync(string id, int from, int end, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {id} and RowKey ge {PageKey(from)} and RowKey lt {PageKey(end)} and open gt 0");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, maxPerPage: 1, cancellationToken: cancellationToken))
        {
            return Read(row);
        }

        return null;
    }

    /// <summary>A message came back after it had been sent. The same again changes nothing.</summary>
    /// <param name="send">Names it and nobody.</param>
    internal Task NoteReturnedAsync(string id, string send, CancellationToken cancellationToken) =>
        _table.UpsertEntityAsync(new TableEntity(id, ReturnedKeys + send), TableUpdateMode.Replace, cancellationToken);

    internal async Task<int> CountReturnedAsync(string id, CancellationToken cancellationToken) => (await ReturnedAsync(id, cancellationToken)).Count;

    /// <summary>Which messages came back, as <see cref="NoteReturnedAsync"/> was told of them.</summary>
    internal async Task<IReadOnlySet<string>> ReturnedAsync(string id, CancellationToken cancellationToken)
    {
        var (filter, sends) = (TableClient.CreateQueryFilter($"PartitionKey eq {id} and RowKey ge {ReturnedKeys} and RowKey lt {ReturnedEnd}"), new HashSet<string>(StringComparer.Ordinal));
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, select: ["RowKey"], cancellationToken: cancellationToken))
        {
            sends.Add(row.RowKey[ReturnedKeys.Length..]);
        }

        return sends;
    }

    /// <summary>Recipients, page by page.</summary>
    internal async IAsyncEnumerable<RecipientPage> PagesAsync(string id, int from, int end, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {id} and RowKey ge {PageKey(from)} and RowKey lt {PageKey(end)}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            yield return Read(row);
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static RecipientPage Read(TableEntity row) => new(
        int.Parse(row.RowKey.AsSpan(1), CultureInfo.InvariantCulture),
        JsonSerializer.Deserialize(LongText.Read(row, "json"), CampaignsJson.Default.IReadOnlyListRecipient) ?? throw new InvalidDataException($"The page {row.RowKey} of {row.PartitionKey} is stored as null."));

    private static TableEntity Row(CampaignState state)
    {
        var row = new TableEntity(state.Id, StateKey);
        LongText.Write(row, "json", JsonSerializer.Serialize(state, CampaignsJson.Default.CampaignState));
        return row;
    }

    private static TableEntity Row(string id, RecipientPage page)
    {
        var row = new TableEntity(id, PageKey(page.Number)) { ["open"] = page.Recipients.Count(recipient => recipient.S == RecipientState.Open) };
        LongText.Write(row, "json", JsonSerializer.Serialize(page.Recipients, CampaignsJson.Default.IReadOnlyListRecipient));
        return row;
    }

    private static string PageKey(int number) => $"p{number.ToString("D8", CultureInfo.InvariantCulture)}";
}
