using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace LeadFunctions.Mail;

/// <summary>What carriers and tables call a message: derived from its send id, which may hold any character and be long.</summary>
internal static class SendIds
{
    /// <summary>22 characters of letters, digits, - and _.</summary>
    public static string Short(string sendId) => Base64Url.EncodeToString(Digest(sendId).AsSpan(0, 16));

    /// <summary>What stands before the @ of a Message-ID: no two mails share it, and its case says nothing.</summary>
    public static string Local(string sendId) => Convert.ToHexStringLower(Digest(sendId).AsSpan(0, 20));

    /// <summary>As a UUID of the version that is left to applications (RFC 9562).</summary>
    public static Guid Uuid(string sendId)
    {
        var bytes = Digest(sendId).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    private static byte[] Digest(string sendId) => SHA256.HashData(Encoding.UTF8.GetBytes(sendId));
}
