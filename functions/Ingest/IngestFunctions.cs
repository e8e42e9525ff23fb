using System.Buffers;
using LeadFunctions.Access;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Ingest.Reading;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Ingest;

/// <summary>The public front door: the Segment HTTP tracking API, the tracker's beacon and the pixel. Keys are write keys, checked in <see cref="Intake"/>.</summary>
public sealed class IngestFunctions(Intake intake, Sources sources)
{
    /// <summary><c>/v1/track</c> and its kin; <c>/v1/m</c> is where browser SDKs report on themselves, which nobody needs.</summary>
    [Function("IngestEvents")]
    public async Task<IResult> Events(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", "options", Route = "v1/{call}")] HttpRequest request,
        string call,
        CancellationToken cancellationToken) =>
        HttpMethods.IsOptions(request.Method) ? Preflight(request)
        : Call.Find(call) is { } known ? await intake.TakeAsync(request, known, cancellationToken)
        : Readable(request, call is "m" ? Answer.Ignored : Problems.NotFound("This call of the tracking API"));

    [Function("IngestBeacon")]
    public async Task<IResult> Beacon(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", "options", Route = "collect")] HttpRequest request,
        CancellationToken cancellationToken) =>
        HttpMethods.IsOptions(request.Method) ? Preflight(request) : await intake.TakeAsync(request, Call.Beacon, cancellationToken);

    [Function("IngestPixel")]
    public async Task<IResult> Pixel(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "options", Route = "p.gif")] HttpRequest request)
    {
        if (HttpMethods.IsOptions(request.Method))
        {
            return Preflight(request);
        }

        return AsImage(await TakeAsync(request, Call.Beacon, PixelEvent.ToJson(request)));
    }

    /// <summary>Where Snowplow's trackers post to.</summary>
    [Function("IngestSnowplow")]
    public async Task<IResult> Snowplow(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", "options", Route = "com.snowplowanalytics.snowplow/tp2")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        if (HttpMethods.IsOptions(request.Method))
        {
            return Preflight(request);
        }

        using var sent = await IngestBody.ReadAsync(request, cancellationToken);
        return sent.Outcome == Outcome.Accepted
            ? await TakeAsync(request, Call.Batch, SnowplowEvents.ToJson(sent.Json, IsAnonymous(request)))
            : await intake.TakeAsync(request, Call.Batch, sent);
    }

    /// <summary>Where they send one event in the query, as an image or by script.</summary>
    [Function("IngestSnowplowPixel")]
    public async Task<IResult> SnowplowPixel(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "options", Route = "i")] HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) ? Preflight(request) : AsImage(await TakeAsync(request, Call.Batch, SnowplowEvents.ToJson(request.Query, IsAnonymous(request))));

    /// <summary>analytics-next sends nothing before it has read this.</summary>
    [Function("IngestSettings")]
    public IResult Settings(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "options", Route = "v1/projects/{writeKey}/settings")] HttpRequest request,
        string writeKey)
    {
        if (HttpMethods.IsOptions(request.Method))
        {
            return Preflight(request);
        }

        var source = sources.FindByWriteKey(writeKey);
        if (source is null || IsForeign(request, source))
        {
            intake.TellRefused(request, source, source is null ? Outcome.UnknownSource : Outcome.OriginNotAllowed);
        }

        return Readable(request, source is null ? Problems.NotFound("A source with this write key") : BrowserSettings.For(request, writeKey), source);
    }

    private async Task<IResult> TakeAsync(HttpRequest request, Call call, byte[] json)
    {
        var rented = ArrayPool<byte>.Shared.Rent(json.Length);
        json.CopyTo(rented, 0);
        using var body = IngestBody.Decode(rented, json.Length, "");
        return await intake.TakeAsync(request, call, body);
    }

    private static Answer AsImage(IResult result) => result is ProblemResult refused
        ? Answer.Gif(refused.Problem.Status, refused.RetryAfterSeconds)
        : Answer.Gif(StatusCodes.Status200OK, null);

    // What Snowplow's trackers send for a visitor whom nothing is to be known by.
    private static bool IsAnonymous(HttpRequest request) => request.Headers.ContainsKey("SP-Anonymous");

    private static bool IsForeign(HttpRequest request, Source source) => request.Headers.Origin.ToString() is { Length: > 0 } origin && !Cors.Allows(source, origin);

    /// <summary>An answer that a page may read when its origin may send.</summary>
    private static IResult Readable(HttpRequest request, IResult answer, Source? source = null)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && (source is null || Cors.Allows(source, origin)))
        {
            Cors.Answer(request.HttpContext, origin);
        }

        return answer;
    }

    private Answer Preflight(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0)
        {
            var source = WriteKey.Find(request) is { } key ? sources.FindByWriteKey(key) : null;
            if (source is null || Cors.Allows(source, origin))
            {
                Cors.AnswerPreflight(request.HttpContext, origin);
            }
            else
            {
                intake.TellRefused(request, source, Outcome.OriginNotAllowed); // the browser sends nothing then
            }
        }

        return Answer.Nothing;
    }
}
