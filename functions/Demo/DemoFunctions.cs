using LeadFunctions.Events;
using LeadFunctions.Leads.Api;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Platform.Http;
using LeadFunctions.Scoring;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Demo;

/// <summary>The demo shop, on a developer's machine only: a deployed app answers 404, as for any path that it does not have.</summary>
public sealed class DemoFunctions(DemoFiles files, LeadReader leads, RulesInEffect rules, TimeProvider time)
{
    private const int TimelineEvents = 15;

    [Function(nameof(OpenDemo))]
    public IResult OpenDemo([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "demo/{*path}")] HttpRequest request, string? path)
    {
        if (files.Find(path ?? "") is not { } file)
        {
            return Problems.NotFound("The page");
        }

        // Whoever edits the shop sees it at the next reload.
        request.HttpContext.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(file.Content, file.ContentType);
    }

    /// <summary>The visitor's own lead, for whoever knows its anonymous id: what the shop's panel shows.</summary>
    [Function(nameof(GetDemoLead))]
    public async Task<IResult> GetDemoLead(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "demo/api/me")] HttpRequest request, CancellationToken cancellationToken)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        if (!files.AreServed || request.Query["anonymousId"].ToString() is not { Length: > 0 } anonymousId)
        {
            return Problems.NotFound("The lead");
        }

        var found = await leads.FindAsync([Identity.Anonymous(anonymousId)], cancellationToken);
        if (found is not [var lead])
        {
            return Problems.NotFound("The lead");
        }

        var now = time.GetUtcNow();
        var (entries, _) = await leads.TimelineAsync(lead, _ => true, TimelineEvents, null, cancellationToken);
        return WebJson.Ok(new DemoLead(
            LeadAnswer.Of(lead, rules.Current, now),
            LeadsApiFunctions.Explain(lead, rules.Current.Scoring, now),
            [.. entries.Select(entry => TimelineAnswer.Of(entry.Entry, entry.LeadId, lead.Id))]));
    }

    /// <summary>The three answers of the management API about one lead, together.</summary>
    internal sealed record DemoLead(LeadAnswer Lead, ScoreExplanation Score, IReadOnlyList<TimelineAnswer> Timeline);
}
