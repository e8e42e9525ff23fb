using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Tests.Conditions;

public sealed class DurationTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("15m", 900)]
    [InlineData("12h", 43_200)]
    [InlineData("14d", 1_209_600)]
    [InlineData("2w", 1_209_600)]
    [InlineData("36500d", 3_153_600_000)]
    public void A_duration_is_a_number_and_a_unit(string text, long seconds)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.Length.TotalSeconds);
        Assert.Equal(text, duration.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("14")]
    [InlineData("0d")]
    [InlineData("-1d")]
    [InlineData("+1d")]
    [InlineData("1.5d")]
    [InlineData(" 1d")]
    [InlineData("1 d")]
    [InlineData("1D")]
    [InlineData("1y")]
    [InlineData("36501d")]
    [InlineData("99999999999w")]
    [InlineData("١d")]
    public void Anything_else_is_not(string? text) => Assert.False(Duration.TryParse(text, out _));
}
