using System.Net;
using System.Net.Sockets;
using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Local.Tests.Storage;

/// <summary>What the clients do when the service or the network fails.</summary>
[Collection(StorageEmulator.Collection)]
public sealed class StorageRetryTests(StorageEmulator emulator)
{
    private static readonly TableEntity Row = new("p", "r") { ["N"] = 1L };

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_passing_failure_is_tried_again_with_the_same_body_and_a_fresh_signature(int status)
    {
        await using var server = await ScriptedServer.StartAsync((context, seen) =>
        {
            context.Response.StatusCode = seen.Number < 3 ? status : 204;
            return Task.CompletedTask;
        });

        await Table(server).AddEntityAsync(Row);

        Assert.Equal(3, server.Requests.Count);
        Assert.All(server.Requests, request => Assert.StartsWith($"SharedKeyLite {emulator.Account}:", request.Headers["Authorization"]));
        Assert.All(server.Requests, request => Assert.Equal(server.Requests[0].Body, request.Body));
        Assert.NotEmpty(server.Requests[0].Body);
        Assert.Single(server.Requests.Select(request => request.Headers["x-ms-client-request-id"]).Distinct());
    }

    [Fact]
    public async Task A_broken_connection_is_tried_again()
    {
        await using var server = await ScriptedServer.StartAsync((context, seen) =>
        {
            if (seen.Number < 3)
            {
                context.Abort();
            }

            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        });

        await Table(server).AddEntityAsync(Row);
        await Queue(server).DeleteMessageAsync("id", "receipt");

        Assert.Equal(4, server.Requests.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(409)]
    [InlineData(412)]
    [InlineData(413)]
    public async Task A_refusal_is_final(int status)
    {
        await using var server = await ScriptedServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync("{\"odata.error\":{\"code\":\"SomeCode\",\"message\":{\"lang\":\"en-US\",\"value\":\"Because.\"}}}");
        });

        var refusal = await Assert.ThrowsAsync<RequestFailedException>(() => Table(server).AddEntityAsync(Row));

        Assert.Equal((status, "SomeCode"), (refusal.Status, refusal.ErrorCode));
        Assert.Contains("Because.", refusal.Message);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_failure_that_stays_is_the_callers_after_the_last_try()
    {
        await using var server = await ScriptedServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers["x-ms-error-code"] = "ServerBusy";
            return context.Response.WriteAsync("<html>Sorry</html>");
        });

        var table = await Assert.ThrowsAsync<RequestFailedException>(() => Table(server).AddEntityAsync(Row));
        var queue = await Assert.ThrowsAsync<RequestFailedException>(() => Queue(server).SendMessageAsync("x"));

        Assert.Equal((503, "ServerBusy"), (table.Status, table.ErrorCode));
        Assert.Equal((503, "ServerBusy"), (queue.Status, queue.ErrorCode));
        Assert.Equal(8, server.Requests.Count);
    }

    [Fact]
    public async Task No_server_at_all_is_a_failure_of_status_0()
    {
        var table = new TableClient(
            new Uri($"http://127.0.0.1:{FreePort()}/{emulator.Account}"), "t", Credential(), Quick(new TableClientOptions(), retries: 0));

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(Row));

        Assert.Equal(0, failure.Status);
    }

    [Fact]
    public async Task A_transaction_whose_answer_got_lost_is_found_done_by_its_retry()
    {
        var name = StorageEmulator.NewTableName();
        var direct = new TableClient(emulator.ConnectionString, name);
        await direct.CreateAsync();
        var target = new Uri(emulator.TableEndpoint).GetLeftPart(UriPartial.Authority);
        await using var server = await ScriptedServer.StartAsync(async (context, seen) =>
        {
            using var answer = await ScriptedServer.ForwardAsync(context, seen, target);
            if (seen.Number == 1)
            {
                context.Abort();
            }
            else
            {
                await ScriptedServer.CopyAsync(answer, context);
            }
        });
        var table = new TableClient(new Uri($"{server.Address}/{emulator.Account}"), name, Credential(), Quick(new TableClientOptions()));

        var refusal = await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "a") { ["N"] = 1 }),
            new(TableTransactionActionType.Add, new TableEntity("p", "b") { ["N"] = 1 }),
        ]));
        var stored = await direct.QueryAsync<TableEntity>().Select(row => row.RowKey).ToListAsync();
        var upserts = await table.SubmitTransactionAsync([new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "a") { ["N"] = 2 })]);
        await direct.DeleteAsync();

        Assert.Equal((409, "EntityAlreadyExists", 1), (refusal.Status, refusal.ErrorCode, refusal.FailedTransactionActionIndex));
        Assert.Equal(["a", "b"], stored);
        Assert.Single(upserts.Value);
    }

    [Fact]
    public async Task A_caller_who_cancels_waits_no_longer()
    {
        using var asked = new CancellationTokenSource();
        await using var server = await ScriptedServer.StartAsync(async (context, _) =>
        {
            await asked.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Table(server).AddEntityAsync(Row, asked.Token));

        Assert.Single(server.Requests);
    }

    private TableClient Table(ScriptedServer server) =>
        new(new Uri($"{server.Address}/{emulator.Account}"), "t", Credential(), Quick(new TableClientOptions()));

    private QueueClient Queue(ScriptedServer server) =>
        new($"AccountName={emulator.Account};AccountKey={emulator.Key};QueueEndpoint={server.Address}/{emulator.Account}", "q", Quick(new QueueClientOptions()));

    private TableSharedKeyCredential Credential() => new(emulator.Account, emulator.Key);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static T Quick<T>(T options, int retries = 3)
        where T : ClientOptions
    {
        options.Retry.Mode = RetryMode.Fixed;
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        options.Retry.MaxRetries = retries;
        return options;
    }
}
