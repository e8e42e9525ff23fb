using LeadFunctions.Platform;

namespace LeadFunctions.Forms.Api;

internal enum FormPace
{
    Usual,

    /// <summary>More than people send: kept apart.</summary>
    TooQuick,

    /// <summary>More than can be kept.</summary>
    Flood,
}

/// <summary>How often an address sends a form, as this instance sees it. What is too much is kept apart for somebody to look at, up to as much again ten times over; then it is refused.</summary>
public sealed class FormRates
{
    private const int Remembered = 20_000;
    private const int KeptApart = 10;

    private readonly RecentCache<(TokenBucket Usual, TokenBucket Apart)> _addresses = new(Remembered);

    /// <param name="now">By a clock that neither stands nor is set.</param>
    /// <param name="retryAfterSeconds">Of a flood: when something is taken again.</param>
    internal FormPace Take(string form, string address, FormRate rate, TimeSpan now, out int retryAfterSeconds)
    {
        retryAfterSeconds = 0;
        var name = $"{form}|{address}";
        if (!_addresses.TryFind(name, out var buckets))
        {
            _addresses.Keep(name, buckets = (new(), new()));
        }

        var perSecond = rate.Max / rate.Per.Length.TotalSeconds;
        if (buckets.Usual.TryTake(1, perSecond, rate.Max, 0, now, out _))
        {
            return FormPace.Usual;
        }

        if (buckets.Apart.TryTake(1, perSecond, KeptApart * rate.Max, 0, now, out var retryAfter))
        {
            return FormPace.TooQuick;
        }

        retryAfterSeconds = Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds));
        return FormPace.Flood;
    }
}
