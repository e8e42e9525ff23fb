namespace LeadFunctions.Clock;

/// <summary>What this instance runs, requests aside, and how often it ran.</summary>
public sealed class Invocations
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _running = [];
    private readonly Dictionary<string, long> _begun = [];
    private long _all;

    /// <summary>How many have begun. When it has not changed, nothing has run meanwhile that was not running before.</summary>
    public long Count => Volatile.Read(ref _all);

    public IDisposable Begin(string function)
    {
        lock (_gate)
        {
            _running[function] = _running.GetValueOrDefault(function) + 1;
            _begun[function] = _begun.GetValueOrDefault(function) + 1;
            Volatile.Write(ref _all, _all + 1);
        }

        return new Scope(this, function);
    }

    /// <summary>The name of one that is under way; null when none is.</summary>
    public string? FindRunning()
    {
        lock (_gate)
        {
            foreach (var (function, _) in _running)
            {
                return function;
            }

            return null;
        }
    }

    /// <summary>How many of each function have begun.</summary>
    public IReadOnlyDictionary<string, long> Counts()
    {
        lock (_gate)
        {
            return new Dictionary<string, long>(_begun);
        }
    }

    private void End(string function)
    {
        lock (_gate)
        {
            if (--_running[function] == 0)
            {
                _running.Remove(function);
            }
        }
    }

    private sealed class Scope(Invocations invocations, string function) : IDisposable
    {
        public void Dispose() => invocations.End(function);
    }
}
