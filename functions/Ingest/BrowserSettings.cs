using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Ingest;

/// <summary>What analytics-next asks for before it sends anything: where to send, and with which key.</summary>
internal static class BrowserSettings
{
    public static Answer For(HttpRequest request, string writeKey)
    {
        var (scheme, host) = Address(request);
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteStartObject("integrations"u8);
        writer.WriteStartObject("Segment.io"u8);
        writer.WriteString("apiKey"u8, writeKey);
        writer.WriteString("apiHost"u8, $"{host}/v1");
        writer.WriteString("protocol"u8, scheme);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WritePropertyName("plan"u8);
        writer.WriteRawValue("""{"track":{"__default":{"enabled":true}},"identify":{"__default":{"enabled":true}}}"""u8);
        writer.WritePropertyName("edgeFunction"u8);
        writer.WriteRawValue("{}"u8);
        writer.WriteBoolean("analyticsNextEnabled"u8, true);
        writer.WritePropertyName("middlewareSettings"u8);
        writer.WriteRawValue("{}"u8);
        writer.WritePropertyName("enabledMiddleware"u8);
        writer.WriteRawValue("{}"u8);
        writer.WritePropertyName("metrics"u8);
        writer.WriteRawValue("""{"sampleRate":0}"""u8);
        writer.WriteBoolean("legacyVideoPluginsEnabled"u8, false);
        writer.WritePropertyName("remotePlugins"u8);
        writer.WriteRawValue("[]"u8);
        writer.WriteEndObject();
        writer.Flush();
        return new Answer(200, buffer.WrittenMemory);
    }

    // The Functions host forwards to the worker and says in these headers what the caller asked for. A caller who sends them himself
    // misleads only himself: the answer is not cached.
    private static (string Scheme, string Host) Address(HttpRequest request)
    {
        var host = request.Headers["X-Forwarded-Host"].ToString();
        var scheme = request.Headers["X-Forwarded-Proto"].ToString();
        return (scheme is "http" or "https" ? scheme : request.Scheme, IsHost(host) ? host : request.Host.Value ?? "");
    }

    private static bool IsHost(string host)
    {
        foreach (var c in host)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or ':' or '[' or ']'))
            {
                return false;
            }
        }

        return host.Length > 0;
    }
}
