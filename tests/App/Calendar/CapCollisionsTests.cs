using LeadFunctions.Calendar;
using LeadFunctions.Messaging;

namespace LeadFunctions.Tests.Calendar;

public sealed class CapCollisionsTests
{
    private static readonly DateTimeOffset Monday = new(2026, 6, 1, 10, 0, 0, TimeSpan.Zero);

    private static readonly MessageCap TwoAWeek = new("email", 2, new(TimeSpan.FromDays(7), "7d"), Waits: true);

    [Fact]
    public void The_third_message_of_a_week_is_one_too_many_and_the_one_after_it_is_not()
    {
        Assert.Equal([2], DaysOver([Mail(0), Mail(1), Mail(2), Mail(9)], []));
        Assert.Empty(DaysOver([Mail(0), Mail(1), Mail(8)], []));
    }

    [Fact]
    public void What_went_out_counts_another_channel_does_not_and_what_is_urgent_goes_over_it()
    {
        long[] sent = [Monday.AddDays(-1).ToUnixTimeMilliseconds(), Monday.AddDays(-30).ToUnixTimeMilliseconds()];

        Assert.Equal([1], DaysOver([Mail(0), Mail(1)], sent));
        Assert.Empty(DaysOver([Mail(0), Mail(1) with { Channel = "sms" }], sent));
        Assert.Empty(DaysOver([Mail(0), Mail(1) with { IsUrgent = true }], sent));
    }

    [Fact]
    public void A_cap_of_all_channels_counts_them_together() =>
        Assert.Equal([2], CapCollisions.Of([Mail(0), Mail(1) with { Channel = "sms" }, Mail(2)], new Dictionary<string, IReadOnlyList<long>>(), [TwoAWeek with { Channel = null }]).Select(Day));

    private static IEnumerable<double> DaysOver(IReadOnlyList<ExpectedSend> expected, IReadOnlyList<long> sent) =>
        CapCollisions.Of(expected, new Dictionary<string, IReadOnlyList<long>> { ["email"] = sent }, [TwoAWeek]).Select(Day);

    private static double Day(ExpectedSend send) => (send.At - Monday).TotalDays;

    private static ExpectedSend Mail(int day) => new(Monday.AddDays(day), "j", "s", "t", "email", IsUrgent: false);
}
