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

    public static LeadsRequest Parse(IQueryCollection query)
    {
        List<FieldError> errors = [.. KnownQuery.Check(query, "email", "userId", "anonymousId", "stage", "minEngagement", "sort", "cursor", "limit")];
        var identities = new List<Identity>();
        Add("userId", Identity.User);
        if (query["email"].ToString() is { Length: > 0 } email)
        {
            // A plus that was not escaped arrives as a blank, and hardly any address has one.
            identities.AddRange(new[] { email.Replace(' ', '+'), email }.Distinct().Select(Identity.Email));
        }

        Add("anonymousId", Identity.Anonymous);

        var stage = query["stage"].ToString();
        if (stage.Length > 0 && !Stages.All.Contains(stage))
        {
            errors.Add(new FieldError("stage", "This is not a lifecycle stage.", "one of " + string.Join(", ", Stages.All)));
        }

        double? minEngagement = null;
        if (query["minEngagement"].ToString() is { Length: > 0 } min)
        {
            minEngagement = double.TryParse(min, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
            if (minEngagement is null)
            {
                errors.Add(new FieldError("minEngagement", "This is not a number.", "a number such as 50"));
            }
        }

        ListingOrder? order = query["sort"].ToString() switch
        {
            "" or "engagement" or "-engagement" => ListingOrder.Engagement,
            "lastSeen" or "-lastSeen" => ListingOrder.LastSeen,
            _ => null,
        };
        if (order is null)
        {
            errors.Add(new FieldError("sort", "Leads cannot be sorted by this.", "engagement or lastSeen, highest or latest first"));
        }

        ListingPosition? after = null;
        if (query["cursor"].ToString() is { Length: > 0 } cursor && (!Cursor.TryDecode(cursor, out after) || (order is not null && after?.Order != order)))
        {
            errors.Add(new FieldError("cursor", "This is not a cursor of this listing.", "the nextCursor of the page before, or nothing"));
        }

        var limit = Limit(query, errors);
        return new LeadsRequest(identities, new ListingQuery(stage.Length == 0 ? null : stage, minEngagement, order ?? ListingOrder.Engagement, limit), after, errors);

        void Add(string name, Func<string, Identity> kind)
        {
            if (query[name].ToString() is { Length: > 0 } value)
            {
                identities.Add(kind(value));
            }
        }
    }

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
