using System.Globalization;
using LeadFunctions.Events;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Lifecycle;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Leads.Api;

/// <summary>The query of <c>GET /api/leads</c>: one exact identity, or a listing.</summary>
internal sealed record LeadsRequest(IReadOnlyList<Identity> Identities, ListingQuery Listing, ListingPosition? After, IReadOnlyList<FieldError> Errors)
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    private static readonly string[] Known = ["email", "userId", "anonymousId", "stage", "segment", "owner", "company", "minEngagement", "q", "sends", "near", "sort", "cursor", "limit"];

    public static LeadsRequest Parse(IQueryCollection query, LifecycleRules lifecycle)
    {
        List<FieldError> errors = [.. KnownQuery.Check(query, Known)];
        var order = Order(query, errors);
        ListingPosition? after = null;
        if (query["cursor"].ToString() is { Length: > 0 } cursor && (!Cursor.TryDecode(cursor, out after) || (order is not null && after?.Order != order)))
        {
            errors.Add(new FieldError("cursor", "This is not a cursor of this listing.", "the nextCursor of the page before, or nothing"));
        }

        var filter = new ListingFilter(Stage(query, errors), Text(query, "segment"), Text(query, "owner"), MinEngagement(query, errors), Search(query, errors), Text(query, "company"), Sends(query, errors), Near(query, lifecycle, errors));
        var limit = Limit(query, errors);
        return new LeadsRequest(IdentitiesIn(query), new ListingQuery(filter, order ?? ListingOrder.Engagement, limit), after, errors);
    }

    private static List<Identity> IdentitiesIn(IQueryCollection query)
    {
        var identities = new List<Identity>();
        if (Text(query, "userId") is { } userId)
        {
            identities.Add(Identity.User(userId));
        }

        if (Text(query, "email") is { } email)
        {
            // A plus that was not escaped arrives as a blank, and hardly any address has one.
            identities.AddRange(new[] { email.Replace(' ', '+'), email }.Distinct().Select(Identity.Email));
        }

        if (Text(query, "anonymousId") is { } anonymousId)
        {
            identities.Add(Identity.Anonymous(anonymousId));
        }

        return identities;
    }

    private static ListingOrder? Order(IQueryCollection query, List<FieldError> errors)
    {
        ListingOrder? order = query["sort"].ToString() switch
        {
            "" or "engagement" or "-engagement" => ListingOrder.Engagement,
            "lastSeen" or "-lastSeen" => ListingOrder.LastSeen,
            "newest" => ListingOrder.Newest,
            "name" => ListingOrder.Name,
            _ => null,
        };
        if (order is null)
        {
            errors.Add(new FieldError("sort", "Leads cannot be sorted by this.", "engagement, lastSeen or newest, highest or latest first, or name"));
        }

        return order;
    }

    private static string? Stage(IQueryCollection query, List<FieldError> errors)
    {
        var stage = Text(query, "stage");
        if (stage is not null && !Stages.All.Contains(stage))
        {
            errors.Add(new FieldError("stage", "This is not a lifecycle stage.", "one of " + string.Join(", ", Stages.All)));
        }

        return stage;
    }

    private static double? MinEngagement(IQueryCollection query, List<FieldError> errors)
    {
        if (Text(query, "minEngagement") is not { } min)
        {
            return null;
        }

        if (double.TryParse(min, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            return number;
        }

        errors.Add(new FieldError("minEngagement", "This is not a number.", "a number such as 50"));
        return null;
    }

    private static ListingSearch? Search(IQueryCollection query, List<FieldError> errors)
    {
        if (Text(query, "q") is not { } text)
        {
            return null;
        }

        var search = text.Length <= ListingSearch.LengthLimit ? ListingSearch.Of(text) : null;
        if (search is null)
        {
            errors.Add(new FieldError("q", "Nothing can be searched by this.", $"the beginnings of words, 1 to {ListingSearch.LengthLimit} characters"));
        }

        return search;
    }

    private static TroubledSends? Sends(IQueryCollection query, List<FieldError> errors)
    {
        TroubledSends? sends = Text(query, "sends") switch { "held" => TroubledSends.Held, "failed" => TroubledSends.Failed, _ => null };
        if (sends is null && Text(query, "sends") is not null)
        {
            errors.Add(new FieldError("sends", "Messages do not stand so.", $"held, or failed: given up in the last {TroubledSendsRule.Days} days"));
        }

        return sends;
    }

    private static NearStage? Near(IQueryCollection query, LifecycleRules lifecycle, List<FieldError> errors)
    {
        if (Text(query, "near") is not { } stage)
        {
            return null;
        }

        var near = NearStage.Of(stage, lifecycle);
        if (near is null)
        {
            errors.Add(new FieldError("near", "Nobody can be near this stage: the lifecycle gives it for no number of points.", "a stage whose condition asks for engagement, such as mql"));
        }

        return near;
    }

    private static string? Text(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

    public static int Limit(IQueryCollection query, List<FieldError> errors)
    {
        if (query["limit"].ToString() is not { Length: > 0 } text)
        {
            return DefaultLimit;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit)
        {
            return limit;
        }

        errors.Add(new FieldError("limit", "This many cannot be asked for at once.", $"1 to {MaxLimit}"));
        return DefaultLimit;
    }
}
