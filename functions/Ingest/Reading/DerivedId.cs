using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace LeadFunctions.Ingest.Reading;

/// <summary>
/// The id of an event whose client sent none. If the event carries its own time, the id comes from its content, so that a client that
/// sends it again is understood. An event without a time happened when it arrived, so a second arrival is a second event (a pixel shown twice, two calls of curl).
/// </summary>
internal static class DerivedId
{
    public static string Of(EventDraft draft, RequestFacts facts)
    {
        if ((EventTime.Find(draft.Timestamp) ?? EventTime.Find(draft.OriginalTimestamp)) is null)
        {
            return $"{facts.Id:n}-{draft.Index}";
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, Encoding.UTF8.GetBytes(facts.Source.Id));
        Append(hash, Encoding.UTF8.GetBytes(draft.Type.ToString()));
        foreach (var property in draft.Json.EnumerateObject())
        {
            // Another attempt has another sentAt.
            if (property.NameEquals("sentAt"u8))
            {
                continue;
            }

            Append(hash, JsonMarshal.GetRawUtf8PropertyName(property));
            Append(hash, JsonMarshal.GetRawUtf8Value(property.Value));
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return string.Concat("h-", Base64Url.EncodeToString(digest[..18]));
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        hash.AppendData(part);
        hash.AppendData([0]);
    }
}
