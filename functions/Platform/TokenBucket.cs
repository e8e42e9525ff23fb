namespace LeadFunctions.Platform;

/// <summary>A rate, of this instance: what was not used fills up to a limit, and a large taking may overdraw it, so that it is slowed down and not refused for ever.</summary>
internal sealed class TokenBucket
{
    private readonly Lock _lock = new();
    private double _tokens = double.MaxValue;
    private TimeSpan _at;

    /// <summary>False, and nothing taken, while less than one is left.</summary>
    /// <param name="most">What it holds when it is full.</param>
    /// <param name="mostOverdrawn">How far below nothing a taking may bring it.</param>
    /// <param name="now">By a clock that neither stands nor is set.</param>
    /// <param name="retryAfter">When refused: how long until something can be taken.</param>
    public bool TryTake(double amount, double perSecond, double most, double mostOverdrawn, TimeSpan now, out TimeSpan retryAfter)
    {
        lock (_lock)
        {
            _tokens = Math.Min(most, _tokens + Math.Max(0, (now - _at).TotalSeconds) * perSecond);
            _at = now;
            if (_tokens < 1)
            {
                retryAfter = TimeSpan.FromSeconds((1 - _tokens) / perSecond);
                return false;
            }

            _tokens = Math.Max(_tokens - amount, -mostOverdrawn);
            retryAfter = TimeSpan.Zero;
            return true;
        }
    }

    /// <summary>Takes more for something that was let in.</summary>
    public void Take(double amount, double mostOverdrawn)
    {
        lock (_lock)
        {
            _tokens = Math.Max(_tokens - amount, -mostOverdrawn);
        }
    }
}
