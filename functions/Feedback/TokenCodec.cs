using System.Buffers;
using System.Buffers.Text;
using System.IO.Compression;
using System.Text;
using LeadFunctions.Events;

namespace LeadFunctions.Feedback;

/// <summary>
/// A token as it stands in an address: a version, the key's number, what it says, 128 bits of signature over all of that; in Base64 for addresses. What is said is packed, since it stands in every link of every message:
/// ids of leads are bytes again, a send id does not repeat the lead's, and long texts are compressed.
/// </summary>
internal static class TokenCodec
{
    private const byte Version = 1;
    private const byte KindBits = 0x0F;
    private const byte LeadIsText = 0x10;
    private const byte IsCompressed = 0x20;
    private const byte SendNamesLead = 0x40;

    /// <summary>In a send id, where it says so: the lead's, which stands in the token already.</summary>
    private const char TheLead = '\u0001';

    private const string UsualChannel = "email";
    private const int WorthCompressing = 160;
    private const int MostText = 16 * 1024;
    private const int LongestToken = 8 * 1024;

    public static string Write(LinkToken token, LinkKey key)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        var send = token.SendId.Contains(TheLead, StringComparison.Ordinal) ? token.SendId : token.SendId.Replace(token.LeadId, $"{TheLead}", StringComparison.Ordinal);
        var texts = Texts(token with { SendId = send });
        var packed = texts.Length < WorthCompressing ? null : Compressed(texts);
        Span<byte> lead = stackalloc byte[16];
        var isText = !TryPack(token.LeadId, lead);
        PutByte(buffer, Version);
        PutNumber(buffer, (ulong)key.Number);
        PutByte(buffer, (byte)((byte)token.Kind | (isText ? LeadIsText : 0) | (packed is null ? 0 : IsCompressed) | (send == token.SendId ? 0 : SendNamesLead)));
        if (isText)
        {
            PutText(buffer, token.LeadId);
        }
        else
        {
            buffer.Write(lead);
        }

