using LeadFunctions.Leads.Listing;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Leads.Api;

/// <summary>The query of a search by the beginnings of words: <c>q</c>, <c>limit</c> and <c>cursor</c>.</summary>
/// <param name="Words">As they are compared; none: everything is looked for.</param>
/// <param name="After">Where the page before ended; null for the first.</param>
/// <param name="Problem">Why it cannot be answered; null when it can.</param>
internal sealed record SearchRequest<TPosition>(byte[][] Words, int Limit, TPosition? After, IResult? Problem)
    where TPosition : class
{
    public static SearchRequest<TPosition> Parse(IQueryCollection query)
    {
        List<FieldError> errors = [.. KnownQuery.Check(query, "q", "limit", "cursor")];
        var limit = LeadsRequest.Limit(query, errors);
        var asked = query["q"].ToString();
        if (asked.Length > ListingSearch.LengthLimit)
        {
            errors.Add(new FieldError("q", "This is too long to look for.", $"at most {ListingSearch.LengthLimit} characters"));
        }

        TPosition? after = null;
        return new(
            FoldedText.Words(asked), limit, null,
            errors.Count > 0 ? Problems.Invalid(errors) : query.TryGetValue("cursor", out var cursor) && !Cursor.TryDecode(cursor, out after) ? Problems.InvalidCursor() : null)
        {
            After = after,
        };
    }
}
