using Azure;
using Azure.Data.Tables;

namespace LeadFunctions.Local.Tests.Storage;

/// <summary>What the service refuses, as the caller sees it.</summary>
[Collection(StorageEmulator.Collection)]
public sealed class TableRefusalTests(StorageEmulator emulator) : IAsyncLifetime
{
    private readonly TableClient _table = new(emulator.ConnectionString, StorageEmulator.NewTableName());

    public Task InitializeAsync() => _table.CreateAsync();

    public Task DisposeAsync() => _table.DeleteAsync();

    [Fact]
    public async Task Each_refusal_carries_its_status_and_code()
    {
        var row = new TableEntity("p", "r") { ["N"] = 1 };
        await _table.AddEntityAsync(row);
        var stale = new ETag("W/\"datetime'2020-01-01T00%3A00%3A00.0000000Z'\"");
        var missing = new TableClient(emulator.ConnectionString, StorageEmulator.NewTableName());

        await Refused(409, "EntityAlreadyExists", () => _table.AddEntityAsync(row));
        await Refused(412, "UpdateConditionNotSatisfied", () => _table.UpdateEntityAsync(row, stale));
        await Refused(412, "UpdateConditionNotSatisfied", () => _table.UpdateEntityAsync(row, stale, TableUpdateMode.Replace));
        await Refused(412, "UpdateConditionNotSatisfied", () => _table.DeleteEntityAsync(row, stale));
        await Refused(404, "ResourceNotFound", () => _table.GetEntityAsync<TableEntity>("p", "none"));
        await Refused(404, "ResourceNotFound", () => _table.UpdateEntityAsync(new TableEntity("p", "none"), ETag.All));
        await Refused(409, "TableAlreadyExists", () => _table.CreateAsync());
        await Refused(404, "TableNotFound", () => missing.AddEntityAsync(row));
        await Refused(403, null, () => new TableClient(
            new Uri(emulator.TableEndpoint), _table.Name, new TableSharedKeyCredential(emulator.Account, "AAAA"), NoRetries()).AddEntityAsync(row));
    }

    [Fact]
    public async Task What_is_absent_is_a_value_where_the_method_says_so()
    {
        var absent = await _table.GetEntityIfExistsAsync<TableEntity>("p", "none");
        var deleted = await _table.DeleteEntityAsync("p", "none");
        var created = await _table.CreateIfNotExistsAsync();
        await _table.AddEntityAsync(new TableEntity("p", "r"));
        var present = await _table.GetEntityIfExistsAsync<TableEntity>("p", "r");
        var missing = new TableClient(emulator.ConnectionString, StorageEmulator.NewTableName());

        Assert.False(absent.HasValue);
        Assert.Equal(404, absent.GetRawResponse().Status);
        Assert.Throws<InvalidOperationException>(() => absent.Value);
        Assert.Equal(404, deleted.Status);
        Assert.Equal(409, created.GetRawResponse().Status);
        Assert.Equal(_table.Name, created.Value.Name);
        Assert.True(present.HasValue);
        Assert.Equal("r", present.Value!.RowKey);
        Assert.Equal(404, (await missing.DeleteAsync()).Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(37)]
    [InlineData(99)]
    public async Task A_refused_transaction_names_the_failing_action_and_stores_nothing(int failing)
    {
        await _table.AddEntityAsync(new TableEntity("p", "there"));
        var actions = Enumerable.Range(0, 100)
            .Select(number => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("p", number == failing ? "there" : $"new{number}")));

        var refusal = await Assert.ThrowsAsync<TableTransactionFailedException>(() => _table.SubmitTransactionAsync(actions));

        Assert.Equal(failing, refusal.FailedTransactionActionIndex);
        Assert.Equal((409, "EntityAlreadyExists"), (refusal.Status, refusal.ErrorCode));
        Assert.Equal("there", (await _table.QueryAsync<TableEntity>().SingleAsync()).RowKey);
    }

    [Theory]
    [InlineData(TableTransactionActionType.UpdateMerge)]
    [InlineData(TableTransactionActionType.UpdateReplace)]
    [InlineData(TableTransactionActionType.Delete)]
    public async Task A_conflict_inside_a_transaction_is_412_with_its_index(TableTransactionActionType type)
    {
        var first = await _table.AddEntityAsync(new TableEntity("p", "a") { ["N"] = 1 });
        var second = await _table.AddEntityAsync(new TableEntity("p", "b") { ["N"] = 1 });
        await _table.UpdateEntityAsync(new TableEntity("p", "b") { ["N"] = 2 }, second.Headers.ETag!.Value);

        var refusal = await Assert.ThrowsAsync<TableTransactionFailedException>(() => _table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.UpdateMerge, new TableEntity("p", "a") { ["N"] = 3 }, first.Headers.ETag!.Value),
            new(type, new TableEntity("p", "b") { ["N"] = 3 }, second.Headers.ETag!.Value),
        ]));
        var rows = await _table.QueryAsync<TableEntity>().Select(row => row.GetInt32("N")).ToListAsync();

        Assert.Equal(1, refusal.FailedTransactionActionIndex);
        Assert.Equal((412, "UpdateConditionNotSatisfied"), (refusal.Status, refusal.ErrorCode));
        Assert.Equal([1, 2], rows);
    }

    [Fact]
    public async Task A_transaction_that_is_none_is_refused()
    {
        var tooMany = Enumerable.Range(0, 101).Select(number => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("p", $"{number}")));
        var missing = new TableClient(emulator.ConnectionString, StorageEmulator.NewTableName());

        await Assert.ThrowsAsync<InvalidOperationException>(() => _table.SubmitTransactionAsync([]));
        await Assert.ThrowsAnyAsync<RequestFailedException>(() => _table.SubmitTransactionAsync(tooMany));
        var twice = await Assert.ThrowsAnyAsync<RequestFailedException>(() => _table.SubmitTransactionAsync(
            [new(TableTransactionActionType.Add, new TableEntity("p", "a")), new(TableTransactionActionType.UpsertMerge, new TableEntity("p", "a"))]));
        var nowhere = await Assert.ThrowsAnyAsync<RequestFailedException>(() => missing.SubmitTransactionAsync(
            [new(TableTransactionActionType.Add, new TableEntity("p", "a"))]));

        Assert.Equal(400, twice.Status);
        Assert.Equal((404, "TableNotFound"), (nowhere.Status, nowhere.ErrorCode));
        Assert.Empty(await _table.QueryAsync<TableEntity>().ToListAsync());
    }

    [Fact]
    public async Task An_update_without_a_version_inside_a_transaction_inserts_as_upstream_does()
    {
        await _table.SubmitTransactionAsync([new(TableTransactionActionType.UpdateReplace, new TableEntity("p", "new"))]);
        var refusal = await Assert.ThrowsAsync<TableTransactionFailedException>(() => _table.SubmitTransactionAsync(
            [new(TableTransactionActionType.UpdateReplace, new TableEntity("p", "newer"), ETag.All)]));

        Assert.Equal("new", (await _table.QueryAsync<TableEntity>().SingleAsync()).RowKey);
        Assert.Equal((404, 0), (refusal.Status, refusal.FailedTransactionActionIndex));
    }

    private static async Task Refused(int status, string? code, Func<Task> call)
    {
        var refusal = await Assert.ThrowsAnyAsync<RequestFailedException>(call);

        Assert.Equal(status, refusal.Status);
        if (code is not null)
        {
            Assert.Equal(code, refusal.ErrorCode);
            Assert.Contains(code, refusal.Message);
        }
    }

    private static TableClientOptions NoRetries() => new() { Retry = { MaxRetries = 0 } };
}
