using LeadFunctions.Access;
using LeadFunctions.Events;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using LeadFunctions.Scoring;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Leads.Api;

/// <summary>Reading leads. Every id that a lead ever had finds it.</summary>
public sealed class LeadsApiFunctions(LeadReader leads, NamedSegments segments, RulesInEffect rules, TimeProvider time)
{
    [Function(nameof(ListLeads)), ShowsPeople, RequiresScope(Scope.Read)]
    public async Task<IResult> ListLeads([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/leads")] HttpRequest request, CancellationToken cancellationToken)
    {
        var asked = LeadsRequest.Parse(request.Query, rules.Current.Lifecycle);
        if (asked.Errors.Count > 0)
        {
            return Problems.Invalid(asked.Errors);
        }

        if (asked.Identities.Count > 0)
        {
            var found = await leads.FindAsync(asked.Identities, cancellationToken);
            var whole = await Task.WhenAll(found.Select(lead => leads.CompleteAsync(lead, rules.Current.History, cancellationToken).AsTask()));
            return WebJson.Ok(new Page<LeadAnswer>([.. whole.Select(Answer)]));
        }

        var (page, next) = await leads.ListAsync(asked.Listing, asked.After, cancellationToken);
        if (page.Count == 0 && asked is { After: null, Listing.Filter.Segment: { } segment } && await segments.RefuseAsync(segment, anonymous: false, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        if (page.Count == 0 && asked is { After: null, Listing.Filter.Company: { } company } && (await leads.CompaniesAsync(company, time.GetUtcNow(), cancellationToken)).Count == 0)
        {
            return Problems.NotFound("The company", $"No known lead belongs to a company \"{company}\". GET /api/companies shows the ids of all.");
        }

        return WebJson.Ok(new Page<ListedLeadAnswer>([.. page.Select(ListedLeadAnswer.Of)], next is null ? null : Cursor.Encode(next)));
    }

    [Function(nameof(GetLead)), ShowsPeople, RequiresScope(Scope.Read)]
    public async Task<IResult> GetLead(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/leads/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await leads.FindAsync(id, rules.Current.History, cancellationToken) is { } lead ? WebJson.Ok(Answer(lead)) : Problems.NotFound("The lead");

    [Function(nameof(GetLeadScore)), ShowsPeople, RequiresScope(Scope.Read)]
    public async Task<IResult> GetLeadScore(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/leads/{id}/score")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (await leads.FindAsync(id, cancellationToken) is not { } lead)
        {
            return Problems.NotFound("The lead");
        }

        return WebJson.Ok(Explain(lead, rules.Current.Scoring, time.GetUtcNow()));
    }

    [Function(nameof(GetLeadTimeline)), ShowsPeople, RequiresScope(Scope.Read)]
    public async Task<IResult> GetLeadTimeline(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/leads/{id}/timeline")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        List<FieldError> errors = [.. KnownQuery.Check(request.Query, "type", "cursor", "limit")];
        var limit = LeadsRequest.Limit(request.Query, errors);
        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        TimelinePosition? from = null;
        if (request.Query["cursor"].ToString() is { Length: > 0 } cursor && !Cursor.TryDecode(cursor, out from))
        {
            return Problems.InvalidCursor();
        }

        if (await leads.FindAsync(id, cancellationToken) is not { } lead)
        {
            return Problems.NotFound("The lead");
        }

        var type = request.Query["type"].ToString();
        var (entries, next) = await leads.TimelineAsync(lead, e => IsOfType(e, type), limit, from, cancellationToken);
        return WebJson.Ok(new Page<TimelineAnswer>([.. entries.Select(entry => TimelineAnswer.Of(entry.Entry, entry.LeadId, lead.Id))], next is null ? null : Cursor.Encode(next)));
    }

    internal static ScoreExplanation Explain(LeadState lead, ScoringModels rules, DateTimeOffset now)
    {
        var whole = lead.Whole;
        var sheet = Engagement.Of(whole.Ledger, rules, whole, now);
        return ScoreExplanation.Of(lead.Id, now, rules.Live, sheet, rules.Live?.FitOf(whole, now) ?? Fit.None) with { FitMissing = rules.Live?.MissingOf(whole, now) };
    }

    private LeadAnswer Answer(LeadState lead) => LeadAnswer.Of(lead, rules.Current, time.GetUtcNow());

    /// <summary>A type ("page") or an event's name ("Order Completed").</summary>
    private static bool IsOfType(LeadEvent e, string type) =>
        type.Length == 0 || type.Equals(e.Type.ToString(), StringComparison.OrdinalIgnoreCase) || type.Equals(e.Name, StringComparison.OrdinalIgnoreCase);
}
