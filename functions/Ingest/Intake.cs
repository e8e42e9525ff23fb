using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Ingest.Reading;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using LeadFunctions.Tail;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Ingest;

/// <summary>
/// A request from the outside, from its headers to the answer: authenticate the source, decode, check the origin and the rate,
/// take each event through <see cref="IngestSteps"/>, enqueue. What is answered with 200 is durable, or was refused for good.
/// </summary>
public sealed class Intake(Sources sources, EventWriter writer, RateLimits limits, IngestMetrics metrics, TailWriter tail, TimeProvider time)
{
    internal static readonly ProblemResult UnknownSource = new(new Problem(
        "/problems/unknown-source", "A valid write key is needed.", StatusCodes.Status401Unauthorized,
        "Give the write key of a source: as user name of Basic, as Bearer, as writeKey in the body, or as k in the query."));

    private static readonly ProblemResult TooMuchContext = new(new Problem(
        "/problems/too-large", "The batch is too large.", StatusCodes.Status413PayloadTooLarge,
        $"Its context counts in each of its events: together at most {IngestLimits.Repeated} bytes. Send fewer at once, or a smaller context."));

    internal async Task<IResult> TakeAsync(HttpRequest request, Call call, CancellationToken cancellationToken)
    {
        using var body = await IngestBody.ReadAsync(request, cancellationToken);
        return await TakeAsync(request, call, body);
    }

    /// <summary>What somebody who looks on hears of a request; null while nobody does.</summary>
    internal TailedRequest? Tailed(HttpRequest request, Source? source, DateTimeOffset now) => sources.AreWatched(now) ? new(tail, source, request, now) : null;

    /// <summary>Told of a request that brings no event, since its browser will send none.</summary>
    internal void TellRefused(HttpRequest request, Source? source, Outcome outcome) => Tailed(request, source, time.GetUtcNow())?.Refuse(outcome);

    /// <param name="body">Read, but maybe not readable.</param>
    internal async Task<IResult> TakeAsync(HttpRequest request, Call call, IngestBody body)
    {
        var now = time.GetUtcNow();
        var source = (WriteKey.Find(request) ?? WriteKey.Find(body.Json)) is { } key ? sources.FindByWriteKey(key) : null;

        var tailed = Tailed(request, source, now);
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0)
        {
            if (source is not null && !Cors.Allows(source, origin))
            {
                metrics.Count(Outcome.OriginNotAllowed, source.Id);
                tailed?.Refuse(Outcome.OriginNotAllowed);
                return Problems.Forbidden($"The source {source.Name} does not take events from this origin.");
            }

            Cors.Answer(request.HttpContext, origin);
        }

        if (body.Outcome != Outcome.Accepted)
        {
            metrics.Count(body.Outcome, source?.Id);
            tailed?.Refuse(body.Outcome, body.Reason);
            return body.Outcome == Outcome.TooLarge ? Problems.TooLarge(IngestLimits.Body) : Problems.BadRequest("unreadable-body", "The body cannot be read.", body.Reason);
        }

        if (source is null)
        {
            metrics.Count(Outcome.UnknownSource, null);
            tailed?.Refuse(Outcome.UnknownSource);
            return UnknownSource;
        }

        if (!TryReadDryRun(request.Query, out var isDryRun))
        {
            return Problems.Invalid("dryRun", "This is neither yes nor no.", "true or false");
        }

        var batch = Batch(body.Json, call);
        var events = batch.ValueKind == JsonValueKind.Array ? batch.GetArrayLength() : 1;
        if ((long)events * BatchContext.Length(BatchContext.Find(body.Json)) > IngestLimits.Repeated && events > 1)
        {
            metrics.Count(Outcome.TooLarge, source.Id, events);
            tailed?.Refuse(Outcome.TooLarge, events: events);
            return TooMuchContext;
        }

