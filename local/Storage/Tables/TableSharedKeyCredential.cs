#nullable disable // Upstream's assembly carries no nullable annotations; the app must see the same.
using LeadFunctions.Local.Storage.Core;

namespace Azure.Data.Tables;

/// <summary>A storage account's name and base64 key, with which requests to its tables are signed.</summary>
public class TableSharedKeyCredential(string accountName, string accountKey)
{
    internal SharedKey Key { get; } = new(accountName, accountKey);

    public string AccountName => Key.AccountName;

    /// <summary>Replaces the key, for clients in use too.</summary>
    public void SetAccountKey(string accountKey) => Key.SetKey(accountKey);
}
