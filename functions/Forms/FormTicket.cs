using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LeadFunctions.Forms;

/// <summary>
/// What a page is shown with, and sends back: when that was, which version of the form, and what it asked. Signed, so that nobody can have been shown it earlier, or been asked less, than they were.
/// </summary>
/// <param name="Nonce">Tells two showings apart: the same answers from the same showing are one submission.</param>
/// <param name="Asked">A bit for each field of the version that was asked.</param>
internal sealed record FormTicket(int Version, DateTimeOffset ShownAt, string Nonce, ulong Asked)
{
    /// <summary>A page that stood open longer is asked for again.</summary>
    public static readonly TimeSpan ValidFor = TimeSpan.FromDays(7);

    private const int Bytes = 16;

    public bool WasAsked(FormDocument document, FormField field) => document.Fields.TakeWhile(other => other.Name != field.Name).Count() is var place && ((Asked >> place) & 1) == 1;

    public static ulong Bits(FormDocument document, Func<FormField, bool> isAsked) =>
        document.Fields.Select((field, place) => isAsked(field) ? 1UL << place : 0).Aggregate(0UL, (bits, bit) => bits | bit);

    public string Sign(string form, byte[] key)
    {
        var said = string.Create(CultureInfo.InvariantCulture, $"{Version}.{ShownAt.ToUnixTimeMilliseconds()}.{Nonce}.{Asked:x}");
        return $"{said}.{Signature($"ticket\n{form}\n{said}", key)}";
    }

    /// <summary>Null for one that nobody signed for this form.</summary>
    public static FormTicket? Read(string? text, string form, byte[] key)
    {
        if (text is not { Length: <= 200 } || text.LastIndexOf('.') is not (> 0 and var end) || !IsSigned($"ticket\n{form}\n{text[..end]}", text[(end + 1)..], key))
        {
            return null;
        }

        var parts = text[..end].Split('.'); // as Sign wrote them
        return new(int.Parse(parts[0], CultureInfo.InvariantCulture), DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(parts[1], CultureInfo.InvariantCulture)), parts[2],
            ulong.Parse(parts[3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
    }

    /// <summary>128 bits of HMAC-SHA256, in letters that stand in URLs.</summary>
    public static string Signature(string text, byte[] key) => Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)).AsSpan(0, Bytes));

    /// <summary>Takes the same time wherever the first difference is.</summary>
    public static bool IsSigned(string text, string signature, byte[] key) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Signature(text, key)), Encoding.UTF8.GetBytes(signature));
}
