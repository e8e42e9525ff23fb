using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Access;

/// <summary>What a browser holds instead of an API key: which key it came of, and until when. Nothing is stored of it: it is signed, and lives no longer than the key.</summary>
/// <param name="KeyId">As in <see cref="Caller"/>.</param>
/// <param name="Until">In real time, to the second: a clock that is moved on signs nobody out.</param>
public sealed record Session(string KeyId, DateTimeOffset Until)
{
    public const string CookieName = "lf-session";

    /// <summary>Only a script of our own origin can send it, since no other is let through to by CORS. Its value does not matter.</summary>
    public const string HeaderName = "X-LeadFunctions";

    /// <summary>A working day, with some time on both sides.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromHours(12);

    /// <summary>The cookie's value: <c>{key id}.{seconds since 1970}.{signature}</c>.</summary>
    /// <param name="signingKey">Of the key with this id: <see cref="ApiKeys.FindSigningKey"/>.</param>
    public string Write(byte[] signingKey) => $"{Signed}.{Base64Url.EncodeToString(Signature(signingKey))}";

    /// <summary>Null when it is none, was signed by another key, or is over.</summary>
    /// <param name="signingKeyOf">By the id of an API key; null when there is none.</param>
    public static Session? Read(string cookie, Func<string, byte[]?> signingKeyOf, DateTimeOffset now)
    {
        if (cookie.Split('.') is not [var keyId, var seconds, var signature]
            || !long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var until) || until > DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            || signingKeyOf(keyId) is not { } signingKey)
        {
            return null;
        }

        var session = new Session(keyId, DateTimeOffset.FromUnixTimeSeconds(until));
        var expected = Encoding.ASCII.GetBytes(Base64Url.EncodeToString(session.Signature(signingKey)));
        return CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(signature)) && session.Until > now ? session : null;
    }

    /// <summary>
    /// Whether a page of our own sent this request: a browser adds the cookie to whatever any site has it send, a header and the word of the browser (<c>Sec-Fetch-Site</c>) not. Browsers leave the word out
    /// where they do not trust the connection, and are refused: over http only this very machine is.
    /// </summary>
    public static bool IsFromOwnPage(HttpRequest request) => request.Headers.ContainsKey(HeaderName) && request.Headers["Sec-Fetch-Site"] == "same-origin";

    private string Signed => string.Create(CultureInfo.InvariantCulture, $"{KeyId}.{Until.ToUnixTimeSeconds()}");

    private byte[] Signature(byte[] signingKey) => HMACSHA256.HashData(signingKey, Encoding.UTF8.GetBytes(Signed));
}
