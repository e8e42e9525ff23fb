using Azure;
using Azure.Data.Tables;

namespace LeadFunctions.Local.Tests.Storage;

[Collection(StorageEmulator.Collection)]
public sealed class TableClientTests(StorageEmulator emulator) : IAsyncLifetime
{
    private readonly TableClient _table = new(emulator.ConnectionString, StorageEmulator.NewTableName());

    public Task InitializeAsync() => _table.CreateAsync();

    public Task DisposeAsync() => _table.DeleteAsync();

    [Fact]
    public async Task Every_property_type_comes_back_as_it_was_stored()
    {
        var at = new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.FromHours(2)).AddTicks(1234567);
        var row = new TableEntity("p", "r")
        {
            ["Text"] = "Grüße \"quoted\" \\ <b>&amp; \u2028\u2029 😀 'x'\r\n\t",
            ["Empty"] = "",
            ["Int"] = -7,
            ["Long"] = long.MinValue,
            ["SmallLong"] = 5L,
            ["Double"] = 0.1 + 0.2,
            ["WholeDouble"] = 5.0,
            ["HugeDouble"] = 1e300,
            ["Infinite"] = double.NegativeInfinity,
            ["Flag"] = true,
            ["At"] = at,
            ["AtUtc"] = at.UtcDateTime,
            ["Id"] = Guid.Parse("a455c695-df98-5678-aaaa-81d3367e5a34"),
            ["Bytes"] = new byte[] { 0, 1, 254, 255 },
            ["Data"] = BinaryData.FromString("data"),
            ["Nothing"] = null,
        };

        var added = await _table.AddEntityAsync(row);
        var read = (await _table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.Equal(row.GetString("Text"), read.GetString("Text"));
        Assert.Equal("", read.GetString("Empty"));
        Assert.Equal(-7, read.GetInt32("Int"));
        Assert.Equal(long.MinValue, read.GetInt64("Long"));
        Assert.Equal(5L, read.GetInt64("SmallLong"));
        Assert.Equal(0.1 + 0.2, read.GetDouble("Double"));
        Assert.Equal(5.0, read.GetDouble("WholeDouble"));
        Assert.Equal(1e300, read.GetDouble("HugeDouble"));
        Assert.Equal(double.NegativeInfinity, read.GetDouble("Infinite"));
        Assert.True(read.GetBoolean("Flag"));
        Assert.Equal(at, read.GetDateTimeOffset("At"));
        Assert.Equal(at.UtcDateTime, read.GetDateTime("AtUtc"));
        Assert.Equal(Guid.Parse("a455c695-df98-5678-aaaa-81d3367e5a34"), read.GetGuid("Id"));
        Assert.Equal([0, 1, 254, 255], read.GetBinary("Bytes"));
        Assert.Equal("data", read.GetBinaryData("Data").ToString());
        Assert.False(read.ContainsKey("Nothing"));
        Assert.Equal(added.Headers.ETag, read.ETag);
        Assert.NotNull(read.Timestamp);
    }

    [Fact]
    public async Task A_transaction_writes_all_rows_and_gives_an_etag_for_each_in_order()
    {
        for (var number = 0; number < 5; number++)
        {
            await _table.AddEntityAsync(new TableEntity("p", $"old{number}") { ["Kept"] = number, ["Changed"] = "no" });
        }

        var responses = (await _table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.Add, new TableEntity("p", "new") { ["Text"] = "{a} 'b' \u2028 }" }),
            new(TableTransactionActionType.UpdateMerge, new TableEntity("p", "old0") { ["Changed"] = "yes" }, ETag.All),
            new(TableTransactionActionType.UpdateReplace, new TableEntity("p", "old1") { ["Changed"] = "yes" }, ETag.All),
            new(TableTransactionActionType.UpsertMerge, new TableEntity("p", "old2") { ["Changed"] = "yes" }),
            new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "old3") { ["Changed"] = "yes" }),
            new(TableTransactionActionType.Delete, new TableEntity("p", "old4")),
        ])).Value;

        Assert.Equal([204, 204, 204, 204, 204, 204], responses.Select(response => response.Status));
        var rows = new List<TableEntity>();
        await foreach (var row in _table.QueryAsync<TableEntity>())
        {
            rows.Add(row);
        }

        Assert.Equal(["new", "old0", "old1", "old2", "old3"], rows.Select(row => row.RowKey));
        Assert.Equal("{a} 'b' \u2028 }", rows[0].GetString("Text"));
        Assert.Equal([0, null, 2, null], rows.Skip(1).Select(row => row.GetInt32("Kept")));
        Assert.All(rows.Skip(1), row => Assert.Equal("yes", row.GetString("Changed")));
        for (var index = 0; index < 5; index++)
        {
            Assert.Equal(rows[index].ETag, responses[index].Headers.ETag);
        }
    }
}
