using System.Text;
using Azure;
using Azure.Data.Tables;

namespace LeadFunctions.Local.Tests.Storage;

/// <summary>Random legal keys through every place where a key is written: address, transaction, filter, body.</summary>
[Collection(StorageEmulator.Collection)]
public sealed class KeyEscapingTests(StorageEmulator emulator) : IAsyncLifetime
{
    private readonly TableClient _table = new(emulator.ConnectionString, StorageEmulator.NewTableName());

    public Task InitializeAsync() => _table.CreateAsync();

    public Task DisposeAsync() => _table.DeleteAsync();

    [Fact]
    public async Task Any_legal_key_finds_its_row_again_everywhere()
    {
        var random = new Random(20260104);
        for (var round = 0; round < 60; round++)
        {
            var partitionKey = Key(random);
            var rowKeys = Enumerable.Range(0, 5).Select(number => Key(random) + number).ToList();

            await _table.SubmitTransactionAsync(rowKeys.Select(key =>
                new TableTransactionAction(TableTransactionActionType.Add, new TableEntity(partitionKey, key) { ["K"] = key })));
            await _table.SubmitTransactionAsync(rowKeys.Select(key =>
                new TableTransactionAction(TableTransactionActionType.UpdateMerge, new TableEntity(partitionKey, key) { ["M"] = key }, ETag.All)));
            foreach (var key in rowKeys)
            {
                var point = (await _table.GetEntityAsync<TableEntity>(partitionKey, key)).Value;
                var found = await _table.QueryAsync<TableEntity>(
                    TableClient.CreateQueryFilter($"PartitionKey eq {partitionKey} and RowKey ge {key} and RowKey le {key} and K eq {key}")).SingleAsync();
                await _table.UpdateEntityAsync(new TableEntity(partitionKey, key) { ["K"] = "changed" }, point.ETag, TableUpdateMode.Replace);
                await _table.DeleteEntityAsync(partitionKey, key);

                Assert.Equal((partitionKey, key, key, key), (point.PartitionKey, point.RowKey, point.GetString("K"), point.GetString("M")));
                Assert.Equal((partitionKey, key), (found.PartitionKey, found.RowKey));
                Assert.False((await _table.GetEntityIfExistsAsync<TableEntity>(partitionKey, key)).HasValue);
            }
        }
    }

    private const string Odd = "'\"{}()[]<>&%+;=:@!$*|^`~ .-_";

    // The service forbids / \ # ? and control characters. In a transaction the emulator takes a quote and a comma inside a row key for the end of the partition key.
    private static string Key(Random random)
    {
        var text = new StringBuilder();
        for (var length = random.Next(0, 12); length > 0; length--)
        {
            var character = random.Next(4) switch
            {
                0 => Odd[random.Next(Odd.Length)].ToString(),
                1 => ((char)random.Next(0x20, 0x7F)).ToString(),
                2 => ((char)random.Next(0xA0, 0xD7FF)).ToString(),
                _ => char.ConvertFromUtf32(random.Next(0x1F300, 0x1FAFF)),
            };
            text.Append(character is "/" or "\\" or "#" or "?" or "," ? "_" : character);
        }

        return text.ToString();
    }
}
