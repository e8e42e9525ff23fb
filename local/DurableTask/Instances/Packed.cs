using System.IO.Compression;
using System.Text;

namespace LeadFunctions.Local.DurableTask;

/// <summary>Bytes as they are stored: one byte that says how, then the content, deflated where that is shorter.</summary>
internal static class Packed
{
    // Below this, deflating costs more than it saves.
    private const int WorthDeflating = 600;

    public static byte[] Pack(string text) => Pack(Encoding.UTF8.GetBytes(text));

    public static byte[] Pack(ReadOnlySpan<byte> content)
    {
        if (content.Length >= WorthDeflating)
        {
            using var deflated = new MemoryStream();
            deflated.WriteByte(1);
            using (var deflate = new DeflateStream(deflated, CompressionLevel.Fastest, leaveOpen: true))
            {
                deflate.Write(content);
            }

            if (deflated.Length <= content.Length)
            {
                return deflated.ToArray();
            }
        }

        var plain = new byte[content.Length + 1];
        content.CopyTo(plain.AsSpan(1));
        return plain;
    }

    public static string UnpackText(byte[] packed) => Encoding.UTF8.GetString(Unpack(packed));

    public static byte[] Unpack(byte[] packed)
    {
        if (packed[0] == 0)
        {
            return packed[1..];
        }

        using var inflate = new DeflateStream(new MemoryStream(packed, 1, packed.Length - 1), CompressionMode.Decompress);
        using var content = new MemoryStream();
        inflate.CopyTo(content);
        return content.ToArray();
    }
}
