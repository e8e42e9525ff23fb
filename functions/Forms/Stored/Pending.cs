using System.Globalization;
using System.Text.Json.Serialization;
using Azure;

namespace LeadFunctions.Forms.Stored;

/// <summary>What somebody agreed to and has yet to confirm; and after that, that they have.</summary>
/// <param name="Day">The last on which it is kept, in UTC: <c>20260531</c>. A repetition has the same.</param>
/// <param name="Id">The submission's.</param>
/// <param name="Locale">The language that the form was shown in.</param>
/// <param name="Until">Until then it can be confirmed.</param>
/// <param name="Consent">Null once it is confirmed: who they are stands with the lead from then on.</param>
/// <param name="Mail">Null as the consent is.</param>
/// <param name="ConfirmedAt">Null: not yet.</param>
internal sealed record Pending(string Day, string Id, string Form, int Version, string Locale, DateTimeOffset Until, FormConsent? Consent, PendingMail? Mail, DateTimeOffset? ConfirmedAt = null)
{
    [JsonIgnore]
    public ETag ETag { get; init; }

    public static string DayOf(DateTimeOffset until) => until.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
}

/// <summary>How far the mail is that asks for the confirmation.</summary>
/// <param name="Title">Of the form, as it was shown.</param>
/// <param name="Url">Where it is confirmed.</param>
/// <param name="Claim">The queue message whose work it is; null: nobody's.</param>
/// <param name="Tries">How often it could not be handed on.</param>
/// <param name="SentAt">Null: not yet.</param>
/// <param name="Refused">Why it never will be; null: it may.</param>
internal sealed record PendingMail(
    string To, string Title, string Url, string? Template, string? From, string? Claim = null, DateTimeOffset? ClaimedAt = null, int Tries = 0, DateTimeOffset? SentAt = null, string? Refused = null);
