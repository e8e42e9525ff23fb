using LeadFunctions.Access;
using LeadFunctions.Ingest;
using LeadFunctions.OnSite.Stored;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.OnSite.Api;

/// <summary>What pages ask: which content their slots show.</summary>
public sealed class PublicContentFunctions(Sources sources, ContentStore contents, Visitors visitors, RateLimits limits, TimeProvider time)
{
    private const int MostSlots = 20;
    private const int MostHidden = 200;
    private const int LongestAddress = 4_000;

    private static readonly BrowserScript Script = new("onsite", "lf-content.js");

    /// <summary>The visitor is never told who is known: whoever knows a browser's id learns what its owner would be shown.</summary>
    [Function(nameof(ShowContent))]
    public async Task<IResult> ShowContent([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "v1/content")] HttpRequest request, CancellationToken cancellationToken)
    {
        // It depends on who asks, and on the hour: no copy may be kept anywhere.
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        var source = WriteKey.Find(request) is { } key ? sources.FindByWriteKey(key) : null;
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && (source is null || Cors.Allows(source, origin)))
        {
            Cors.Answer(request.HttpContext, origin);
        }

        if (source is null)
        {
            return Intake.UnknownSource;
        }

        if (origin.Length > 0 && !Cors.Allows(source, origin))
        {
            return Problems.Forbidden($"The source {source.Name} is not for this origin.");
        }

        if (!limits.TryTake(source, 1, time.GetElapsedTime(0), out var retryAfter))
        {
            return Problems.TooManyRequests(Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds)));
        }

        var query = request.Query;
        var slots = query["slot"].OfType<string>().Distinct().ToList();
        var (url, hidden) = (query["url"].ToString(), query["hidden"].ToString().Split(',', MostHidden + 1).ToHashSet());
        Uri? page = null;
        FieldError[] errors =
        [
            .. slots.Count is 0 or > MostSlots || !slots.TrueForAll(ContentSlot.IsOne) ? [new FieldError("slot", "These are no slots.", $"1 to {MostSlots} of 1 to 64 characters a-z, 0-9, - and _: slot=hero&slot=popup")] : (FieldError[])[],
            .. url.Length > 0 && (url.Length > LongestAddress || !Uri.TryCreate(url, UriKind.Absolute, out page) || page.Scheme is not ("http" or "https")) ? [new FieldError("url", "This is no page.", $"its address, of at most {LongestAddress} characters")] : (FieldError[])[],
            .. hidden.Count > MostHidden ? [new FieldError("hidden", "These are too many.", $"at most {MostHidden} ids of contents, with commas between")] : (FieldError[])[],
        ];
        if (errors.Length > 0)
        {
            return Problems.Invalid(errors);
        }

        var now = time.GetUtcNow();
        var visit = await visitors.LookAsync(request, source, query["anonymousId"].ToString() is { Length: > 0 } id ? id : null, page, hidden, now, cancellationToken);
        var languages = Languages(request, query["lang"].ToString()).ToList();
        return WebJson.Ok(new SlotsAnswer([.. slots.Select(slot => ContentChoice.For(slot, contents.Live, visit, now)).OfType<Content>().Select(content => Answer(content, languages))]));
    }

    [Function(nameof(GetContentScript))]
    public IResult GetContentScript([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "lf-content.js")] HttpRequest request) => Script.Answer(request);

    private static SlotAnswer Answer(Content content, IReadOnlyList<string> languages)
    {
        var (locale, words) = content.Document.In(languages);
        return new(
            content.Document.Slot, content.Id, content.Version, content.Document.Kind, locale, words.Title, content.Shown[locale], words.Close ?? CloseWords.In(locale), content.Document.AfterSeconds,
            [.. content.Document.Caps.Select(cap => new SlotCap(cap.Max, (long)cap.Per.Length.TotalSeconds))], (long)content.Document.DismissedFor.Length.TotalSeconds);
    }

    /// <param name="asked">What the page is in.</param>
    private static IEnumerable<string> Languages(HttpRequest request, string asked) =>
        [.. asked.Length is > 0 and < 20 ? (string[])[asked] : [], .. request.GetTypedHeaders().AcceptLanguage.OrderByDescending(language => language.Quality ?? 1).Select(language => language.Value.ToString())];
}
