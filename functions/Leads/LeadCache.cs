using Azure;

namespace LeadFunctions.Leads;

/// <summary>
/// The rows that this instance lately read or wrote. A profile in here may be behind: its ETag guards the write, and a
/// refused write forgets it. Two generations of at most <see cref="Capacity"/> rows each; what is used moves to the young one.
/// </summary>
internal sealed class LeadCache(TimeProvider time)
{
    public const int Capacity = 20_000;

    /// <summary>A frozen lead may be set free by another instance, and no write of ours would notice: look again after this.</summary>
    private static readonly TimeSpan FrozenFor = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private Dictionary<string, (LeadRow Row, DateTimeOffset At)> _young = [];
    private Dictionary<string, (LeadRow Row, DateTimeOffset At)> _old = [];

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
            _young.Remove(id);
            _old.Remove(id);
        }
    }

    private void Put(string id, (LeadRow, DateTimeOffset) entry)
    {
        if (_young.Count >= Capacity)
        {
            (_old, _young) = (_young, new(Capacity));
        }

        _young[id] = entry;
    }
}
