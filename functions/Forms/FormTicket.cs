using System.Globalization;

namespace LeadFunctions.Forms;

/// <summary>
/// What a page is shown with, and sends back: when that was, which version of the form, and what it asked. Signed (<see cref="Feedback.SignedText"/>), so that nobody can have been shown it earlier, or been asked less, than they were.
/// </summary>
/// <param name="Nonce">Tells two showings apart: the same answers from the same showing are one submission.</param>
/// <param name="Asked">A bit for each field of the version that was asked.</param>
internal sealed record FormTicket(int Version, DateTimeOffset ShownAt, string Nonce, ulong Asked)
{
    /// <summary>What is sent once more from a page that was shown no longer ago is known again. Pages stand open for longer, and what is sent from them is taken: only people keep one for weeks.</summary>
    public static readonly TimeSpan ValidFor = TimeSpan.FromDays(7);

    public bool WasAsked(FormDocument document, FormField field) => document.Fields.TakeWhile(other => other.Name != field.Name).Count() is var place && ((Asked >> place) & 1) == 1;

    public static ulong Bits(FormDocument document, Func<FormField, bool> isAsked) =>
        document.Fields.Select((field, place) => isAsked(field) ? 1UL << place : 0).Aggregate(0UL, (bits, bit) => bits | bit);

    /// <summary>What it is signed for: a form's is no other's.</summary>
    public static string PurposeOf(string form) => $"ticket\n{form}";

    public string Said => string.Create(CultureInfo.InvariantCulture, $"{Version}.{ShownAt.ToUnixTimeMilliseconds()}.{Nonce}.{Asked:x}");

    /// <summary>As it was signed; null for null.</summary>
    public static FormTicket? Of(string? said) => said?.Split('.') is [var version, var shownAt, var nonce, var asked]
        ? new(int.Parse(version, CultureInfo.InvariantCulture), DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(shownAt, CultureInfo.InvariantCulture)), nonce, ulong.Parse(asked, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))
        : null;
}
