using System.Globalization;

namespace LeadFunctions.Feedback;

/// <summary>When a carrier signed what it sends, in Unix seconds: what was signed long ago is no news, whoever sends it again.</summary>
internal static class CarrierTime
{
    /// <summary>SendGrid tries again for a day, Mailgun for eight hours.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(25);

    public const string Stale = "The signature is of another day, or of a clock that is wrong.";

    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(15);

    /// <param name="now">By the machine's clock.</param>
    public static bool IsFresh(string? seconds, DateTimeOffset now) =>
        long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && now.ToUnixTimeSeconds() - at is var age && age <= Patience.TotalSeconds && age >= -Ahead.TotalSeconds;
}
