using LeadFunctions.Local.Functions.Time;
using LeadFunctions.Local.Storage.Core;

namespace LeadFunctions.Local.Functions.Queues;

/// <summary>Storage calls under way, whoever makes them: also those of the app's background work, which no function counts.</summary>
internal sealed class StorageActivity(string accountName) : IActivity
{
    internal const string Name = "storage calls";

    private readonly AccountActivity account = AccountActivity.Of(accountName);

    public long Version => 0;

    public long Progress => account.CallsStarted;

    public string? FindRunning() => account.CallsInFlight > 0 ? Name : null;
}
