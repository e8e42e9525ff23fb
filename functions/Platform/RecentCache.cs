using System.Diagnostics.CodeAnalysis;

namespace LeadFunctions.Platform;

/// <summary>What was used lately, by key: two generations of at most <paramref name="capacity"/> values each; what is used moves to the young one.</summary>
internal sealed class RecentCache<T>(int capacity)
{
    private readonly Lock _gate = new();
    private Dictionary<string, T> _young = [];
    private Dictionary<string, T> _old = [];

    public bool TryFind(string key, [MaybeNullWhen(false)] out T value)
    {
        lock (_gate)
        {
            if (_young.TryGetValue(key, out value))
            {
                return true;
            }

            if (!_old.TryGetValue(key, out value))
            {
                return false;
            }

            Put(key, value);
            return true;
        }
    }

    public void Keep(string key, T value)
    {
        lock (_gate)
        {
            Put(key, value);
        }
    }

    public void Forget(string key)
    {
        lock (_gate)
        {
            _young.Remove(key);
            _old.Remove(key);
        }
    }

    private void Put(string key, T value)
    {
        if (_young.Count >= capacity)
        {
            (_old, _young) = (_young, new(capacity));
        }

        _young[key] = value;
    }
}