        PutNumber(buffer, (ulong)Math.Max(0, token.SentAt.ToUnixTimeSeconds()));
        PutNumber(buffer, (ulong)token.Link);
        PutNumber(buffer, (ulong)token.Links);
        buffer.Write(packed ?? texts);
        Span<byte> tag = stackalloc byte[Keyring.TagBytes];
        Keyring.Sign(key, buffer.WrittenSpan, tag);
        buffer.Write(tag);
        return Base64Url.EncodeToString(buffer.WrittenSpan);
    }

    public static TokenReading Read(string text, Keyring keys, DateTimeOffset now)
    {
        if (text.Length is 0 or > LongestToken || !Base64Url.IsValid(text))
        {
            return new(null, TokenFault.Forged);
        }

        byte[] bytes = Base64Url.DecodeFromChars(text);
        // The last character has bits that mean nothing: one spelling is right.
        if (bytes.Length <= Keyring.TagBytes || Base64Url.EncodeToString(bytes) != text)
        {
            return new(null, TokenFault.Forged);
        }

        var content = bytes.AsSpan(..^Keyring.TagBytes);
        var rest = (ReadOnlySpan<byte>)content;
        if (!TryByte(ref rest, out var version) || version != Version || !TryNumber(ref rest, out var number) || number > int.MaxValue)
        {
            return new(null, TokenFault.Forged);
        }

        if (keys.Find((int)number) is not { } key)
        {
            return new(null, TokenFault.UnknownKey);
        }

        if (!Keyring.IsSigned(key, content, bytes.AsSpan(^Keyring.TagBytes..)))
        {
            return new(null, TokenFault.Forged);
        }

        return Keyring.IsOver(key, now) ? new(null, TokenFault.Expired)
            : Content(rest) is { } token ? new(token, TokenFault.None)
            : new(null, TokenFault.Forged);
    }

    /// <summary>Of version 1. Signed, so only a later program's mistake makes it unreadable.</summary>
    private static LinkToken? Content(ReadOnlySpan<byte> rest)
    {
        if (!TryByte(ref rest, out var first) || !Enum.IsDefined((LinkKind)(first & KindBits)))
        {
            return null;
        }

        string lead;
        if ((first & LeadIsText) != 0)
        {
            if (!TryText(ref rest, out lead))
            {
                return null;
            }
        }
        else if (rest.Length >= 16)
        {
            lead = LeadIds.Encode(rest[..16]);
            rest = rest[16..];
        }
        else
        {
            return null;
        }

        if (!TryNumber(ref rest, out var sentAt) || !TryNumber(ref rest, out var link) || !TryNumber(ref rest, out var links))
        {
            return null;
        }

        var texts = (first & IsCompressed) == 0 ? rest : Decompressed(rest);
        return TryText(ref texts, out var send) && TryText(ref texts, out var channel) && TryText(ref texts, out var topic) && TryText(ref texts, out var url)
            ? new((LinkKind)(first & KindBits), lead, (first & SendNamesLead) == 0 ? send : send.Replace($"{TheLead}", lead, StringComparison.Ordinal), DateTimeOffset.FromUnixTimeSeconds((long)sentAt),
                channel.Length > 0 ? channel : UsualChannel, topic.Length > 0 ? topic : null, (int)link, (int)links, url.Length > 0 ? url : null)
            : null;
    }

    private static byte[] Texts(LinkToken token)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        PutText(buffer, token.SendId);
        PutText(buffer, token.Channel == UsualChannel ? "" : token.Channel);
        PutText(buffer, token.Topic ?? "");
        PutText(buffer, token.Url ?? "");
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>False when the id would not come out of the bytes as it went in.</summary>
    private static bool TryPack(string lead, Span<byte> bytes)
    {
        if (!LeadIds.IsValid(lead))
        {
            return false;
        }

        LeadIds.Decode(lead, bytes);
        return LeadIds.Encode(bytes) == lead;
    }

    /// <summary>Null when it would not be shorter.</summary>
    private static byte[]? Compressed(byte[] texts)
    {
        var packed = new byte[texts.Length];
        return BrotliEncoder.TryCompress(texts, packed, out var length, quality: 5, window: 12) ? packed[..length] : null;
    }

    private static ReadOnlySpan<byte> Decompressed(ReadOnlySpan<byte> packed)
    {
        var texts = new byte[MostText];
        return BrotliDecoder.TryDecompress(packed, texts, out var length) ? texts.AsSpan(0, length) : [];
    }

    private static void PutByte(ArrayBufferWriter<byte> buffer, byte value)
    {
        buffer.GetSpan(1)[0] = value;
        buffer.Advance(1);
    }

    /// <summary>Seven bits a byte, the lowest first.</summary>
    private static void PutNumber(ArrayBufferWriter<byte> buffer, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            PutByte(buffer, (byte)(value | 0x80));
        }

        PutByte(buffer, (byte)value);
    }

    private static void PutText(ArrayBufferWriter<byte> buffer, string text)
    {
        PutNumber(buffer, (ulong)Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, buffer);
    }

    private static bool TryByte(ref ReadOnlySpan<byte> rest, out byte value)
    {
        value = rest.Length > 0 ? rest[0] : (byte)0;
        var isThere = rest.Length > 0;
        rest = isThere ? rest[1..] : rest;
        return isThere;
    }

    private static bool TryNumber(ref ReadOnlySpan<byte> rest, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 63 && TryByte(ref rest, out var next); shift += 7)
        {
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryText(ref ReadOnlySpan<byte> rest, out string text)
    {
        text = "";
        if (!TryNumber(ref rest, out var length) || length > (ulong)rest.Length)
        {
            return false;
        }

        text = Encoding.UTF8.GetString(rest[..(int)length]);
        rest = rest[(int)length..];
        return true;
    }
}
