using System.Text;
using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Journeys.Api;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Leads.Api;
using LeadFunctions.Leads.Erasing;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle.Api;
using LeadFunctions.Messaging.Api;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Exports;

/// <summary>All that is known of one person, for whoever asks what that is: the profile, what follows from it, everything that happened, as long as it is, and what is kept of them in any other place.</summary>
public sealed class PersonExportFunctions(LeadReader leads, LeadBurial burial, PersonPlaces places, RunsTable runs, RulesInEffect rules, TimeProvider time)
{
    private const int PageSize = 200;

    [Function(nameof(ExportLead)), ShowsPeople(isExport: true), RequiresScope(Scope.Marketer)]
    public async Task<IResult> ExportLead(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/leads/{id}/export")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (KnownQuery.Check(request.Query).ToList() is [_, ..] unknown)
        {
            return Problems.Invalid(unknown);
        }

        return await leads.FindAsync(id, rules.Current.History, cancellationToken) is { } lead
            ? await StreamedAnswer.BeginAsync("application/json", $"lead-{lead.Id}.json", PiecesAsync(lead, cancellationToken), cancellationToken)
            : Problems.NotFound("The lead");
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> PiecesAsync(LeadState lead, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (known, now) = (rules.Current, time.GetUtcNow());
        var walked = (await Task.WhenAll((lead.Journeys?.Past.Keys ?? []).Union(known.Journeys.Ids).SelectMany(journey => lead.AllIds.Select(part => runs.OfLeadAsync(journey, part, cancellationToken))))).SelectMany(some => some);
        var head = new StringBuilder()
            .Append("{\"exportedAt\":").Append(Json(now))
            .Append(",\"lead\":").Append(Json(LeadAnswer.Of(lead, known, now)))
            .Append(",\"identities\":").Append(Json(lead.Whole.Identities))
            .Append(",\"score\":").Append(Json(LeadsApiFunctions.Explain(lead, known.Scoring, now)))
            .Append(",\"stages\":").Append(Json(LeadStages.Of(lead, known.Lifecycle, now)))
            .Append(",\"messages\":").Append(Json(LeadMessageAnswer.Of(lead.Messages)))
            .Append(",\"runs\":").Append(Json(walked.OrderBy(run => run.EnteredAt).Select(ShownRun.Of)))
            .Append(",\"timeline\":[");
        yield return Bytes(head);

        TimelinePosition? from = null;
        var isFirst = true;
        do
        {
            (var entries, from) = await leads.TimelineAsync(lead, _ => true, PageSize, from, cancellationToken);
            var page = new StringBuilder();
            foreach (var (entry, leadId) in entries)
            {
                page.Append(isFirst ? "" : ",").Append(Json(TimelineAnswer.Of(entry, leadId, lead.Id)));
                isFirst = false;
            }

            yield return Bytes(page);
        }
        while (from is not null);

        yield return "],\"kept\":{"u8.ToArray();
        var person = (await burial.FindAsync(lead.Id, cancellationToken))?.Person ?? ErasedPerson.Of(lead, []); // the addresses of all its parts, in whatever state
        var place = 0;
        foreach (var (name, tellAsync) in places.All)
        {
            yield return Bytes(new($"{(place++ == 0 ? "" : ",")}\"{name}\":["));
            var row = 0;
            await foreach (var told in tellAsync(person, cancellationToken))
            {
                yield return Bytes(new((row++ == 0 ? "" : ",") + Json(told)));
            }

            yield return "]"u8.ToArray();
        }

        yield return "}}"u8.ToArray();
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, WebJson.Options);

    private static ReadOnlyMemory<byte> Bytes(StringBuilder text) => Encoding.UTF8.GetBytes(text.ToString());
}
