using System.Globalization;
using LeadFunctions.Access;
using LeadFunctions.Leads.Api;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Scoring.Api;

/// <summary>Who got points by a rule: looked for when somebody asks, page by page (ADR 51).</summary>
public sealed class RulePeopleFunctions(LeadScan everybody, RulesInEffect rules, TimeProvider time)
{
    [Function(nameof(ListRulePeople)), ShowsPeople, RequiresScope(Scope.Read)]
    public async Task<IResult> ListRulePeople([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/scoring/points/people")] HttpRequest request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        List<FieldError> errors = [.. KnownQuery.Check(request.Query, "rule", "asOf", "cursor", "limit")];
        var limit = LeadsRequest.Limit(request.Query, errors);
        var rule = request.Query["rule"].ToString();
        if (rule.Length == 0)
        {
            errors.Add(new("rule", "This is missing.", "a rule that GET /api/scoring/points names"));
        }

        bool IsTooOld(DateTimeOffset at) => at < now.AddDays(-RulePointsFunctions.Days); // of the days before it a ledger may know no more

        var asOf = now;
        if (request.Query.TryGetValue("asOf", out var said) && (!DateTimeOffset.TryParse(said, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out asOf) || asOf > now || IsTooOld(asOf)))
        {
            errors.Add(new("asOf", "This is no time that has come, or one too long ago.", $"asOf of GET /api/scoring/points, of the last {RulePointsFunctions.Days} days; or nothing for now"));
        }

        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        RulePosition? from = null;
        if (request.Query["cursor"].ToString() is { Length: > 0 } cursor && (!Cursor.TryDecode(cursor, out from) || from is not { AsOf: var at } || at > now || IsTooOld(at)))
        {
            return Problems.InvalidCursor();
        }

        return WebJson.Ok(await PageAsync(rule, from ?? new(null, asOf), limit, cancellationToken));
    }

    private async Task<Page<RulePerson>> PageAsync(string rule, RulePosition start, int limit, CancellationToken cancellationToken)
    {
        var (known, scan, page) = (rules.Current, new BriefScan(everybody, time), new List<RulePerson>());
        await foreach (var lead in scan.ReadAsync(start.LeadId, known.History, cancellationToken))
        {
            foreach (var (_, points, times, at) in RulePointCount.Given(Engagement.Of(lead.Whole.Ledger, known.Scoring, lead.Whole, start.AsOf), start.AsOf.AddDays(-RulePointsFunctions.Days)).Where(one => one.Rule == rule))
            {
                page.Add(new(lead.Id, at, times, Math.Round(points, 2)));
            }

            if (page.Count == limit)
            {
                return new(page, Cursor.Encode(start with { LeadId = lead.Id }));
            }
        }

        return new(page, scan.StoppedAt is { } last ? Cursor.Encode(start with { LeadId = last }) : null);
    }

    /// <param name="LeadId">After which it goes on; null: at the start.</param>
    private sealed record RulePosition(string? LeadId, DateTimeOffset AsOf);

    /// <param name="At">When it gave them last.</param>
    /// <param name="Times">Events that it gave them for.</param>
    /// <param name="Points">As applied, before decay.</param>
    internal sealed record RulePerson(string LeadId, DateTimeOffset At, int Times, double Points);
}
