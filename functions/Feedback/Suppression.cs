using System.Text.Json.Serialization;
using LeadFunctions.Events;

namespace LeadFunctions.Feedback;

/// <summary>Why nothing is sent to an address, the weightiest last: a weightier one takes the place of another.</summary>
public enum SuppressionReason
{
    /// <summary>Five soft bounces in a row.</summary>
    SoftBounces,
    HardBounce,

    /// <summary>The reader wants nothing at all.</summary>
    Unsubscribed,
    Complaint,

    /// <summary>Somebody here said so.</summary>
    Manual,

    /// <summary>The person was erased, and is not to be brought back by a later import.</summary>
    Erased,
}

/// <param name="Report">Names it, in few bits.</param>
internal sealed record SoftBounce([property: JsonPropertyName("r")] ulong Report, [property: JsonPropertyName("at")] long At);

/// <summary>
/// What is known of an address: a function of the set of all that was told about it, in whatever order and however often it came. Immutable.
/// </summary>
/// <param name="Reason">But for soft bounces, which <see cref="Soft"/> tells.</param>
/// <param name="At">Since when (Unix ms).</param>
/// <param name="Soft">The newest since the last delivery, the oldest first.</param>
/// <param name="DeliveredAt">When something last arrived there.</param>
/// <param name="LiftedAt">Nothing of what happened until then counts.</param>
internal sealed record Suppression(
    [property: JsonPropertyName("why")] SuppressionReason? Reason = null,
    [property: JsonPropertyName("at")] long At = 0,
    [property: JsonPropertyName("soft")] IReadOnlyList<SoftBounce>? Soft = null,
    [property: JsonPropertyName("del")] long DeliveredAt = 0,
    [property: JsonPropertyName("lift")] long LiftedAt = 0)
{
    public const int SoftInARow = 5;

    public static readonly Suppression None = new();

    /// <summary>Why nothing is to be sent there; null when something may.</summary>
    [JsonIgnore]
    public SuppressionReason? Why => Reason ?? (Soft is { Count: >= SoftInARow } ? SuppressionReason.SoftBounces : null);

    /// <summary>Since when, Unix ms.</summary>
    [JsonIgnore]
    public long Since => Reason is null && Soft is { Count: >= SoftInARow } soft ? soft[SoftInARow - 1].At : At;

    /// <summary>With one more reason; the very same where that is no news.</summary>
    public Suppression With(SuppressionReason reason, DateTimeOffset at)
    {
        var ms = at.ToUnixTimeMilliseconds();
        return ms <= LiftedAt || reason < Reason || (reason == Reason && ms >= At) ? this : this with { Reason = reason, At = ms };
    }

    /// <summary>With what a carrier tells; the very same where that is no news.</summary>
    public Suppression With(DeliveryReport report)
    {
        var ms = report.At.ToUnixTimeMilliseconds();
        return report.Kind switch
        {
            ReportKind.HardBounce => With(SuppressionReason.HardBounce, report.At),
            ReportKind.Complaint => With(SuppressionReason.Complaint, report.At),
            ReportKind.Unsubscribe => With(SuppressionReason.Unsubscribed, report.At),
            ReportKind.SoftBounce when ms > Math.Max(LiftedAt, DeliveredAt) => WithSoft(new(TextHash.Of(report.Id), ms)),
            ReportKind.Delivered when ms > DeliveredAt => this with { DeliveredAt = ms, Soft = Kept((Soft ?? []).Where(one => one.At > ms)) },
            _ => this,
        };
    }

    /// <summary>For the reason that somebody here says, whatever it was for before: but for an erasure, which stands. The very same where that is no news; what arrived and what was lifted stays known.</summary>
    public Suppression ByHand(SuppressionReason reason, DateTimeOffset now) =>
        Why == reason || Reason == SuppressionReason.Erased ? this : this with { Reason = reason, At = now.ToUnixTimeMilliseconds() };

    /// <summary>Nothing that happened until now counts any more.</summary>
    public Suppression Lifted(DateTimeOffset now) => new(LiftedAt: now.ToUnixTimeMilliseconds(), DeliveredAt: DeliveredAt);

    private Suppression WithSoft(SoftBounce bounce) => Soft?.Contains(bounce) == true ? this : this with { Soft = Kept((Soft ?? []).Append(bounce)) };

    // The newest: whatever delivery is told late, those after it are among them, or are enough all the same.
    private static IReadOnlyList<SoftBounce>? Kept(IEnumerable<SoftBounce> bounces) =>
        bounces.OrderBy(bounce => bounce.At).ThenBy(bounce => bounce.Report).TakeLast(SoftMost).ToList() is { Count: > 0 } kept ? kept : null;

    private const int SoftMost = 4 * SoftInARow;
}
