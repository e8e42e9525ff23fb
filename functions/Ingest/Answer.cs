using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Ingest;

/// <summary>An answer whose bytes are known: JSON, or the pixel.</summary>
internal sealed class Answer(int status, ReadOnlyMemory<byte> body, string? contentType = Answer.Json, int? retryAfterSeconds = null) : IResult
{
    public const string Json = "application/json";

    private static readonly byte[] Pixel = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==");

    public static readonly Answer One = new(200, "{\"success\":true,\"accepted\":1,\"rejected\":[]}"u8.ToArray());

    public static readonly Answer Ignored = new(200, "{\"success\":true}"u8.ToArray());

    public static readonly Answer Nothing = new(204, ReadOnlyMemory<byte>.Empty, null);

    public int Status => status;

    public int? RetryAfterSeconds => retryAfterSeconds;

    /// <summary>Always an image, so that a page never shows a broken one; the status says what became of the event.</summary>
    public static Answer Gif(int status, int? retryAfterSeconds) => new(status, Pixel, "image/gif", retryAfterSeconds);

    /// <summary>How many events were taken, and why the others were not.</summary>
    /// <param name="stored">For a dry run: what would have been stored.</param>
    public static Answer Of(int accepted, IReadOnlyList<Refusal> refusals, EventBuffer? stored = null)
    {
        if (accepted == 1 && refusals.Count == 0 && stored is null)
        {
            return One;
        }

        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteBoolean("success"u8, true);
        writer.WriteNumber("accepted"u8, accepted);
        writer.WriteStartArray("rejected"u8);
        for (var i = 0; i < Math.Min(refusals.Count, IngestLimits.ListedRefusals); i++)
        {
            Write(writer, refusals[i]);
        }

        writer.WriteEndArray();
        if (refusals.Count > IngestLimits.ListedRefusals)
        {
            writer.WriteNumber("rejectedCount"u8, refusals.Count);
        }

        if (stored is not null)
        {
            writer.WriteBoolean("dryRun"u8, true);
            writer.WriteStartArray("events"u8);
            for (var i = 0; i < stored.Count; i++)
            {
                writer.WriteRawValue(stored[i], skipInputValidation: true);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.Flush();
        return new Answer(200, buffer.WrittenMemory);
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.Headers.CacheControl = "no-store";
        if (retryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString();
        }

        if (contentType is null)
        {
            return Task.CompletedTask;
        }

        response.ContentType = contentType;
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
    }

    private static void Write(Utf8JsonWriter writer, Refusal refusal)
    {
        writer.WriteStartObject();
        writer.WriteNumber("index"u8, refusal.Index);
        if (refusal.MessageId is { } messageId)
        {
            writer.WriteString("messageId"u8, messageId);
        }

        writer.WriteString("reason"u8, refusal.Outcome.Name());
        if (refusal.Path.Length > 0)
        {
            writer.WriteString("path"u8, refusal.Path);
        }

        writer.WriteString("message"u8, refusal.Message);
        writer.WriteEndObject();
    }
}
