using LeadFunctions.Access;
using LeadFunctions.Events;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using LeadFunctions.Scoring;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Leads.Api;

/// <summary>How the engagement of some leads went in the last 30 days, for a line beside each. Reads these leads, and no others: so a listing, which reads none, is not slower for it.</summary>
public sealed class LeadCoursesFunctions(LeadReader leads, RulesInEffect rules, TimeProvider time)
{
    private const int MostLeads = 50;
    private const int Days = 30;

    [Function(nameof(GetLeadCourses)), ShowsPeople, RequiresScope(Scope.Read)]
    public async Task<IResult> GetLeadCourses([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/leads/courses")] HttpRequest request, CancellationToken cancellationToken)
    {
        List<FieldError> errors = [.. KnownQuery.Check(request.Query, "ids")];
        string[] ids = [.. request.Query["ids"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries).Distinct()];
        if (ids.Length is 0 or > MostLeads || !ids.All(LeadIds.IsValid))
        {
            errors.Add(new FieldError("ids", "These are no leads, or too many.", $"1 to {MostLeads} ids of leads, with commas between them"));
        }

        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        var (models, now) = (rules.Current.Scoring, time.GetUtcNow());
        var found = await Task.WhenAll(ids.Select(async id => (Id: id, Lead: await leads.FindAsync(id, cancellationToken))));
        return WebJson.Ok(new LeadCourses(
            now, Days, [.. from one in found where one.Lead is not null select new LeadCourse(one.Id, EngagementCourse.Of(one.Lead.Whole.Ledger, models, one.Lead.Whole).Past(now, Days))]));
    }
}

/// <param name="AsOf">The time of each course's last value; the others are whole days before it.</param>
/// <param name="Items">Without those that there are no more.</param>
internal sealed record LeadCourses(DateTimeOffset AsOf, int Days, IReadOnlyList<LeadCourse> Items);

/// <param name="Values">Engagement, by the model of today, from the oldest on; null where it is not known any more.</param>
internal sealed record LeadCourse(string Id, IReadOnlyList<double?> Values);
