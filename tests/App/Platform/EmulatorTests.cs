using Azure;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Platform;

/// <summary>The emulator uses its indices (<c>local/azurite/indices.js</c>) and is quick to say that a queue is empty (<c>looks.js</c>), and answers what Azure would.</summary>
public sealed class EmulatorTests
{
    private static readonly string[] Partitions = ["a", "b", "it's", "or", ""];

    /// <summary>Some look like numbers, which the emulator's database orders as such.</summary>
    private static readonly string[] Keys = ["7", "12", "0x1f", "1e3", "Infinity", "7|", "7|a", "7|b", "7}", "12|a", "12|b|1", "1e3|x", "x|1", "~1"];

    [Fact]
    public async Task A_query_finds_what_its_filter_says_in_order_and_page_by_page()
    {
        var table = new TableClient(await Emulator.NewSharedAccountAsync(), "Rows");
        await table.CreateAsync();
        List<(string Partition, string Row, int Number)> all = [.. Partitions.SelectMany(partition => Enumerable.Range(0, 30).Select(n => (partition, $"r{n:00}", n % 4)))];
        foreach (var partition in Partitions)
        {
            await table.SubmitTransactionAsync(all.Where(row => row.Partition == partition)
                .Select(row => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity(row.Partition, row.Row) { ["n"] = row.Number })));
        }

