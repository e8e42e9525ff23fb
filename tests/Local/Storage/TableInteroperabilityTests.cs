using System.Globalization;
using System.Text.Json.Nodes;
using Azure;
using Azure.Data.Tables;

namespace LeadFunctions.Local.Tests.Storage;

/// <summary>Both directions between our table client and @azure/data-tables.</summary>
[Collection(StorageEmulator.Collection)]
public sealed class TableInteroperabilityTests(StorageEmulator emulator) : IAsyncLifetime
{
    private readonly TableClient _table = new(emulator.ConnectionString, StorageEmulator.NewTableName());
    private readonly StoragePeer _peer = new(emulator);

    public Task InitializeAsync() => _table.CreateAsync();

    public async Task DisposeAsync()
    {
        await _table.DeleteAsync();
        await _peer.DisposeAsync();
    }

    [Fact]
    public async Task Another_client_reads_every_type_that_ours_writes()
    {
        var at = new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.FromHours(2)).AddTicks(1234567);
        await _table.AddEntityAsync(new TableEntity("p", "r")
        {
            ["Text"] = "Grüße \"q\" \\ \u2028 😀 'x'",
            ["Int"] = int.MinValue,
            ["Long"] = long.MaxValue,
            ["Double"] = 1.25,
            ["Whole"] = 5.0,
            ["NotANumber"] = double.NaN,
            ["Flag"] = false,
            ["At"] = at,
            ["Id"] = Guid.Parse("a455c695-df98-5678-aaaa-81d3367e5a34"),
            ["Bytes"] = new byte[] { 0, 1, 254, 255 },
        });

        var row = (await _peer.CallAsync("getEntity", new { name = _table.Name, partitionKey = "p", rowKey = "r" }))!;

