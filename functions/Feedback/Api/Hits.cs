using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Messaging;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Feedback.Api;

/// <summary>Judges who opened or clicked, and makes an event of it. Whoever clicked gets where they want to, also while storage is away: what could not be noted within a moment is lost, and counted.</summary>
public sealed class Hits(EventWriter events, MachineRanges ranges, IOptions<FeedbackOptions> options, TimeProvider time, ILogger<Hits> logger)
{
    private const int Remembered = 20_000;
    private const int MostAgent = 200;
    private const int MostUrl = 2_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    private readonly RecentCache<SendSeen> _seen = new(Remembered);
    private readonly RecentCache<bool> _noted = new(Remembered);
    private readonly Lock _gate = new();

    /// <returns>Whether it counts as a person's.</returns>
    internal async Task<bool> NoteAsync(LinkToken token, HttpRequest request)
    {
        var now = time.GetUtcNow();
        var hit = EventOf(token, Judge(token, request, now), options.Value.HumanFrom, request.Headers.UserAgent.ToString(), null, now);
        var isHuman = hit.Name is MessageEvents.Opened or MessageEvents.Clicked;
        if (_noted.TryFind(hit.Id, out _))
        {
            return isHuman; // it would count for nothing: whoever asks again and again shall not fill the queue
        }

        try
        {
            await events.EnqueueAsync([hit]).WaitAsync(Patience, TimeProvider.System);
            _noted.Keep(hit.Id, true);
        }
        catch (Exception exception) when (exception is EventsNotStoredException or TimeoutException)
        {
            logger.HitLost($"{token.Kind}");
        }

        return isHuman;
    }

    /// <param name="carrier">Who told it; null when it was seen here.</param>
    internal static LeadEvent EventOf(LinkToken token, Judgement judged, double humanFrom, string agent, string? carrier, DateTimeOffset now)
    {
        var isHuman = judged.Confidence >= humanFrom && token.Kind != LinkKind.Trap;
        var isOpen = token.Kind == LinkKind.Open;
        var name = (isOpen, isHuman) switch
        {
            (true, true) => MessageEvents.Opened,
            (true, false) => MessageEvents.OpenedByMachine,
            (false, true) => MessageEvents.Clicked,
            (false, false) => MessageEvents.ClickedByMachine,
        };
        return new()
        {
            // The same link again within a minute is one hit: a program that asks for the head first, a reader who clicks twice.
            Id = $"{(isOpen ? "open" : "click")}/{SendLinks.HashOf(token.SendId)}/{token.Link}/{now.ToUnixTimeSeconds() / 60}/{(isHuman ? "h" : "m")}",
            Type = EventType.Track,
            Name = name,
            At = now,
            LeadId = token.LeadId,
            Source = LeadEvent.Inside,
            IsHearsay = isHuman ? null : true, // a machine is no sign of a person's life
            Properties = JsonSerializer.SerializeToElement(
                new
                {
                    messageId = token.SendId,
                    token.Channel,
                    token.Topic,
                    url = token.Url is { } url ? EventText.Cut(url, MostUrl) : null,
                    link = isOpen ? (int?)null : token.Link,
                    judged.Confidence,
                    judged.Signals,
                    seconds = Math.Max(0, (long)(now - token.SentAt).TotalSeconds),
                    agent = agent.Length > 0 ? EventText.Cut(agent, MostAgent) : null,
                    carrier,
                },
                WebJson.Options),
        };
    }

    private Judgement Judge(LinkToken token, HttpRequest request, DateTimeOffset now)
    {
        var headers = request.Headers;
        lock (_gate)
        {
            var seen = (_seen.TryFind(token.SendId, out var before) ? before : SendSeen.Nothing).At(now);
            var judged = HumanConfidence.Of(new(
                token.Kind, now - token.SentAt, headers.UserAgent.ToString(), HttpMethods.IsHead(request.Method), IsPrefetch(headers), headers.AcceptLanguage.Count > 0, headers["Sec-Fetch-User"] == "?1",
                ranges.Include(WrongKeys.PeerOf(request)), seen, token.Link, token.Links));
            _seen.Keep(token.SendId, seen.With(token));
            return judged;
        }
    }

    private static bool IsPrefetch(IHeaderDictionary headers) =>
        new[] { "Purpose", "Sec-Purpose", "X-Purpose", "X-Moz" }.Any(name => headers[name].ToString() is { Length: > 0 } purpose
            && (purpose.Contains("prefetch", StringComparison.OrdinalIgnoreCase) || purpose.Contains("prerender", StringComparison.OrdinalIgnoreCase) || purpose.Contains("preview", StringComparison.OrdinalIgnoreCase)));
}
