using System.Runtime.Serialization;
using Azure;
using Azure.Data.Tables;

namespace LeadFunctions.Local.Tests.Storage;

[Collection(StorageEmulator.Collection)]
public sealed class TableQueryTests(StorageEmulator emulator) : IAsyncLifetime
{
    private readonly TableClient _table = new(emulator.ConnectionString, StorageEmulator.NewTableName());

    public Task InitializeAsync() => _table.CreateAsync();

    public Task DisposeAsync() => _table.DeleteAsync();

    [Fact]
    public async Task Pages_follow_each_other_from_any_continuation()
    {
        foreach (var chunk in Enumerable.Range(0, 25).Chunk(100))
        {
            await _table.SubmitTransactionAsync(chunk.Select(number =>
                new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("p 'q'", $"ö{number:D3}"))));
        }

        var pages = await _table.QueryAsync<TableEntity>(maxPerPage: 10).AsPages().ToListAsync();
        var resumed = await _table.QueryAsync<TableEntity>().AsPages(pages[0].ContinuationToken, 7).ToListAsync();
        var all = await _table.QueryAsync<TableEntity>(maxPerPage: 4).Select(row => row.RowKey).ToListAsync();

        Assert.Equal([10, 10, 5], pages.Select(page => page.Values.Count));
        Assert.Null(pages[^1].ContinuationToken);
        Assert.Equal([7, 7, 1], resumed.Select(page => page.Values.Count));
        Assert.Equal("ö010", resumed[0].Values[0].RowKey);
        Assert.Equal(Enumerable.Range(0, 25).Select(number => $"ö{number:D3}"), all);
    }

    [Fact]
    public async Task Selected_properties_are_all_that_comes()
    {
        await _table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1L, ["B"] = "b" });

        var point = (await _table.GetEntityAsync<TableEntity>("p", "r", ["A"])).Value;
        var queried = await _table.QueryAsync<TableEntity>(select: ["RowKey", "B"]).SingleAsync();

        Assert.Equal(1L, point.GetInt64("A"));
        Assert.False(point.ContainsKey("B"));
        Assert.Equal(("r", "b"), (queried.RowKey, queried.GetString("B")));
        Assert.False(queried.ContainsKey("A"));
        Assert.NotEqual(default, point.ETag);
    }

    [Fact]
    public async Task A_filter_finds_values_of_every_type()
    {
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var id = Guid.Parse("a455c695-df98-5678-aaaa-81d3367e5a34");
        await _table.AddEntityAsync(new TableEntity("p", "yes")
        {
            ["S"] = "o'clock & more",
            ["I"] = 5,
            ["L"] = 1L << 40,
            ["D"] = 2.0,
            ["T"] = at,
            ["G"] = id,
            ["F"] = true,
        });
        await _table.AddEntityAsync(new TableEntity("p", "no")
        {
            ["S"] = "o",
            ["I"] = 6,
            ["L"] = 1L,
            ["D"] = 2.5,
            ["T"] = at.AddMilliseconds(1),
            ["G"] = Guid.Empty,
            ["F"] = false,
        });
        FormattableString[] filters =
        [
            $"S eq {"o'clock & more"}", $"I lt {6}", $"L gt {1L << 39}", $"D le {2.0}", $"T le {at}", $"T lt {at.UtcDateTime.AddMilliseconds(1)}", $"G eq {id}", $"F eq {true}",
            $"RowKey ge {"yes"} and RowKey lt {"yet"}",
        ];

        foreach (var filter in filters)
        {
            var found = await _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter(filter)).Select(row => row.RowKey).ToListAsync();
            Assert.True(found is ["yes"], $"{TableClient.CreateQueryFilter(filter)} found {string.Join(',', found)}");
        }
    }

    [Fact]
    public void A_value_without_literal_form_cannot_stand_in_a_filter()
    {
        string? missing = null;

        Assert.Equal("A eq 'it''s' and B eq X'00FF'", TableClient.CreateQueryFilter($"A eq {"it's"} and B eq {new byte[] { 0, 255 }}"));
        Assert.Throws<ArgumentException>(() => TableClient.CreateQueryFilter($"A eq {missing}"));
        Assert.Throws<ArgumentException>(() => TableClient.CreateQueryFilter($"A eq {new object()}"));
    }

    [Fact]
    public async Task A_typed_entity_is_stored_by_its_public_properties()
    {
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(7);
        var order = new Order
        {
            PartitionKey = "p",
            RowKey = "r",
            Number = 5,
            Total = 12.5,
            Count = 1L << 40,
            Paid = true,
            PaidAt = at,
            PlacedAt = at.UtcDateTime,
            Id = Guid.Parse("a455c695-df98-5678-aaaa-81d3367e5a34"),
            Proof = [1, 2],
            Data = BinaryData.FromString("x"),
            State = OrderState.Shipped,
            Customer = "Zoë",
            Scratch = "not stored",
        };

        await _table.AddEntityAsync(order);
        var read = (await _table.GetEntityAsync<Order>("p", "r")).Value;
        var row = await _table.QueryAsync<TableEntity>().SingleAsync();
        var listed = await _table.QueryAsync<Order>().SingleAsync();

        Assert.Equal(
            (5, 12.5, 1L << 40, true, at, at.UtcDateTime, order.Id, OrderState.Shipped, "Zoë"),
            (read.Number, read.Total, read.Count, read.Paid, read.PaidAt, read.PlacedAt, read.Id, read.State, read.Customer));
        Assert.Equal([1, 2], read.Proof);
        Assert.Equal("x", read.Data?.ToString());
        Assert.Null(read.Absent);
        Assert.Null(read.Scratch);
        Assert.NotEqual(default, read.ETag);
        Assert.NotNull(read.Timestamp);
        Assert.Equal(("Shipped", "Zoë", "r5"), (row.GetString("State"), row.GetString("customer_name"), row.GetString("Label")));
        Assert.False(row.ContainsKey("Scratch"));
        Assert.Equal(read.ETag, listed.ETag);
    }

    [Fact]
    public async Task A_type_that_tables_do_not_have_is_named()
    {
        var local = new TableEntity("p", "r") { ["At"] = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Local) };
        var strange = new TableEntity("p", "r") { ["Price"] = 1.5m };

        await Assert.ThrowsAsync<NotSupportedException>(() => _table.AddEntityAsync(local));
        Assert.Contains("Price", (await Assert.ThrowsAsync<NotSupportedException>(() => _table.AddEntityAsync(strange))).Message);
        Assert.Contains("Price", (await Assert.ThrowsAsync<NotSupportedException>(() => _table.AddEntityAsync(new Strange()))).Message);
    }

    private enum OrderState
    {
        Placed,
        Shipped,
    }

    private sealed class Order : ITableEntity
    {
        public string PartitionKey { get; set; } = "";

        public string RowKey { get; set; } = "";

        public DateTimeOffset? Timestamp { get; set; }

        public ETag ETag { get; set; }

        public int Number { get; init; }

        public double Total { get; init; }

        public long Count { get; init; }

        public bool Paid { get; init; }

        public DateTimeOffset? PaidAt { get; init; }

        public DateTime PlacedAt { get; init; }

        public Guid Id { get; init; }

        public byte[]? Proof { get; init; }

        public BinaryData? Data { get; init; }

        public OrderState State { get; init; }

        public int? Absent { get; init; }

        [DataMember(Name = "customer_name")]
        public string? Customer { get; init; }

        [IgnoreDataMember]
        public string? Scratch { get; init; }

        public string Label => RowKey + Number;
    }

    private sealed class Strange : ITableEntity
    {
        public string PartitionKey { get; set; } = "p";

        public string RowKey { get; set; } = "r";

        public DateTimeOffset? Timestamp { get; set; }

        public ETag ETag { get; set; }

        public decimal Price { get; set; }
    }
}
