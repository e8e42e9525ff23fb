using LeadFunctions.Platform;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Operations.Meters;

/// <summary>Settings under <c>LeadFunctions:Prices</c>: what 10,000 transactions cost, as the account's price list says. Prices differ by region and redundancy, so the app knows none of its own.</summary>
public sealed class PricesOptions
{
    /// <summary>Three capital letters, as ISO 4217 has them; needed with any price.</summary>
    public string Currency { get; set; } = "";

    public decimal? Tables { get; set; }

    public decimal? Queues { get; set; }

    public decimal? Blobs { get; set; }

    /// <summary>Those that are set.</summary>
    internal IReadOnlyDictionary<StorageService, decimal> Known => new (StorageService Service, decimal? Price)[] { (StorageService.Tables, Tables), (StorageService.Queues, Queues), (StorageService.Blobs, Blobs) }
        .Where(one => one.Price is not null).ToDictionary(one => one.Service, one => one.Price!.Value); // those without are left out

    internal bool IsValid => Known.Values.All(price => price is >= 0 and <= 1_000) && (Known.Count == 0 || CurrencyCode.IsValid(Currency));
}
