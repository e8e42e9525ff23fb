using LeadFunctions.Events;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Leads.Pipeline;

/// <summary>Has somebody look, now and then, whether the logs of listings have become long. No instance has to count for that, and a look that is lost in a crash is followed by another.</summary>
internal static class ListingGrowth
{
    /// <summary>Of so many batches one asks: the log is looked at after so many rows, about.</summary>
    private const ulong Batches = 200;

    /// <summary>One for each shard that the batch wrote to; mostly none.</summary>
    public static IReadOnlyList<LeadEffect> Effects(string batchId, IEnumerable<LeadState> leads, DateTimeOffset now) => TextHash.Of(batchId) % Batches != 0
        ? []
        : [.. leads.Where(lead => lead.ListingVersion > 0).DistinctBy(lead => LeadIds.Shard(lead.Id)).Select(lead => new LeadEffect($"grew/{batchId}/{LeadIds.Shard(lead.Id)}", EffectKind.ListingGrew, lead.Id, now))];
}
