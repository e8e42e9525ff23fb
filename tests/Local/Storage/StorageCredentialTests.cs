using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace LeadFunctions.Local.Tests.Storage;

/// <summary>Signatures that another client made, checked by the emulator; tokens, checked at the wire.</summary>
[Collection(StorageEmulator.Collection)]
public sealed class StorageCredentialTests(StorageEmulator emulator) : IAsyncLifetime
{
    private readonly TableClient _table = new(emulator.ConnectionString, StorageEmulator.NewTableName());
    private readonly QueueClient _queue = new(emulator.ConnectionString, StorageEmulator.NewQueueName());
    private readonly StoragePeer _peer = new(emulator);

    public Task InitializeAsync() => Task.WhenAll(_table.CreateAsync(), _queue.CreateAsync());

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_table.DeleteAsync(), _queue.DeleteIfExistsAsync());
        await _peer.DisposeAsync();
    }

    [Fact]
    public async Task An_account_signature_opens_all_tables()
    {
        var sas = (string)(await _peer.CallAsync("tableAccountSas"))!;
        var service = new Uri(emulator.TableEndpoint);
        TableServiceClient[] clients =
        [
            new($"TableEndpoint={service};SharedAccessSignature={sas}"),
            new(service, new AzureSasCredential(sas)),
            new(service, new AzureSasCredential("?" + sas)),
            new(new Uri($"{service}?{sas}")),
        ];

        foreach (var (client, number) in clients.Select((client, number) => (client, number)))
        {
            var table = client.GetTableClient(_table.Name);
            await table.AddEntityAsync(new TableEntity("p", $"{number}"));
            await table.SubmitTransactionAsync([new(TableTransactionActionType.UpsertMerge, new TableEntity("p", "t"))]);
            Assert.Contains(_table.Name, await client.QueryAsync().Select(item => item.Name).ToListAsync());
            Assert.Equal(emulator.Account, client.AccountName);
        }

        Assert.Equal(5, await _table.QueryAsync<TableEntity>().CountAsync());
    }

    [Fact]
    public async Task A_table_signature_opens_that_table_as_far_as_it_says()
    {
        var sas = (string)(await _peer.CallAsync("tableSas", new { name = _table.Name, readOnly = false }))!;
        var readOnlySas = (string)(await _peer.CallAsync("tableSas", new { name = _table.Name, readOnly = true }))!;
        var address = new Uri($"{emulator.TableEndpoint}/{_table.Name}");
        var table = new TableClient(new Uri($"{address}?{sas}"));
        var readOnly = new TableClient(address, new AzureSasCredential(readOnlySas));

        await table.AddEntityAsync(new TableEntity("p", "a") { ["S"] = "ö" });
        var read = await readOnly.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"S eq {"ö"}")).SingleAsync();
        var refusal = await Assert.ThrowsAsync<RequestFailedException>(() => readOnly.AddEntityAsync(new TableEntity("p", "b")));

        Assert.Equal(_table.Name, table.Name);
        Assert.Equal("a", read.RowKey);
        Assert.Equal(403, refusal.Status);
    }

    [Fact]
    public async Task Queue_signatures_open_what_they_say()
    {
        var accountSas = (string)(await _peer.CallAsync("queueAccountSas"))!;
        var queueSas = (string)(await _peer.CallAsync("queueSas", new { name = _queue.Name, permissions = "raup" }))!;
        var readSas = (string)(await _peer.CallAsync("queueSas", new { name = _queue.Name, permissions = "r" }))!;
        QueueClient[] clients =
        [
            new QueueServiceClient(new Uri(emulator.QueueEndpoint), new AzureSasCredential(accountSas)).GetQueueClient(_queue.Name),
            new QueueServiceClient($"QueueEndpoint={emulator.QueueEndpoint};SharedAccessSignature={accountSas}").GetQueueClient(_queue.Name),
            new(new Uri($"{_queue.Uri}?{queueSas}")),
            new(_queue.Uri, new AzureSasCredential(queueSas)),
            new(_queue.Uri, new StorageSharedKeyCredential(emulator.Account, emulator.Key)),
        ];

        foreach (var client in clients)
        {
            await client.SendMessageAsync("x + y & z", visibilityTimeout: TimeSpan.Zero, timeToLive: TimeSpan.FromHours(1));
            QueueMessage message = await client.ReceiveMessageAsync(TimeSpan.FromMinutes(1));
            await client.UpdateMessageAsync(message.MessageId, message.PopReceipt, "again");
            message = await client.ReceiveMessageAsync();
            await client.DeleteMessageAsync(message.MessageId, message.PopReceipt);
            Assert.Equal("again", message.MessageText);
        }

        var refusal = await Assert.ThrowsAsync<RequestFailedException>(() => new QueueClient(_queue.Uri, new AzureSasCredential(readSas)).SendMessageAsync("no"));
        Assert.Equal(403, refusal.Status);
    }

    [Fact]
    public async Task A_token_travels_as_bearer_over_https_only()
    {
        await using var server = await ScriptedServer.StartAsync(
            (context, _) =>
            {
                context.Response.StatusCode = 204;
                return Task.CompletedTask;
            },
            tls: true);
        var credential = new CountingCredential();
        using var trusting = new HttpClientTransport(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true });
        var table = new TableClient(new Uri(server.Address), "t", credential, new TableClientOptions { Transport = trusting });
        var queue = new QueueClient(new Uri(server.Address + "/q"), credential, new QueueClientOptions { Transport = trusting });

        await table.AddEntityAsync(new TableEntity("p", "r"));
        await table.AddEntityAsync(new TableEntity("p", "r"));
        await queue.DeleteMessageAsync("id", "receipt");

        Assert.All(server.Requests, request => Assert.Equal("Bearer token-for-https://storage.azure.com/.default", request.Headers["Authorization"]));
        Assert.Equal("2020-12-06", server.Requests[0].Headers["x-ms-version"]);
        Assert.Equal("2026-10-06", server.Requests[2].Headers["x-ms-version"]);
        Assert.Equal(2, credential.Asked);
        Assert.Throws<ArgumentException>(() => new QueueClient(new Uri("http://127.0.0.1/a/q"), credential));
        await Assert.ThrowsAnyAsync<InvalidOperationException>(() =>
            new TableClient(new Uri("http://127.0.0.1/a"), "t", credential).AddEntityAsync(new TableEntity("p", "r")));
    }

    [Fact]
    public async Task A_key_that_is_exchanged_is_used_by_the_next_request()
    {
        var credential = new TableSharedKeyCredential(emulator.Account, "AAAA");
        var table = new TableClient(new Uri(emulator.TableEndpoint), _table.Name, credential);

        var refusal = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r")));
        credential.SetAccountKey(emulator.Key);
        await table.AddEntityAsync(new TableEntity("p", "r"));

        Assert.Equal(403, refusal.Status);
    }

    private sealed class CountingCredential : TokenCredential
    {
        public int Asked { get; private set; }

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Asked++;
            return new AccessToken("token-for-" + requestContext.Scopes[0], DateTimeOffset.MaxValue);
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
