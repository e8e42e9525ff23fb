using System.Buffers;
using System.Text.Json;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Ingest.Reading;
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
    /// <param name="remarks">What was passed over in those that were taken.</param>
    /// <param name="stored">For a dry run: what would have been stored.</param>
    public static Answer Of(int accepted, IReadOnlyList<Refusal> refusals, IReadOnlyList<EventRemark> remarks, EventBuffer? stored = null)
    {
        if (accepted == 1 && refusals.Count == 0 && remarks.Count == 0 && stored is null)
        {
            return One;
        }

        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteBoolean("success"u8, true);
        writer.WriteNumber("accepted"u8, accepted);
        writer.WriteStartArray("rejected"u8);
        foreach (var refusal in refusals.Take(IngestLimits.ListedRefusals))
        {
            Write(writer, refusal.Index, refusal.MessageId, refusal.Outcome.Name(), refusal.Path, refusal.Message);
        }

        writer.WriteEndArray();
        if (refusals.Count > IngestLimits.ListedRefusals)
        {
            writer.WriteNumber("rejectedCount"u8, refusals.Count);
        }

        if (remarks.Count > 0)
        {
            writer.WriteStartArray("remarks"u8);
            foreach (var remark in remarks.Take(IngestLimits.ListedRefusals))
            {
                Write(writer, remark.Index, remark.MessageId, null, remark.Path, remark.Message);
            }

            writer.WriteEndArray();
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

    private static void Write(Utf8JsonWriter writer, int index, string? messageId, string? reason, string path, string message)
    {
        writer.WriteStartObject();
        writer.WriteNumber("index"u8, index);
        Write(writer, "messageId", messageId);
        Write(writer, "reason", reason);
        Write(writer, "path", path.Length > 0 ? path : null);
        Write(writer, "message", message);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }
}
