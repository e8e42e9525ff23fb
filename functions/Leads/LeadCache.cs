using Azure;

namespace LeadFunctions.Leads;

/// <summary>
/// The rows that this instance lately read or wrote. A profile in here may be behind: its ETag guards the write, and a
/// refused write forgets it. Two generations of at most <see cref="Capacity"/> each; what is used moves to the young one.
/// </summary>
internal sealed class LeadCache(TimeProvider time)
{
    /// <summary>In KiB, about: a lead with little history takes two, one with a full ledger a hundred.</summary>
    public const int Capacity = 64 * 1024;

    /// <summary>A frozen lead may be set free by another instance, and no write of ours would notice: look again after this.</summary>
    private static readonly TimeSpan FrozenFor = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private Dictionary<string, (LeadRow Row, DateTimeOffset At)> _young = [];
    private Dictionary<string, (LeadRow Row, DateTimeOffset At)> _old = [];
    private int _weight;

    /// <summary>Null when it must be read.</summary>
    public LeadRow? Find(string id)
    {
        lock (_gate)
        {
            if (!_young.TryGetValue(id, out var entry))
            {
                if (!_old.TryGetValue(id, out entry))
                {
                    return null;
                }

                Put(id, entry);
            }

            return entry.Row is LeadRow.Profile { State.MergedInto: not null } && time.GetUtcNow() - entry.At > FrozenFor ? null : entry.Row;
        }
    }

    public void Keep(string id, LeadRow row)
    {
        lock (_gate)
        {
            Put(id, (row, time.GetUtcNow()));
        }
    }

    public void Keep(LeadState state, ETag etag) => Keep(state.Id, new LeadRow.Profile(state, etag));

    public void Forget(string id)
    {
        lock (_gate)
        {
            if (_young.Remove(id, out var gone))
            {
                _weight -= Weight(gone.Row);
            }

            _old.Remove(id);
        }
    }

    private void Put(string id, (LeadRow Row, DateTimeOffset) entry)
    {
        if (_weight >= Capacity)
        {
            (_old, _young, _weight) = (_young, new(_young.Count), 0);
        }

        _weight += Weight(entry.Row) - (_young.TryGetValue(id, out var replaced) ? Weight(replaced.Row) : 0);
        _young[id] = entry;
    }

    private static int Weight(LeadRow row) => row is LeadRow.Profile { State: var state }
        ? 2 + ((state.Seen.Count * 60) + Bytes(state.Own) + state.Absorbed.Sum(part => Bytes(part.Record))) / 1024
        : 1;

    private static int Bytes(LeadRecord record) => (record.Ledger.Count * 220) + (record.Traits.Count * 150) + (record.Activity.Count * 600) + (record.Identities.Count * 120);
}
