using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Ingest;

/// <summary>Where clients put the key of their source.</summary>
internal static class WriteKey
{
    private const int MaxLength = 200;

    /// <summary>As <c>Basic base64(KEY:)</c>, as <c>Bearer KEY</c>, or in the query as <c>k</c> or <c>writeKey</c>; null when there is none.</summary>
    public static string? Find(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return FromBasic(header.AsSpan(6).Trim());
        }

        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return Known(header[7..].Trim());
        }

        return request.QueryString.HasValue ? Known(request.Query["k"]) ?? Known(request.Query["writeKey"]) : null;
    }

    public static string? Find(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty("writeKey"u8, out var key) && key.ValueKind == JsonValueKind.String ? Known(key.GetString()) : null;

    private static string? FromBasic(ReadOnlySpan<char> base64)
    {
        Span<byte> bytes = stackalloc byte[MaxLength + 8];
        if (!Convert.TryFromBase64Chars(base64, bytes, out var length))
        {
            return null;
        }

        var colon = bytes[..length].IndexOf((byte)':');
        return Known(Encoding.UTF8.GetString(bytes[..(colon < 0 ? length : colon)]));
    }

    private static string? Known(string? key) => key is { Length: > 0 and <= MaxLength } ? key : null;
}
