using System.Text.RegularExpressions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Interests;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Messaging.Sending;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Messaging.Campaigns;

/// <summary>
/// Finds a campaign's recipients, then sends to them page by page. What is done stands in the campaign's row and the page's, which change together: whoever is killed before that goes through the
/// page once more, and finds at each lead what became of its message.
/// </summary>
public sealed partial class CampaignWork(CampaignsTable table, CampaignRuns runs, CampaignNeeds needs, Post post, LeadScan everybody, LeadPipeline leads, RulesInEffect rules, TimeProvider time, ILogger<CampaignWork> logger)
{
    internal const int PageSize = 100;

    private const int LookedAtOnce = 2_000;
    private const int SentAtOnce = 32;
    private const int MostTries = 12;
    private const int MostReasons = 20;

    /// <summary>So many have to have been tried before too many of them can have failed.</summary>
    private const int FewTried = 20;

    private const double MostFailing = 0.05;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestPage = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromHours(1);

    /// <summary>Goes on for some seconds. True when nothing can be done just now.</summary>
    internal async Task<bool> AdvanceAsync(DurableTaskClient client, string id, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        do
        {
            if (await table.FindAsync(id, cancellationToken) is not { State.IsUnderWay: true } stored)
            {
                return true;
            }

            var (next, pages) = await FaultOfAsync(stored.State, cancellationToken) is { } fault ? (stored.State with { Status = CampaignStatus.Paused, PausedSince = fault }, [])
                : stored.State.Status == CampaignStatus.Collecting ? await CollectAsync(stored.State, cancellationToken)
                : await SendAsync(stored.State, cancellationToken);
            next = next with { SavedAt = TimeProvider.System.GetUtcNow() };
            if (next is { Status: CampaignStatus.Waiting, Until: { } until })
            {
                await runs.ScheduleAsync(client, next, until, cancellationToken); // before it is said: whoever dies in between goes through this again
            }

            if (await table.TrySaveAsync(stored, next, pages, cancellationToken) && !next.IsUnderWay)
            {
                if (next.Status == CampaignStatus.Waiting && next.Until <= time.GetUtcNow())
                {
                    await runs.ScheduleAsync(client, next, time.GetUtcNow(), cancellationToken); // it may have been looked for before it was said
                }

                logger.CampaignStopped(next.Id, next.Status, next.Counts.Sent, next.Counts.Skipped, next.Counts.Failed + next.Counts.Bounced);
                return true;
            }
        }
        while (time.GetElapsedTime(began) < Patience);

        return false;
    }

    /// <summary>Why it cannot go on as things are: what it names may have gone since it was made.</summary>
    private async Task<string?> FaultOfAsync(CampaignState campaign, CancellationToken cancellationToken) => campaign is { Status: CampaignStatus.Collecting, After: null }
        ? (await needs.FaultsAsync(campaign.Document, cancellationToken)).FirstOrDefault()?.Message
        : await needs.MissingTemplateAsync(campaign.Document, cancellationToken);

    /// <summary>The next of those that are named, in full pages: not more than go into one transaction. With the last of them, unless all are found.</summary>
    internal static (IReadOnlyList<string> Leads, string? After) NextOf(IReadOnlyList<string> ids, int pages)
    {
        List<string> some = [.. ids.Skip(pages * PageSize).Take(LookedAtOnce)];
        return (some, (pages * PageSize) + some.Count < ids.Count ? some[^1] : null);
    }

    /// <summary>Some more of the leads, looked at in an order that stays: the same ones again after a crash.</summary>
    private async Task<(CampaignState, IReadOnlyList<RecipientPage>)> CollectAsync(CampaignState campaign, CancellationToken cancellationToken)
    {
        var found = new List<Recipient>();
        string? last = null;
        if (campaign.Document.LeadIds is { } ids)
        {
            (var some, last) = NextOf(ids, campaign.Pages);
            found.AddRange(some.Select(lead => new Recipient(lead)));
        }
        else
        {
            var (known, looked) = (rules.Current, 0);
            await foreach (var lead in everybody.ReadAsync(campaign.After, new([], InterestRules.None), cancellationToken))
            {
                (last, looked) = (lead.Id, looked + 1);
                if (lead.SegmentNames(known.Segments).Contains(campaign.Document.Segment!)) // one of the two is set
                {
                    found.Add(new(lead.Id));
                }

                if (looked == LookedAtOnce)
                {
                    break;
                }
            }

            last = looked == LookedAtOnce ? last : null;
        }

        List<RecipientPage> pages = [.. found.Chunk(PageSize).Select((some, i) => new RecipientPage(campaign.Pages + i, some))];
        return (campaign with
        {
            After = last,
            Pages = campaign.Pages + pages.Count,
            Recipients = campaign.Recipients + found.Count,
            Status = last is null ? CampaignStatus.Sending : CampaignStatus.Collecting,
        }, pages);
    }

