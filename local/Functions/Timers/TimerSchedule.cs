using System.Globalization;
using LeadFunctions.Local.Functions.Hosting;
using Quartz;

namespace LeadFunctions.Local.Functions.Timers;

/// <summary>When a timer function runs: NCRONTAB as Functions reads it (five or six fields, UTC), or a fixed interval.</summary>
internal abstract class TimerSchedule
{
    /// <summary>The first time after <paramref name="now"/>; null when there is none.</summary>
    internal abstract DateTimeOffset? After(DateTimeOffset now);

    /// <exception cref="LocalStartException">The text is no schedule.</exception>
    internal static TimerSchedule Parse(string text, string function)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        try
        {
            return fields.Length switch
            {
                1 when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval) && interval > TimeSpan.Zero => new Every(interval),
                5 => Cron("0", fields),
                6 => Cron(fields[0], fields[1..]),
                _ => throw new FormatException("it has neither five nor six fields, and is no time span"),
            };
        }
        catch (FormatException exception)
        {
            throw new LocalStartException($"Function {function}: '{text}' is not a schedule: {exception.Message}.", exception);
        }
    }

    private static TimerSchedule Cron(string second, string[] fields)
    {
        // Crontab runs on a day that fits either day field, NCRONTAB on one that fits both.
        string[] anyWeekday = [.. fields[..4], "*"];
        string[] anyDay = [.. fields[..2], "*", fields[3], fields[4]];
        return fields[2] != "*" && fields[4] != "*"
            ? new Both(Expression(second, anyWeekday), Expression(second, anyDay))
            : new One(Expression(second, fields));
    }

    /// <summary>Quartz reads the five fields, with weekdays 0–6; the second takes its place in what it made of them.</summary>
    private static CronExpression Expression(string second, string[] fields)
    {
        var quartz = CronExpression.Parse(string.Join(' ', fields), CronFormat.Unix).CronExpressionString;
        return CronExpression.Parse(second + quartz[quartz.IndexOf(' ', StringComparison.Ordinal)..]).WithTimeZone(TimeZoneInfo.Utc);
    }

    private sealed class Every(TimeSpan interval) : TimerSchedule
    {
        internal override DateTimeOffset? After(DateTimeOffset now) => now + interval;
    }

    private sealed class One(CronExpression expression) : TimerSchedule
    {
        internal override DateTimeOffset? After(DateTimeOffset now) => expression.GetNextValidTimeAfter(now);
    }

    private sealed class Both(CronExpression onDay, CronExpression onWeekday) : TimerSchedule
    {
        internal override DateTimeOffset? After(DateTimeOffset now)
        {
            var next = onDay.GetNextValidTimeAfter(now);
            while (next is { } time && !onWeekday.IsSatisfiedBy(time))
            {
                next = onDay.GetNextValidTimeAfter(new DateTimeOffset(time.UtcDateTime.Date.AddDays(1).AddTicks(-1), TimeSpan.Zero));
            }

            return next;
        }
    }
}
