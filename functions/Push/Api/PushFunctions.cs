using LeadFunctions.Access;
using LeadFunctions.Ingest;
using LeadFunctions.Platform.Http;
using LeadFunctions.Push.Delivery;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Push.Api;

/// <summary>What pages need to ask a visitor whether they may be told things in the browser.</summary>
public sealed class PushFunctions(Sources sources, PushOptions options)
{
    private static readonly BrowserScript Script = new("push", "lf-push.js");
    private static readonly BrowserScript Worker = new("push", "lf-sw.js");

    /// <summary>The public key, by which a browser's push service knows who may send to it.</summary>
    [Function(nameof(GetPushKey))]
    public IResult GetPushKey([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "v1/push")] HttpRequest request)
    {
        var source = WriteKey.Find(request) is { } key ? sources.FindByWriteKey(key) : null;
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && (source is null || Cors.Allows(source, origin)))
        {
            Cors.Answer(request.HttpContext, origin);
        }

        return source is null ? Intake.UnknownSource
            : origin.Length > 0 && !Cors.Allows(source, origin) ? Problems.Forbidden($"The source {source.Name} is not for this origin.")
            : options.AreSet ? WebJson.Ok(new PushKey(options.PublicKey))
            : Problems.NotFound("The channel webpush");
    }

    [Function(nameof(GetPushScript))]
    public IResult GetPushScript([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "lf-push.js")] HttpRequest request) => Script.Answer(request);

    /// <summary>Browsers take a service worker from the page's own site only: that has a file of one line, which imports this one.</summary>
    [Function(nameof(GetPushWorker))]
    public IResult GetPushWorker([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "lf-sw.js")] HttpRequest request) => Worker.Answer(request);

    internal sealed record PushKey(string Key);
}
