using LeadFunctions.Platform.Outbound;

namespace LeadFunctions.Tests.Platform;

public sealed class RetryAfterTests
{
    /// <summary>The app's clock may be moved; a date is by the other side's.</summary>
    [Theory]
    [InlineData("120", 120)]
    [InlineData("0", 0)]
    [InlineData("Thu, 26 Nov 2026 10:00:30 GMT", 30)]
    [InlineData("Thu, 26 Nov 2026 09:00:00 GMT", 0)]
    [InlineData("99999999999999", 86_400)]
    [InlineData("Fri, 01 Jan 2100 00:00:00 GMT", 86_400)]
    [InlineData("-5", null)]
    [InlineData("soon", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_wait_is_told_by_the_apps_own_clock(string? header, int? seconds)
    {
        var now = new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

        Assert.Equal(seconds is { } some ? now.AddSeconds(some) : null, RetryAfter.Of(header, now, new DateTimeOffset(2026, 11, 26, 10, 0, 0, TimeSpan.Zero)));
    }
}
