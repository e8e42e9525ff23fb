using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Feedback;

namespace LeadFunctions.Tests.Feedback;

/// <summary>What is known of an address is a function of the set of what was told: carriers tell twice, late, and in any order.</summary>
public sealed class SuppressionLaws
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(2026, 31).WithMaxTest(300);

    private static readonly Gen<DeliveryReport[]> Some =
        from count in Gen.Choose(1, 18)
        from reports in (
            from kind in Gen.Frequency((10, Gen.Constant(ReportKind.SoftBounce)), (3, Gen.Constant(ReportKind.Delivered)), (1, Gen.Elements(ReportKind.HardBounce, ReportKind.Complaint, ReportKind.Unsubscribe)))
            from minute in Gen.Choose(1, 40)
            from id in Gen.Choose(1, 100)
            select Report(kind, minute, id)).ArrayOf(count)
        select reports;

    /// <summary>Said twice it is no news; another reason takes its place, but for an erasure; and what arrived and was lifted before stays known.</summary>
    [Fact]
    public void What_is_said_by_hand_holds_and_forgets_nothing() => Prop.ForAll(Some.ToArbitrary(), Gen.Elements(SuppressionReason.Manual, SuppressionReason.HardBounce, SuppressionReason.Unsubscribed).ToArbitrary(), (reports, reason) =>
    {
        var before = After(reports);
        var now = DateTimeOffset.UnixEpoch.AddYears(80);

        var after = before.ByHand(reason, now);

        Assert.Equal((reason, before.DeliveredAt), (after.Why, after.DeliveredAt));
        Assert.Same(after, after.ByHand(reason, now.AddDays(1)));
        var lifted = after.Lifted(now.AddDays(1)).ByHand(reason, now.AddDays(2));
        Assert.Equal(now.AddDays(1).ToUnixTimeMilliseconds(), lifted.LiftedAt);
        var erased = before.With(SuppressionReason.Erased, now);
        Assert.Same(erased, erased.ByHand(reason, now));
    }).Check(Fixed);

    [Fact]
    public void Order_and_repetition_do_not_matter() => Prop.ForAll(Some.ToArbitrary(), Gen.Choose(0, 1_000_000).ToArbitrary(), (reports, seed) =>
    {
        var shuffled = reports.Concat(reports.Take(5)).ToArray();
        new Random(seed).Shuffle(shuffled);

        var (plain, other) = (After(reports), After(shuffled));

        Assert.Equal((plain.Why, plain.Since, plain.DeliveredAt), (other.Why, other.Since, other.DeliveredAt));
        Assert.Equal(plain.Soft ?? [], other.Soft ?? []);
    }).Check(Fixed);

    /// <summary>Told once more in the plainest words.</summary>
    [Fact]
    public void It_is_so_when_a_weighty_reason_was_told_or_five_soft_bounces_came_after_the_last_delivery() => Prop.ForAll(Some.ToArbitrary(), reports =>
    {
        SuppressionReason? Weighty(ReportKind kind, SuppressionReason reason) => reports.Any(report => report.Kind == kind) ? reason : null;
        var delivered = reports.Where(report => report.Kind == ReportKind.Delivered).Select(report => report.At).DefaultIfEmpty(DateTimeOffset.MinValue).Max();
        var soft = reports.Where(report => report.Kind == ReportKind.SoftBounce && report.At > delivered).Select(report => (report.Id, report.At)).Distinct().Count();

        var expected = Weighty(ReportKind.Complaint, SuppressionReason.Complaint) ?? Weighty(ReportKind.Unsubscribe, SuppressionReason.Unsubscribed) ?? Weighty(ReportKind.HardBounce, SuppressionReason.HardBounce)
            ?? (soft >= 5 ? SuppressionReason.SoftBounces : null);

        Assert.Equal(expected, After(reports).Why);
    }).Check(Fixed);

    [Fact]
    public void What_happened_before_it_was_lifted_counts_no_more_and_what_comes_after_does()
    {
        var lifted = After([Report(ReportKind.HardBounce, 1, 1)]).Lifted(Report(ReportKind.HardBounce, 5, 0).At);

        Assert.Null(lifted.Why);
        Assert.Null(lifted.With(Report(ReportKind.HardBounce, 1, 1)).Why); // told again, late
        Assert.Null(lifted.With(Report(ReportKind.Complaint, 5, 2)).Why);
        Assert.Equal(SuppressionReason.HardBounce, lifted.With(Report(ReportKind.HardBounce, 6, 3)).Why);
    }

    [Fact]
    public void What_is_no_news_changes_nothing()
    {
        var bounced = After([Report(ReportKind.Complaint, 3, 1)]);

        Assert.Same(bounced, bounced.With(Report(ReportKind.HardBounce, 9, 2)));
        Assert.Same(bounced, bounced.With(Report(ReportKind.Complaint, 9, 3)));
        Assert.NotSame(bounced, bounced.With(SuppressionReason.Erased, TokenLaws.Now));
    }

    private static Suppression After(IEnumerable<DeliveryReport> reports) => reports.Aggregate(Suppression.None, (state, report) => state.With(report));

    private static DeliveryReport Report(ReportKind kind, int minute, int id) => new($"r{id}", kind, "ann@example.com", [], TokenLaws.Now.AddMinutes(minute));
}
