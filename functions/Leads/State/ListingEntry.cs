using System.Globalization;

namespace LeadFunctions.Leads.State;

/// <summary>
/// Where the listings show a known lead: coarse on purpose (ten points of engagement, one UTC day), so that an ordinary
/// event moves nobody. <paramref name="Change"/> makes each placement's rows its own, so that a late or repeated effect
/// can never remove the newest.
/// </summary>
/// <param name="Bucket">The most that engagement can come to (<see cref="LeadScore.Peak"/>) ÷ 10, rounded down, 0 to 999: so that no lead is above its bucket, whatever time brings.</param>
/// <param name="Day">UTC days since 1970 of the last event.</param>
internal sealed record ListingEntry(string Stage, int Bucket, int Day, int Change)
{
    public const int PointsPerBucket = 10;
    public const int Buckets = 1000;

    public (string, int, int) Place => (Stage, Bucket, Day);

    /// <summary>Null for leads that listings leave out: anonymous ones, and those frozen into another.</summary>
    public static ListingEntry? Of(LeadState state, LeadScore score)
    {
        var whole = state.Whole;
        return whole.IsKnown && state.MergedInto is null
            ? new ListingEntry(whole.Stage, BucketOf(score.Peak), (int)(whole.LastSeen / 86_400_000), 0)
            : null;
    }

    public static int BucketOf(double engagement) => Math.Clamp((int)(engagement / PointsPerBucket), 0, Buckets - 1);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Stage}|{Bucket}|{Day}|{Change}");

    public static ListingEntry? Parse(string? text)
    {
        if (text?.Split('|') is not [var stage, var bucket, var day, var change])
        {
            return null;
        }

        return new ListingEntry(stage, Int(bucket), Int(day), Int(change));

        static int Int(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
    }
}
