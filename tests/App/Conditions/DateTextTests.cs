using System.Globalization;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Tests.Conditions;

public sealed class DateTextTests
{
    [Theory]
    [InlineData("2026-11-20", "2026-11-20T00:00:00Z")]
    [InlineData("2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z")]
    [InlineData("2026-11-20t10:00:00z", "2026-11-20T10:00:00Z")]
    [InlineData("2026-11-20T10:00Z", "2026-11-20T10:00:00Z")]
    [InlineData("2026-11-20T10Z", "2026-11-20T10:00:00Z")]
    [InlineData("2026-11-20T10:00:00.123Z", "2026-11-20T10:00:00.123Z")]
    [InlineData("2026-11-20T10:00:00.123456789Z", "2026-11-20T10:00:00.1234567Z")]
    [InlineData("2026-11-20T10:00:00,5+01:00", "2026-11-20T10:00:00.5+01:00")]
    [InlineData("2026-11-20T10:00:00+0100", "2026-11-20T10:00:00+01:00")]
    [InlineData("2026-11-20T10:00:00-05", "2026-11-20T10:00:00-05:00")]
    [InlineData("2026-11-20 10:00:00", "2026-11-20T10:00:00Z")]
    [InlineData("2026-11-20 10:00:00 UTC", "2026-11-20T10:00:00Z")]
    [InlineData("2026-11-20 10:00:00UTC", "2026-11-20T10:00:00Z")]
    [InlineData("2026-11-20 10:00:00 GMT", "2026-11-20T10:00:00Z")]
    [InlineData("2026-11-20 10:00:00 UTC+2", "2026-11-20T10:00:00+02:00")]
    [InlineData("2026-11-20 10:00:00 +0100", "2026-11-20T10:00:00+01:00")]
    [InlineData("2026-11-20 10:00:00.000001 +0000 UTC", "2026-11-20T10:00:00.000001Z")]
    [InlineData("2026-11-20 10:00:00.5 +0100 CET m=+0.000012", "2026-11-20T10:00:00.5+01:00")]
    [InlineData("  2026-11-20T10:00:00Z\n", "2026-11-20T10:00:00Z")]
    [InlineData("20261120T100000Z", "2026-11-20T10:00:00Z")]
    [InlineData("20261120T100000.25+0100", "2026-11-20T10:00:00.25+01:00")]
    [InlineData("20261120T1000Z", "2026-11-20T10:00:00Z")]
    [InlineData("20261120", "2026-11-20T00:00:00Z")]
    [InlineData("20261120100000", "2026-11-20T10:00:00Z")]
    [InlineData("2026/11/20 10:00:00", "2026-11-20T10:00:00Z")]
    [InlineData("2026/1/5", "2026-01-05T00:00:00Z")]
    [InlineData("2026.11.20 10:00", "2026-11-20T10:00:00Z")]
    [InlineData("2026-11-20, 10:00:00 PM", "2026-11-20T22:00:00Z")]
    [InlineData("2026-11-20 12:30 AM", "2026-11-20T00:30:00Z")]
    [InlineData("2026-11-20 12:30 pm", "2026-11-20T12:30:00Z")]
    [InlineData("2026-11-20T24:00:00Z", "2026-11-21T00:00:00Z")]
    [InlineData("2026-11-20T24:00Z", "2026-11-21T00:00:00Z")]
    [InlineData("2026-12-31T23:59:60Z", "2027-01-01T00:00:00Z")]
    [InlineData("2026-11-20T10:00:00+01:00[Europe/Paris]", "2026-11-20T10:00:00+01:00")]
    [InlineData("2026-06-20T10:00[Europe/Paris]", "2026-06-20T10:00:00+02:00")]
    [InlineData("2026-11-20T10:00:00Z[UTC]", "2026-11-20T10:00:00Z")]
    [InlineData("2026-11-20T10:00:00+01:00[Nowhere/Else]", "2026-11-20T10:00:00+01:00")]
    [InlineData("2026-11-20+02:00", "2026-11-20T00:00:00+02:00")]
    [InlineData("2026-11-20Z", "2026-11-20T00:00:00Z")]
    [InlineData("Fri, 20 Nov 2026 10:00:00 GMT", "2026-11-20T10:00:00Z")]
    [InlineData("Fri, 20 Nov 2026 10:00:00 +0100", "2026-11-20T10:00:00+01:00")]
    [InlineData("20 Nov 2026 10:00 UT", "2026-11-20T10:00:00Z")]
    [InlineData("Fri Nov 20 2026 10:00:00 GMT+0100 (Central European Standard Time)", "2026-11-20T10:00:00+01:00")]
    [InlineData("Fri Nov 20 2026 10:00:00 GMT-0500 (EST)", "2026-11-20T10:00:00-05:00")]
    [InlineData("Fri Nov 20 2026", "2026-11-20T00:00:00Z")]
    [InlineData("Fri Nov 20 10:00:00 UTC 2026", "2026-11-20T10:00:00Z")]
    [InlineData("Fri Nov 20 10:00:00 2026", "2026-11-20T10:00:00Z")]
    [InlineData("November 20, 2026 10:00 PM", "2026-11-20T22:00:00Z")]
    [InlineData("Sept. 1, 2026", "2026-09-01T00:00:00Z")]
    [InlineData("20-Nov-2026 10:00:00", "2026-11-20T10:00:00Z")]
    [InlineData("friday, 20 november 2026", "2026-11-20T00:00:00Z")]
    public void What_means_one_moment_is_read_with_the_offset_that_it_was_written_with(string text, string expected)
    {
        Assert.True(DateText.TryRead(text, out var read));

        Assert.True(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind).EqualsExact(read), read.ToString("O"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10/11/2026")]
    [InlineData("20.11.2026 10:00")]
    [InlineData("11/20/2026, 10:00:00 AM")]
    [InlineData("2026-11-20 10:00:00 CST")]
    [InlineData("Fri Nov 20 10:00:00 CET 2026")]
    [InlineData("2026-11-20T10:00[Nowhere/Else]")]
    [InlineData("12:00")]
    [InlineData("12:00:00Z")]
    [InlineData("2026-11")]
    [InlineData("2026-W47-5")]
    [InlineData("2026-13-01")]
    [InlineData("2026-02-29")]
    [InlineData("0000-01-01")]
    [InlineData("2026-11-20T25:00:00Z")]
    [InlineData("2026-11-20T24:00:01Z")]
    [InlineData("2026-11-20T10:60:00Z")]
    [InlineData("2026-11-20T10:00:61Z")]
    [InlineData("2026-11-20 13:00 PM")]
    [InlineData("2026-11-20T10:00:00+15:00")]
    [InlineData("2026-11-20T10:00:00+01:75")]
    [InlineData("2026-11-20-10")]
    [InlineData("2026-11-20x")]
    [InlineData("9999-12-31T24:00:00Z")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("99991120")]
    [InlineData("12345678")]
    [InlineData("1795341600")]
    [InlineData("soon, very soon")]
    [InlineData("Friday, in November")]
    [InlineData("Nov 2026")]
    [InlineData("20 Nov 26 10:00")]
    [InlineData("20 21 Nov 2026")]
    [InlineData("Nov Nov 20 2026")]
    [InlineData("Fri, 20 Nov 2026 10:00:00 10:00")]
    public void What_may_mean_another_or_none_is_not(string text) => Assert.False(DateText.TryRead(text, out _));

    [Fact]
    public void Every_moment_that_dotnet_writes_is_read_as_dotnet_reads_it()
    {
        var random = new Random(4);
        foreach (var format in new[] { "O", "R", "yyyy-MM-ddTHH:mm:ss.fffzzz", "yyyy-MM-dd HH:mm:ss zzz", "yyyyMMdd'T'HHmmsszz", "ddd MMM dd yyyy HH:mm:ss 'GMT'zzz", "yyyy/M/d h:mm:ss tt zzz", "MMMM d, yyyy h:mm tt zzz", "dd-MMM-yyyy HH:mm:ss zzz" })
        {
            for (var i = 0; i < 200; i++)
            {
                var moment = new DateTimeOffset(random.NextInt64(new DateTime(1900, 1, 2).Ticks, new DateTime(2199, 12, 30).Ticks), TimeSpan.FromHours(format == "R" ? 0 : random.Next(-12, 14)));
                var text = moment.ToString(format, CultureInfo.InvariantCulture);

                Assert.True(DateText.TryRead(text, out var read), text);
                Assert.True(Math.Abs((moment - read).TotalSeconds) < 60, $"{text} → {read:O}");
                Assert.Equal(text, read.ToString(format, CultureInfo.InvariantCulture));
            }
        }
    }
}
