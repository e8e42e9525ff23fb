using System.Diagnostics.CodeAnalysis;

namespace LeadFunctions.Platform;

/// <summary>What was used lately, by key: two generations of at most <paramref name="capacity"/> each; what is used moves to the young one.</summary>
/// <param name="weigh">What a value takes of the capacity; null where all take one.</param>
internal sealed class RecentCache<T>(int capacity, Func<T, int>? weigh = null)
{
    private readonly Lock _gate = new();
    private Dictionary<string, T> _young = [];
    private Dictionary<string, T> _old = [];
    private int _weight;

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
            if (_young.Remove(key, out var gone))
            {
                _weight -= WeightOf(gone);
            }

            _old.Remove(key);
        }
    }

    private void Put(string key, T value)
    {
        if (_weight >= capacity)
        {
            (_old, _young, _weight) = (_young, new(_young.Count), 0);
        }

        _weight += WeightOf(value) - (_young.TryGetValue(key, out var replaced) ? WeightOf(replaced) : 0);
        _young[key] = value;
    }

    private int WeightOf(T value) => weigh?.Invoke(value) ?? 1;
}