    private async Task<(CampaignState, IReadOnlyList<RecipientPage>)> SendAsync(CampaignState campaign, CancellationToken cancellationToken)
    {
        if (await table.FindOpenAsync(campaign.Id, campaign.Next, campaign.Pages, cancellationToken) is not { } page)
        {
            return (await EndRoundAsync(campaign, cancellationToken), []);
        }

        var recipients = page.Recipients.ToArray();
        var said = new SendResult?[recipients.Length];
        var (now, began, isCut) = (time.GetUtcNow(), TimeProvider.System.GetTimestamp(), false);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, recipients.Length).Where(i => recipients[i].S == RecipientState.Open && !(recipients[i].U > now.ToUnixTimeMilliseconds()) && VariantOf(campaign, recipients[i].L) is not null),
            new ParallelOptions { MaxDegreeOfParallelism = post.IsSlow(campaign.Document.Channel) ? 1 : SentAtOnce, CancellationToken = cancellationToken },
            async (i, token) =>
            {
                // Where few go out in a minute a page would take longer than a function may: what is done of it has to be written down.
                if (TimeProvider.System.GetElapsedTime(began) > LongestPage)
                {
                    isCut = true;
                    return;
                }

                said[i] = await SendAsync(campaign, recipients[i], token);
                recipients[i] = After(recipients[i], said[i]!, time.GetUtcNow()); // just set
            });

        var (counts, reasons) = (campaign.Counts, new Dictionary<string, int>(campaign.Reasons));
        for (var i = 0; i < said.Length; i++)
        {
            counts += CountOf(said[i]);
            if (ReasonOf(said[i]) is { } words)
            {
                var reason = OfNobody(words);
                reason = reasons.ContainsKey(reason) || reasons.Count < MostReasons ? reason : "other";
                reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
                recipients[i] = recipients[i] with { R = reason };
            }
        }

        counts = counts with { Returned = await table.CountReturnedAsync(campaign.Id, cancellationToken) };
        var held = recipients.Where(recipient => recipient is { S: RecipientState.Open, U: not null }).Min(recipient => recipient.U);
        var until = held is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : (DateTimeOffset?)null;
        var next = campaign with { Counts = counts, Reasons = reasons, Next = isCut ? page.Number : page.Number + 1, Until = campaign.Until is null || until < campaign.Until ? until ?? campaign.Until : campaign.Until };
        if (TooManyFail(counts - campaign.Forgiven) is { } why)
        {
            next = next with { Status = CampaignStatus.Paused, PausedSince = why };
        }

        return (next, [page with { Recipients = recipients }]);
    }

    /// <param name="tried">Since somebody said last to go on.</param>
    internal static string? TooManyFail(CampaignCounts tried) => tried.Failed + tried.Bounced + tried.Returned is var failed && tried.Tried >= FewTried && failed > MostFailing * tried.Tried
        ? $"{failed} of {tried.Tried} messages failed{(tried.Returned > 0 ? ", came back or were called spam" : "")}: more than 5 %."
        : null;

    /// <summary>All pages were gone through: what is left waits, or a test is decided, or it is over.</summary>
    private async Task<CampaignState> EndRoundAsync(CampaignState campaign, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var until = campaign.Until;
        if (campaign.IsTesting)
        {
            campaign = campaign with { TestEnds = campaign.TestEnds ?? now + (Duration.TryParse(campaign.Document.Test!.For, out var length) ? length.Length : default) }; // it was read
            if (campaign.TestEnds <= now)
            {
                return await DecideAsync(campaign with { Next = 0, Until = null }, cancellationToken);
            }

            until = until < campaign.TestEnds ? until : campaign.TestEnds;
        }

        return until is null ? campaign with { Status = CampaignStatus.Done, EndedAt = now, PausedSince = campaign.Recipients == 0 ? "Nobody was in it when it began." : null }
            : until <= now ? campaign with { Next = 0, Until = null }
            : campaign with { Status = CampaignStatus.Waiting, Until = until };
    }

    /// <summary>By what people did who got a variant: everybody else gets the better one.</summary>
    private async Task<CampaignState> DecideAsync(CampaignState campaign, CancellationToken cancellationToken)
    {
        var test = campaign.Document.Test!; // who asks has seen it
        var (sent, answered) = (new Dictionary<string, int>(), new Dictionary<string, int>());
        await foreach (var page in table.PagesAsync(campaign.Id, 0, campaign.Pages, cancellationToken))
        {
            foreach (var recipient in page.Recipients.Where(recipient => recipient.S is RecipientState.Sent or RecipientState.Unconfirmed))
            {
                var variant = VariantOf(campaign, recipient.L)!.Name; // else it would not have been sent
                sent[variant] = sent.GetValueOrDefault(variant) + 1;
                var message = (await leads.FindAsync(recipient.L, cancellationToken))?.Messages?.Find(SendIdOf(campaign.Id, recipient.L));
                answered[variant] = answered.GetValueOrDefault(variant) + ((test.Winner == "clicks" ? message?.ClickedAt : message?.OpenedAt ?? message?.ClickedAt) is null ? 0 : 1);
            }
        }

        List<VariantOutcome> outcome = [.. test.Variants.Select(variant => new VariantOutcome(variant.Name, sent.GetValueOrDefault(variant.Name), answered.GetValueOrDefault(variant.Name)))];
        return campaign with { Outcome = outcome, Winner = WinnerOf(outcome).Name };
    }

    /// <summary>The one that the greatest share of those who got it answered; of several alike the first.</summary>
    internal static VariantOutcome WinnerOf(IReadOnlyList<VariantOutcome> outcome) => outcome.MaxBy(one => one.Sent == 0 ? 0 : (double)one.Answered / one.Sent)!; // a test has two at least

    /// <summary>What a lead gets: null as long as that is not decided.</summary>
    internal static CampaignVariant? VariantOf(CampaignState campaign, string leadId)
    {
        if (campaign.Document.Test is not { } test)
        {
            return new("", campaign.Document.Template);
        }

        if (StableHash.Fraction(campaign.Id, leadId, "share") * 100 < test.Share)
        {
            return test.Variants[(int)(StableHash.Fraction(campaign.Id, leadId, "variant") * test.Variants.Count)];
        }

        return test.Variants.FirstOrDefault(variant => variant.Name == campaign.Winner);
    }

    internal static string SendIdOf(string campaign, string leadId) => $"campaign/{campaign}/{leadId}";

    /// <summary>The campaign that a message is of; null when it is of none.</summary>
    internal static string? CampaignOf(string sendId) => sendId.Split('/') is ["campaign", var campaign, _] ? campaign : null;

    private async Task<SendResult> SendAsync(CampaignState campaign, Recipient recipient, CancellationToken cancellationToken)
    {
        var (document, variant) = (campaign.Document, VariantOf(campaign, recipient.L)!); // who asks has seen it
        var request = new SendRequest(
            SendIdOf(campaign.Id, recipient.L), recipient.L, document.Channel, variant.Template, document.Topic, campaign.At, document.Priority, Campaign: campaign.Id);
        try
        {
            return await post.SendAsync(request, document.Data, variant.Subject, cancellationToken);
        }
        catch (SendDeferredException deferred)
        {
            // Without a time nobody has told the carrier's word, or it has been asked for days.
            var again = time.GetUtcNow() + TimeSpan.FromTicks(Math.Min(LongestRetry.Ticks, FirstRetry.Ticks << Math.Min(recipient.T, 10)));
            return deferred.Until is not null || recipient.T + 1 < MostTries ? new SendResult.Held(deferred.Until > again ? deferred.Until.Value : again, deferred.Message, ByCarrier: deferred.Until is null) : new SendResult.Failed(deferred.Message);
        }
    }

    internal static Recipient After(Recipient before, SendResult result, DateTimeOffset now) => result switch
    {
        SendResult.Sent { Remark: not null } => before with { S = RecipientState.Unconfirmed, U = null },
        SendResult.Sent => before with { S = RecipientState.Sent, U = null },
        SendResult.Skipped => before with { S = RecipientState.Skipped, U = null },
        SendResult.Bounced => before with { S = RecipientState.Bounced, U = null },
        SendResult.Failed => before with { S = RecipientState.Failed, U = null },
        SendResult.Held held => before with { U = Math.Max(held.Until.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds() + 1), T = before.T + (held.ByCarrier ? 1 : 0) },
        _ => throw new InvalidOperationException($"Nothing says what {result} means for a recipient."),
    };

    private static CampaignCounts CountOf(SendResult? result) => result switch
    {
        SendResult.Sent { Remark: not null } => new(Unconfirmed: 1),
        SendResult.Sent => new(Sent: 1),
        SendResult.Skipped => new(Skipped: 1),
        SendResult.Bounced => new(Bounced: 1),
        SendResult.Failed => new(Failed: 1),
        _ => new(),
    };

    /// <summary>Reasons are counted, and kept beside people: what a carrier says without the address that it names.</summary>
    internal static string OfNobody(string reason) => AddressOrNumber().Replace(reason, "…");

    [GeneratedRegex("""[^\s<>"',;:()]*@[^\s<>"',;:()]*|\+?\d[\d ()/-]{6,}\d""")]
    private static partial Regex AddressOrNumber();

    private static string? ReasonOf(SendResult? result) => result switch
    {
        SendResult.Skipped skipped => skipped.Reason,
        SendResult.Bounced bounced => bounced.Reason,
        SendResult.Failed failed => failed.Reason,
        _ => null,
    };
}