        Assert.Equal(("String", "Grüße \"q\" \\ \u2028 😀 'x'"), Typed(row["Text"]));
        Assert.Equal(("Int32", "-2147483648"), Typed(row["Int"]));
        Assert.Equal(("Int64", "9223372036854775807"), Typed(row["Long"]));
        Assert.Equal(("Double", "1.25"), Typed(row["Double"]));
        Assert.Equal("5", Typed(row["Whole"]).Value);
        Assert.Equal(("Double", "NaN"), Typed(row["NotANumber"]));
        Assert.Equal(("Boolean", "false"), Typed(row["Flag"]));
        Assert.Equal(("DateTime", "2026-02-03T02:05:06.1234567Z"), Typed(row["At"]));
        Assert.Equal(("Guid", "a455c695-df98-5678-aaaa-81d3367e5a34"), Typed(row["Id"]));
        Assert.Equal(("Binary", "AAH+/w=="), Typed(row["Bytes"]));
    }

    [Fact]
    public async Task Ours_reads_every_type_that_another_client_writes()
    {
        await _peer.CallAsync("addEntity", new
        {
            name = _table.Name,
            entity = new Dictionary<string, object>
            {
                ["partitionKey"] = "p",
                ["rowKey"] = "r",
                ["Text"] = "Grüße \"q\" \\ \u2028 😀 'x'",
                ["Int"] = new { type = "Int32", value = "-5" },
                ["Long"] = new { type = "Int64", value = "9223372036854775807" },
                ["Double"] = new { type = "Double", value = "1.25" },
                ["Flag"] = new { type = "Boolean", value = "true" },
                ["At"] = new { type = "DateTime", value = "2026-02-03T02:05:06.1234567Z" },
                ["Id"] = new { type = "Guid", value = "a455c695-df98-5678-aaaa-81d3367e5a34" },
                ["Bytes"] = new { type = "Binary", value = "AAH+/w==" },
            },
        });

        var row = (await _table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.Equal("Grüße \"q\" \\ \u2028 😀 'x'", row.GetString("Text"));
        Assert.Equal(-5, row.GetInt32("Int"));
        Assert.Equal(long.MaxValue, row.GetInt64("Long"));
        Assert.Equal(1.25, row.GetDouble("Double"));
        Assert.True(row.GetBoolean("Flag"));
        Assert.Equal(DateTimeOffset.Parse("2026-02-03T02:05:06.1234567Z", CultureInfo.InvariantCulture), row.GetDateTimeOffset("At"));
        Assert.Equal(Guid.Parse("a455c695-df98-5678-aaaa-81d3367e5a34"), row.GetGuid("Id"));
        Assert.Equal([0, 1, 254, 255], row.GetBinary("Bytes"));
    }

    [Theory]
    [InlineData("a'b''c")]
    [InlineData("spaces and\u00a0more")]
    [InlineData("Zürich – 東京 😀")]
    [InlineData("a&b=c;d,e(f)g[h]i{j}k|l~m!n@o$p^q*r+s:t\"u<v>w`x")]
    [InlineData("100%25 %41")]
    public async Task Both_find_a_row_by_the_same_odd_key(string key)
    {
        await _table.AddEntityAsync(new TableEntity(key, key) { ["By"] = "ours" });
        await _peer.CallAsync("transaction", new
        {
            name = _table.Name,
            actions = new object[]
            {
                new object[] { "update", new { partitionKey = key, rowKey = key, Seen = "theirs" }, "Merge" },
                new object[] { "create", new { partitionKey = key, rowKey = key + "2" } },
            },
        });
        await _table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.UpdateMerge, new TableEntity(key, key) { ["Again"] = "ours" }, ETag.All),
            new(TableTransactionActionType.UpdateReplace, new TableEntity(key, key + "2") { ["Again"] = "ours" }, ETag.All),
        ]);

        var theirs = (await _peer.CallAsync("getEntity", new { name = _table.Name, partitionKey = key, rowKey = key }))!;
        var ours = (await _table.GetEntityAsync<TableEntity>(key, key)).Value;
        var filtered = await _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {key} and RowKey eq {key}")).SingleAsync();
        await _table.SubmitTransactionAsync([new(TableTransactionActionType.Delete, ours, ours.ETag)]);
        await _table.DeleteEntityAsync(key, key + "2");

        Assert.Equal("ours", Typed(theirs["Again"]).Value);
        Assert.Equal(("ours", "theirs", "ours"), (ours.GetString("By"), ours.GetString("Seen"), ours.GetString("Again")));
        Assert.Equal(key, filtered.RowKey);
        Assert.Empty(await _table.QueryAsync<TableEntity>().ToListAsync());
    }

    [Fact]
    public async Task An_etag_of_one_client_holds_for_the_other()
    {
        var added = await _table.AddEntityAsync(new TableEntity("p", "r") { ["N"] = 1 });
        await _peer.CallAsync("updateEntity", new
        {
            name = _table.Name,
            entity = new { partitionKey = "p", rowKey = "r", N = 2 },
            etag = added.Headers.ETag.ToString(),
        });

        var refusal = await Assert.ThrowsAsync<RequestFailedException>(() =>
            _table.UpdateEntityAsync(new TableEntity("p", "r") { ["N"] = 3 }, added.Headers.ETag!.Value));
        var current = (await _table.GetEntityAsync<TableEntity>("p", "r")).Value;
        await _table.UpdateEntityAsync(new TableEntity("p", "r") { ["N"] = 4 }, current.ETag);
        var peerRefusal = await Assert.ThrowsAsync<PeerException>(() => _peer.CallAsync("updateEntity", new
        {
            name = _table.Name,
            entity = new { partitionKey = "p", rowKey = "r", N = 5 },
            etag = current.ETag.ToString(),
        }));

        Assert.Equal((412, "UpdateConditionNotSatisfied"), (refusal.Status, refusal.ErrorCode));
        Assert.Equal(412, peerRefusal.Status);
    }

    [Fact]
    public async Task Each_lists_the_others_tables_and_rows()
    {
        var theirs = StorageEmulator.NewTableName();
        await _peer.CallAsync("createTable", new { name = theirs });
        var service = new TableServiceClient(emulator.ConnectionString);
        await _table.AddEntityAsync(new TableEntity("p", "1") { ["N"] = 7L });

        var names = await service.QueryAsync(maxPerPage: 1).Select(table => table.Name).ToListAsync();
        var peerNames = (await _peer.CallAsync("listTables"))!.AsArray().Select(name => (string?)name).ToList();
        var peerRows = (await _peer.CallAsync("listEntities", new { name = _table.Name, filter = TableClient.CreateQueryFilter($"N eq {7L}") }))!.AsArray();
        await service.DeleteTableAsync(theirs);

        Assert.Contains(theirs, names);
        Assert.Contains(_table.Name, peerNames);
        Assert.Single(peerRows);
        Assert.DoesNotContain(theirs, await service.QueryAsync().Select(table => table.Name).ToListAsync());
    }

    private static (string? Type, string? Value) Typed(JsonNode? property) =>
        property is JsonObject typed ? ((string?)typed["type"], typed["value"]?.ToString()) : (null, property?.ToString());
}