        if (!limits.TryTake(source, 1, time.GetElapsedTime(0), out var retryAfter))
        {
            metrics.Count(Outcome.RateLimited, source.Id, events);
            tailed?.Refuse(Outcome.RateLimited, events: events);
            return Problems.TooManyRequests(Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds)));
        }

        var facts = Facts(request, call, body.Json, source, now);
        var buffer = EventBuffer.Rent();
        try
        {
            var remarks = new List<EventRemark>();
            var refusals = Normalise(body.Json, batch, facts, buffer, remarks, isDryRun ? null : tailed);
            if (isDryRun)
            {
                return Answer.Of(buffer.Count, refusals, remarks, buffer);
            }

            if (!await writer.TryWriteAsync(buffer, now))
            {
                metrics.Count(Outcome.NotStored, source.Id, buffer.Count);
                tailed?.Refuse(Outcome.NotStored, events: buffer.Count);
                return Problems.Unavailable(retryAfterSeconds: 2);
            }

            tailed?.Tell();
            limits.Take(source, buffer.Count - 1);
            metrics.Count(Outcome.Accepted, source.Id, buffer.Count);
            foreach (var refusal in refusals)
            {
                metrics.Count(refusal.Outcome, source.Id);
            }

            return batch.ValueKind != JsonValueKind.Array && refusals is [var only] && only.Outcome.Status() != StatusCodes.Status200OK
                ? OneRefused(only)
                : Answer.Of(buffer.Count, refusals, remarks);
        }
        finally
        {
            buffer.Return();
        }
    }

    /// <summary>The steps for each event, and what is left of them into <paramref name="buffer"/>.</summary>
    /// <param name="remarks">What was passed over in those that are left is added here.</param>
    /// <param name="tailed">Is told of each.</param>
    internal static IReadOnlyList<Refusal> Normalise(JsonElement body, JsonElement batch, RequestFacts facts, EventBuffer buffer, List<EventRemark>? remarks = null, TailedRequest? tailed = null)
    {
        List<Refusal>? refusals = null;
        HashSet<string>? seen = batch.ValueKind == JsonValueKind.Array && batch.GetArrayLength() > 1 ? new(StringComparer.Ordinal) : null;
        var draft = new EventDraft();
        var index = 0;
        if (batch.ValueKind != JsonValueKind.Array)
        {
            Add(body);
        }
        else
        {
            var context = BatchContext.Find(body);
            foreach (var item in batch.EnumerateArray())
            {
                Add(item, context);
                index++;
            }
        }

        return (IReadOnlyList<Refusal>?)refusals ?? [];

        void Add(JsonElement json, JsonElement batchContext = default)
        {
            draft.Read(index, json, batchContext);
            var outcome = IngestSteps.Apply(draft, facts);
            if (outcome == Outcome.Accepted && seen?.Add(draft.Id) == false)
            {
                outcome = draft.Refuse(Outcome.Duplicate, "messageId", "The batch holds an event with this id already.");
            }

            if (outcome == Outcome.Accepted && !TryAdd(draft.ToLeadEvent(facts.Source), buffer, tailed))
            {
                outcome = draft.Refuse(Outcome.TooLarge, "", "The event is too large for the queue.");
            }

            if (outcome == Outcome.Accepted)
            {
                if (draft.Remarks is { } passedOver)
                {
                    remarks?.AddRange(passedOver.Select(remark => new EventRemark(index, draft.Id, remark.Path, remark.Message)));
                }
            }
            else
            {
                var id = draft.MessageId.ValueKind == JsonValueKind.String && draft.MessageId.GetString() is { Length: <= IngestLimits.MessageId } known ? known : null;
                var refusal = new Refusal(index, id, outcome, draft.RefusedPath, draft.RefusedMessage);
                (refusals ??= []).Add(refusal);
                tailed?.Refuse(refusal, Text(draft.TypeField) ?? facts.Type?.ToString().ToLowerInvariant(), Text(draft.Event));
            }
        }
    }

    internal static bool TryAdd(LeadEvent e, EventBuffer buffer, TailedRequest? tailed)
    {
        if (tailed?.Mark(e) is not { } id)
        {
            return buffer.TryAdd(e);
        }

        if (buffer.TryAdd(e with { TailId = id }))
        {
            return true;
        }

        // The mark may be what was too much: whoever looks on is to cost nobody an event.
        tailed.Unmark(id);
        return buffer.TryAdd(e);
    }

    private static string? Text(JsonElement field) => field.ValueKind == JsonValueKind.String ? field.GetString() : null;

    // Whoever asks for a dry run in a way that is not understood must not find the events stored.
    private static bool TryReadDryRun(IQueryCollection query, out bool isDryRun)
    {
        isDryRun = query.TryGetValue("dryRun", out var text) && text is [null or "" or "1" or "true" or "True"];
        return isDryRun || text.Count == 0 || text is ["0" or "false" or "False"];
    }

    /// <summary>The array of events, or undefined when the body is one event.</summary>
    private static JsonElement Batch(JsonElement body, Call call) => !call.MayBeBatch ? default
        : body.ValueKind == JsonValueKind.Array ? body
        : body.ValueKind == JsonValueKind.Object && body.TryGetProperty("batch"u8, out var batch) && batch.ValueKind == JsonValueKind.Array ? batch
        : default;

    private static RequestFacts Facts(HttpRequest request, Call call, JsonElement body, Source source, DateTimeOffset now)
    {
        var headers = request.Headers;
        return new RequestFacts(
            source,
            Guid.CreateVersion7(now),
            now,
            call.Type,
            FromBrowser: call.FromBrowser || headers.Origin.Count > 0 || headers.Referer.Count > 0,
            SignalsOptOut: headers["Sec-GPC"] == "1" || headers["DNT"] == "1",
            UserAgent: headers.UserAgent).WithSentAt(body.ValueKind == JsonValueKind.Object && body.TryGetProperty("sentAt"u8, out var sentAt) ? sentAt : default);
    }

    private static ProblemResult OneRefused(Refusal refusal) => refusal.Outcome == Outcome.TooLarge
        ? Problems.TooLarge(IngestLimits.Event)
        : Problems.Invalid([new FieldError(refusal.Path.Length > 0 ? $"$.{refusal.Path}" : "$", refusal.Message)], "invalid-event", "The event is not valid.");
}
