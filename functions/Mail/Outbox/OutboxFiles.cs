using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LeadFunctions.Platform.Http;

namespace LeadFunctions.Mail.Outbox;

/// <summary>Each message of the outbox as a file: mail as any mail program opens it, the rest as JSON.</summary>
internal static class OutboxFiles
{
    private const int NameLimit = 40;
    private const string Draft = ".part";

    private static readonly JsonSerializerOptions Indented = new(WebJson.Options) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteAsync(string folder, OutboxMessage message, string? raw, CancellationToken cancellationToken)
    {
        if (folder.Length == 0)
        {
            return;
        }

        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, NameOf(message));
        var draft = path + Draft;
        await File.WriteAllBytesAsync(draft, raw is null ? JsonSerializer.SerializeToUtf8Bytes(message, Indented) : Encoding.Latin1.GetBytes(raw), cancellationToken);
        File.Move(draft, path, overwrite: true);
    }

    public static void Delete(string folder, OutboxMessage message)
    {
        if (folder.Length > 0 && Directory.Exists(folder))
        {
            var path = Path.Combine(folder, NameOf(message));
            File.Delete(path);
            File.Delete(path + Draft); // of whoever died at it
        }
    }

    /// <summary>A name in the folder, whatever a template is called.</summary>
    public static string NameOf(OutboxMessage message)
    {
        var label = message.Template ?? message.Step ?? message.Campaign ?? message.Channel;
        var name = new string([.. label.Take(NameLimit).Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' ? c : '_')]);
        return string.Create(CultureInfo.InvariantCulture, $"{message.SentAt:yyyyMMdd-HHmmss}-{name}-{SendIds.Short(message.Id)[..8]}.{(message.Html is null ? "json" : "eml")}");
    }
}
