using System.Security.Cryptography;
using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Conditions;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Ingest.Reading;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Messaging;
using LeadFunctions.Platform.Http;
using LeadFunctions.Platform.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Feedback.Api;

/// <summary>
/// Tells by a click in a message whose browser it is, where the settings want that: the page that it leads to, if it is one of ours, gets a mark on its address that the tracker takes off again and brings back with its
/// anonymous id. What comes of it is an event of both names, and who is who is decided as for any other: a browser that is somebody else's stays theirs.
/// </summary>
public sealed class BrowserLinks(FeedbackKeys keys, SentIndex index, LeadReader leads, EventWriter events, IOptions<FeedbackOptions> options, TimeProvider time)
{
    /// <summary>Long enough for a slow page; too short for an address that is passed on.</summary>
    internal static readonly TimeSpan Holds = TimeSpan.FromMinutes(10);

    // In the part of an address that no server sees, and no referrer tells.
    private const string Mark = "#lf_t=";

    private readonly string[] _sites = Sites(options.Value.LinkBrowsers);

    internal static bool AreRight(string sites) => Sites(sites).All(OriginPattern.IsOne);

    /// <summary>The address, with the mark where it leads to one of the sites and has no such part itself. Whoever clicked gets there also while storage is away.</summary>
    internal async Task<string> MarkAsync(string url, LinkToken clicked, CancellationToken cancellationToken)
    {
        if (_sites.Length == 0 || url.Contains('#', StringComparison.Ordinal) || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || !Array.Exists(_sites, site => OriginPattern.Matches(site, uri.GetLeftPart(UriPartial.Authority))))
        {
            return url;
        }

        // Of two clicks within a second each has a mark of its own.
        var mark = new LinkToken(LinkKind.Browser, clicked.LeadId, clicked.SendId, time.GetUtcNow(), clicked.Channel, Link: RandomNumberGenerator.GetInt32(int.MaxValue));
        try
        {
            return $"{url}{Mark}{TokenCodec.Write(mark, await keys.SigningAsync(cancellationToken))}";
        }
        catch (Exception outage) when (StorageOutage.Is(outage))
        {
            return url;
        }
    }

    /// <param name="token">As it was brought back.</param>
    internal async Task LinkAsync(string token, LinkToken mark, HttpRequest request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_sites.Length == 0 || now - mark.SentAt > Holds || request.Headers["Sec-GPC"] == "1" || request.Headers["DNT"] == "1"
            || request.Query["a"].ToString() is not { Length: > 0 and <= IngestLimits.Text } anonymousId || Nobody.Is(anonymousId, Source.Default) || anonymousId.Any(char.IsControl)
            || await leads.FindAsync(mark.LeadId, cancellationToken) is not { Whole: { IsKnown: true } lead } || TopicConsent.Refuse(ConsentEvents.Tracking, "site", lead) is not null
            || !await index.TryUseAsync(token, new(mark.SendId, mark.LeadId, mark.SentAt, mark.Channel), StableHash.Text(anonymousId), cancellationToken))
        {
            return;
        }

        await events.EnqueueAsync([Linked(mark, anonymousId, lead.UserId, lead.Email, now)]);
    }

    /// <summary>Once for a message and a browser.</summary>
    internal static LeadEvent Linked(LinkToken mark, string anonymousId, string? userId, string? email, DateTimeOffset now) => new()
    {
        Id = $"browser/{SendLinks.HashOf(mark.SendId)}/{StableHash.Text(anonymousId)}",
        Type = EventType.Track,
        Name = MessageEvents.BrowserLinked,
        At = now,
        AnonymousId = anonymousId,
        UserId = userId,
        Email = userId is null ? email : null,
        Source = LeadEvent.Inside,
        Properties = JsonSerializer.SerializeToElement(new { messageId = mark.SendId, mark.Channel }, WebJson.Options),
    };

    private static string[] Sites(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
