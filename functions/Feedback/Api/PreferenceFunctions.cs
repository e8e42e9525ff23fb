using LeadFunctions.Conditions;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Feedback.Preferences;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Feedback.Api;

/// <summary>
/// Where readers choose what they get. A GET only shows: programs follow every link of a mail. A POST acts, be it the page's form or a mail program's one click (RFC 8058). Public: whoever has the message may choose for its reader.
/// </summary>
public sealed class PreferenceFunctions(FeedbackKeys keys, LeadReader leads, PartedReaders parted, TopicsStore topics, Suppressions suppressions, EventWriter events, TimeProvider time)
{
    private const int MostBody = 32 * 1024;
    private const int MostValues = 200;

    [Function(nameof(ShowPreferences))]
    public async Task<IResult> ShowPreferences(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "e/u/{token}")] HttpRequest request, string token, CancellationToken cancellationToken)
    {
        var (link, lead, language, missing) = await FindAsync(request, token, cancellationToken);
        if (link is null || lead is null)
        {
            return missing!; // one of the two is always set
        }

        var standing = Standing.Of(lead.Whole, link.Channel, link.Topic, topics.Current, time.GetUtcNow());
        return new HtmlPage(PreferencePage.Show(standing, language, link.Topic, link.Kind == LinkKind.Unsubscribe));
    }

    [Function(nameof(ChoosePreferences))]
    public async Task<IResult> ChoosePreferences(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "e/u/{token}")] HttpRequest request, string token, CancellationToken cancellationToken)
    {
        var (link, lead, language, missing) = await FindAsync(request, token, cancellationToken);
        if (link is null || lead is null)
        {
            return missing!; // one of the two is always set
        }

        var now = time.GetUtcNow();
        var standing = Standing.Of(lead.Whole, link.Channel, link.Topic, topics.Current, now);
        var asksFirst = link.Kind == LinkKind.Unsubscribe;
        if (await ReadAsync(request, cancellationToken) is not { } choice)
        {
            return new HtmlPage(PreferencePage.Show(standing, language, link.Topic, asksFirst, PageNews.NotUnderstood), StatusCodes.Status400BadRequest);
        }

        var facts = (ILeadFacts)lead.Whole;
        var change = Change.Of(choice, standing, [.. facts.Answers], link.Channel, link.Topic, now);
        await CarryOutAsync(change, choice.IsOneClick ? LeadEvent.OneClick : LeadEvent.PreferencePage, link with { LeadId = lead.Id }, lead, now, cancellationToken);
        var news = choice.Wish switch
        {
            Wish.Save => PageNews.Saved,
            Wish.Unsubscribe when link.Topic is not null => PageNews.Unsubscribed,
            _ => PageNews.UnsubscribedAll,
        };
        return new HtmlPage(PreferencePage.Show(change.After, language, link.Topic, asksFirst, news, link.Topic is { } topic ? PreferencePage.NameOf(standing, topic, language) : null));
    }

    /// <summary>The address first: an answer that is not given is asked for again, and both may be done twice.</summary>
    private async Task CarryOutAsync(Change change, string source, LinkToken link, LeadState lead, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var others = change.Answers.Values.Contains(false) ? await parted.OfAsync(lead, link.SentAt, cancellationToken) : [];
        if (link.Channel == "email")
        {
            foreach (var address in change.EndsAll ? others.Prepend(lead).Select(one => one.Whole.Email).OfType<string>().Distinct() : [])
            {
                await suppressions.AddAsync(address, SuppressionReason.Unsubscribed, cancellationToken);
            }

            if (!change.EndsAll && change.IsOn && lead.Whole.Email is { } own)
            {
                await suppressions.TakeBackAsync(own, cancellationToken);
            }
        }

        var id = Guid.CreateVersion7(now).ToString("N");
        await events.EnqueueAsync([.. PreferenceEvents.Of(change, link, id, source, now), .. others.Select(other => PreferenceEvents.Refused(change, link with { LeadId = other.Id }, id, source, now))]);
    }

    private async Task<(LinkToken? Link, LeadState? Lead, string Language, IResult? Missing)> FindAsync(HttpRequest request, string token, CancellationToken cancellationToken)
    {
        var read = await keys.ReadAsync(token, cancellationToken);
        string? asked = request.Query["lang"];
        if (read.Token is not { Kind: LinkKind.Unsubscribe or LinkKind.Preferences } link)
        {
            return (null, null, "", Missing(Languages.Of(asked, request.Headers.AcceptLanguage, null), read.Fault == TokenFault.Expired));
        }

        var lead = await leads.FindAsync(link.LeadId, cancellationToken);
        var language = Languages.Of(asked, request.Headers.AcceptLanguage, lead is null ? null : ((ILeadFacts)lead.Whole).Trait("locale").Text ?? ((ILeadFacts)lead.Whole).Trait("language").Text);
        return (link, lead, language, lead is null ? Missing(language, isExpired: true) : null);
    }

    private static HtmlPage Missing(string language, bool isExpired) =>
        new(PreferencePage.Missing(language, isExpired, changes: true), isExpired ? StatusCodes.Status410Gone : StatusCodes.Status404NotFound);

    /// <summary>Null when nobody can tell what is wanted.</summary>
    private static async Task<Choice?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // Some mail programs send the words without saying what they are.
        if (!request.HasFormContentType)
        {
            var (body, problem) = await RequestBody.ReadAsync(request, MostBody, cancellationToken);
            return problem is null && System.Text.Encoding.UTF8.GetString(body).Trim().Equals("List-Unsubscribe=One-Click", StringComparison.OrdinalIgnoreCase) ? Choice.OneClick : null;
        }

        try
        {
            var form = await new FormFeature(request, new FormOptions
            {
                BufferBodyLengthLimit = MostBody,
                MultipartBodyLengthLimit = MostBody,
                ValueLengthLimit = MostBody,
                ValueCountLimit = MostValues,
                KeyLengthLimit = 200,
            }).ReadFormAsync(cancellationToken);
            return Choice.Read(form.ToDictionary(field => field.Key, IReadOnlyList<string> (field) => [.. field.Value.OfType<string>()], StringComparer.Ordinal));
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return null;
        }
    }
}
