using Azure;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform;

namespace LeadFunctions.Leads.Pipeline;

/// <summary>The rows that this instance lately read or wrote. A profile in here may be behind: its ETag guards the write, and a refused write forgets it.</summary>
internal sealed class LeadCache(TimeProvider time)
{
    /// <summary>In KiB, about: a lead with little history takes two, one with a full ledger a hundred.</summary>
    public const int Capacity = 64 * 1024;

    /// <summary>A frozen lead may be set free by another instance, and no write of ours would notice: look again after this.</summary>
    private static readonly TimeSpan FrozenFor = TimeSpan.FromSeconds(10);

    private readonly RecentCache<(LeadRow Row, DateTimeOffset At)> _rows = new(Capacity, entry => Weight(entry.Row));

    /// <summary>Null when it must be read.</summary>
    public LeadRow? Find(string id) =>
        !_rows.TryFind(id, out var entry) || (entry.Row is LeadRow.Profile { State.MergedInto: not null } && time.GetUtcNow() - entry.At > FrozenFor) ? null : entry.Row;

    public void Keep(string id, LeadRow row) => _rows.Keep(id, (row, time.GetUtcNow()));

    public void Keep(LeadState state, ETag etag) => Keep(state.Id, new LeadRow.Profile(state, etag));

    public void Forget(string id) => _rows.Forget(id);

    private static int Weight(LeadRow row) => row is LeadRow.Profile { State: var state }
        ? 2 + ((state.Seen.Count * 60) + state.Own.Weight + state.Absorbed.Sum(part => part.Record.Weight) + state.JourneysWeight) / 1024
        : 1;
}
