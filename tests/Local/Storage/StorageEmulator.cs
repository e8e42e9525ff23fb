using LeadFunctions.Tests.Support;

namespace LeadFunctions.Local.Tests.Storage;

/// <summary>An account of the shared emulator for the storage clients' own tests, with its parts at hand.</summary>
public sealed class StorageEmulator : IAsyncLifetime
{
    public const string Collection = "Storage emulator";

    public string ConnectionString { get; private set; } = "";

    public string Account { get; private set; } = "";

    public string Key { get; private set; } = "";

    public string TableEndpoint { get; private set; } = "";

    public string QueueEndpoint { get; private set; } = "";

    public static string NewTableName() => "t" + Guid.NewGuid().ToString("N");

    public static string NewQueueName() => "q" + Guid.NewGuid().ToString("N");

    public async Task InitializeAsync()
    {
        ConnectionString = await Emulator.NewSharedAccountAsync();
        var tables = Local.Storage.Core.ConnectionString.Parse(ConnectionString, "table");
        Account = tables.AccountName;
        Key = tables.AccountKey ?? throw new InvalidOperationException("The emulator's accounts have keys.");
        TableEndpoint = tables.Endpoint;
        QueueEndpoint = Local.Storage.Core.ConnectionString.Parse(ConnectionString, "queue").Endpoint;
    }

    public Task DisposeAsync() => Task.CompletedTask;
}

[CollectionDefinition(StorageEmulator.Collection)]
public sealed class StorageEmulatorDefinition : ICollectionFixture<StorageEmulator>;