        await table.SubmitTransactionAsync(Keys.Select(row => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("keys", row) { ["n"] = 9 })));
        all.AddRange(Keys.Select(row => ("keys", row, 9)));
        (string Filter, Func<string, string, int, bool> Holds)[] filters =
        [
            .. from ends in (IEnumerable<(string From, string To)>)[("7|", "7}"), ("7", "7}"), ("12|", "12}"), ("12|b|", "12|b}"), ("1e3", "1e4"), ("1e3|", "1e3}"), ("12|a", "7|b"), ("7}", "7|"), ("", "~"), ("x|", "x|2")]
               from operators in (IEnumerable<(string From, string To)>)[("ge", "lt"), ("gt", "lt"), ("ge", "le")]
               select ($"PartitionKey eq 'keys' and RowKey {operators.From} '{ends.From}' and RowKey {operators.To} '{ends.To}'", (Func<string, string, int, bool>)((partition, row, _) => partition == "keys"
                   && string.CompareOrdinal(row, ends.From) >= (operators.From == "ge" ? 0 : 1) && string.CompareOrdinal(row, ends.To) < (operators.To == "lt" ? 0 : 1))),
            ("", (_, _, _) => true),
            ("PartitionKey eq 'a'", (partition, _, _) => partition == "a"),
            ("PartitionKey eq 'it''s' and RowKey ge 'r20'", (partition, row, _) => partition == "it's" && string.CompareOrdinal(row, "r20") >= 0),
            ("(RowKey ge 'r10') and ((PartitionKey eq 'or') and (n eq 2))", (partition, row, n) => partition == "or" && string.CompareOrdinal(row, "r10") >= 0 && n == 2),
            ("PartitionKey eq 'b' and (RowKey eq 'r05' or n eq 1)", (partition, row, n) => partition == "b" && (row == "r05" || n == 1)),
            ("((PartitionKey eq 'b') and (n eq 1)) or (RowKey eq 'r05')", (partition, row, n) => (partition == "b" && n == 1) || row == "r05"),
            ("(PartitionKey eq 'b' or RowKey eq 'r06') and n eq 2", (partition, row, n) => (partition == "b" || row == "r06") && n == 2),
            ("n eq 1 and not (PartitionKey eq 'a')", (partition, _, n) => partition != "a" && n == 1),
            ("(((PartitionKey eq 'or')))", (partition, _, _) => partition == "or"),
            ("PartitionKey eq ''", (partition, _, _) => partition.Length == 0),
            ("PartitionKey eq 'nobody'", (_, _, _) => false),
            ("PartitionKey eq 'a' or PartitionKey eq 'b'", (partition, _, _) => partition is "a" or "b"),
            ("PartitionKey eq 'a' or n eq 3", (partition, _, n) => partition == "a" || n == 3),
            ("not (PartitionKey eq 'a')", (partition, _, _) => partition != "a"),
            ("PartitionKey ne 'a' and n eq 1", (partition, _, n) => partition != "a" && n == 1),
            ("PartitionKey ge 'b' and PartitionKey lt 'j'", (partition, _, _) => partition is "b" or "it's"),
            ("RowKey eq 'r07'", (_, row, _) => row == "r07"),
        ];
        foreach (var (filter, holds) in filters)
        {
            var found = table.Query<TableEntity>(filter, maxPerPage: 7).Select(row => (row.PartitionKey, row.RowKey)).ToList();

            Assert.Equal(
                all.Where(row => holds(row.Partition, row.Row, row.Number)).Select(row => (row.Partition, row.Row)).OrderBy(row => row.Partition, StringComparer.Ordinal).ThenBy(row => row.Row, StringComparer.Ordinal), found);
        }
    }

    [Fact]
    public async Task A_row_that_is_replaced_is_the_new_one_everywhere_and_the_old_one_when_its_batch_fails()
    {
        var table = new TableClient(await Emulator.NewSharedAccountAsync(), "Rows");
        await table.CreateAsync();
        for (var n = 0; n < 20; n++)
        {
            await table.AddEntityAsync(new TableEntity("p", $"r{n:00}") { ["n"] = n });
        }

        for (var round = 0; round < 3; round++)
        {
            foreach (var n in (int[])[3, 19, 0, 11])
            {
                await table.UpsertEntityAsync(new TableEntity("p", $"r{n:00}") { ["n"] = n + 100 + round }, TableUpdateMode.Replace);
                await table.UpsertEntityAsync(new TableEntity("p", $"r{n:00}") { ["m"] = round }, TableUpdateMode.Merge);
            }

            await table.DeleteEntityAsync("p", $"r{5 + round:00}");
            await table.AddEntityAsync(new TableEntity("p", $"r{5 + round:00}") { ["n"] = 5 + round });
            var refused = await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "r04") { ["n"] = -1 }),
                new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "new") { ["n"] = -1 }),
                new(TableTransactionActionType.Add, new TableEntity("p", "r12") { ["n"] = -1 }),
            ]));
            Assert.Equal(409, refused.Status);
        }

        var numbers = Enumerable.Range(0, 20).Select(n => n is 3 or 19 or 0 or 11 ? n + 102 : n);
        Assert.Equal(numbers, table.Query<TableEntity>("PartitionKey eq 'p'").Select(row => row.GetInt32("n")!.Value));
        Assert.Equal(numbers, Enumerable.Range(0, 20).Select(n => table.GetEntity<TableEntity>("p", $"r{n:00}").Value.GetInt32("n")!.Value));
        Assert.Equal(numbers.Order(), table.Query<TableEntity>().Select(row => row.GetInt32("n")!.Value).Order());
    }

    [Fact]
    public async Task What_was_taken_and_not_finished_can_be_taken_again_once_it_is_released_and_nothing_else()
    {
        var (of, other) = (await QueueAsync(), await QueueAsync());
        foreach (var queue in new[] { of.Queue, other.Queue })
        {
            await queue.SendMessageAsync("taken");
            Assert.Single((await queue.ReceiveMessagesAsync(visibilityTimeout: TimeSpan.FromMinutes(10))).Value);
            await queue.SendMessageAsync("late", visibilityTimeout: TimeSpan.FromMinutes(10));
        }

        await Emulator.ReleaseAsync(of.Account);

        var again = new List<string>();
        await Poll.UntilAsync(async () =>
        {
            again.AddRange((await of.Queue.ReceiveMessagesAsync(32)).Value.Select(message => message.MessageText));
            return again.Count > 0;
        });
        Assert.Equal(["taken"], again);
        Assert.Empty((await of.Queue.ReceiveMessagesAsync(32)).Value);
        Assert.Empty((await other.Queue.ReceiveMessagesAsync(32)).Value);

        static async Task<(string Account, QueueClient Queue)> QueueAsync()
        {
            var account = await Emulator.NewSharedAccountAsync();
            var queue = new QueueClient(account, "texts");
            await queue.CreateAsync();
            return (account, queue);
        }
    }

    [Fact]
    public async Task Rows_and_messages_that_change_are_found_as_they_are()
    {
        var account = await Emulator.NewSharedAccountAsync();
        var table = new TableClient(account, "Rows");
        await table.CreateAsync();
        var random = new Random(5);
        var rows = new Dictionary<(string, string), int>();
        for (var change = 0; change < 400; change++)
        {
            var (partition, row) = (Partitions[random.Next(Partitions.Length)], $"r{random.Next(12)}");
            if (rows.Remove((partition, row)) && random.Next(2) == 0)
            {
                await table.DeleteEntityAsync(partition, row);
            }
            else
            {
                rows[(partition, row)] = change;
                await table.UpsertEntityAsync(new TableEntity(partition, row) { ["n"] = change }, TableUpdateMode.Replace);
            }
        }

        foreach (var partition in Partitions)
        {
            var kept = rows.Where(row => row.Key.Item1 == partition).Select(row => (row.Key.Item2, (int?)row.Value)).OrderBy(row => row.Item1, StringComparer.Ordinal);
            Assert.Equal(kept, table.Query<TableEntity>(row => row.PartitionKey == partition).Select(row => (row.RowKey, row.GetInt32("n"))).ToList());
        }

        QueueClient[] queues = [new(account, "one"), new(account, "two"), new(await Emulator.NewSharedAccountAsync(), "one")];
        var sent = queues.ToDictionary(queue => queue.Uri, _ => new List<string>());
        foreach (var queue in queues)
        {
            await queue.CreateAsync();
        }

        for (var message = 0; message < 60; message++)
        {
            var queue = queues[random.Next(queues.Length)];
            sent[queue.Uri].Add($"m{message}");
            await queue.SendMessageAsync($"m{message}");
        }

        foreach (var queue in queues)
        {
            var taken = new List<string>();
            while ((await queue.ReceiveMessagesAsync(7)).Value is [_, ..] some)
            {
                taken.AddRange(some.Select(message => message.MessageText));
                await Task.WhenAll(some.Select(message => queue.DeleteMessageAsync(message.MessageId, message.PopReceipt)));
            }

            Assert.Equal(sent[queue.Uri], taken);
        }
    }

    [Fact]
    public async Task A_queue_that_was_empty_again_and_again_gives_what_comes_when_it_is_to_be_seen()
    {
        var account = await Emulator.NewSharedAccountAsync();
        var queue = new QueueClient(account, "texts");
        await queue.CreateAsync();
        for (var round = 0; round < 4; round++)
        {
            Assert.Empty(await LookAsync());
            Assert.Empty(await LookAsync());
            await queue.SendMessageAsync("later", visibilityTimeout: TimeSpan.FromMinutes(1));
            Assert.Empty(await LookAsync());
            var sent = (await queue.SendMessageAsync("now")).Value;
            Assert.Equal(["now"], (await LookAsync()).Select(message => message.MessageText));
            Assert.Empty(await LookAsync());
            await Emulator.ReleaseAsync(account);
            QueueMessage[] again = [];
            await Poll.UntilAsync(async () => (again = await LookAsync()).Length > 0);
            Assert.Equal([(sent.MessageId, 2L)], again.Select(message => (message.MessageId, message.DequeueCount)));
            await queue.ClearMessagesAsync();
        }

        // Somebody else, who therefore has a connection of their own.
        using var connections = new HttpClient();
        var stranger = new QueueClient(account.Replace(account.Split("AccountKey=")[1].Split(';')[0], Convert.ToBase64String(new byte[64]), StringComparison.Ordinal), "texts", new QueueClientOptions { Transport = new HttpClientTransport(connections) });
        Assert.Equal(403, (await Assert.ThrowsAsync<RequestFailedException>(() => stranger.ReceiveMessagesAsync(32, TimeSpan.FromMinutes(5)))).Status);
        Assert.Empty(await LookAsync());
        await queue.DeleteAsync();
        Assert.Equal(404, (await Assert.ThrowsAsync<RequestFailedException>(LookAsync)).Status);

        async Task<QueueMessage[]> LookAsync() => (await queue.ReceiveMessagesAsync(32, TimeSpan.FromMinutes(5))).Value;
    }
}
