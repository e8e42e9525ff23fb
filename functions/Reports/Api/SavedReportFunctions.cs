using LeadFunctions.Access;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using LeadFunctions.Reports.Kept;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Reports.Api;

/// <summary>Reports that somebody wants to see again, and have mailed to colleagues every week.</summary>
public sealed class SavedReportFunctions(DefinitionsTable table, SavedReports saved, ReportMails mails, FilterValues values)
{
    private const string TheReport = "The saved report";

    [Function(nameof(PutSavedReport)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> PutSavedReport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/reports/saved/{id}")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var (body, problem) = await LiveRequests.ReadAsync(request, id, "A saved report", cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        var (report, errors) = SavedReport.Parse(body);
        IReadOnlyList<FieldError> all = report is null ? errors : [.. errors, .. saved.MistakesOf(report), .. await values.UnknownAsync(report.Query, "$.query.", cancellationToken)];
        if (report is null || all.Count > 0)
        {
            return Problems.InvalidDocument(all);
        }

        var text = DefinitionText.Compact(body);
        return await LiveRequests.SaveAsync(
            table, SavedReports.Kind, id, request, () => Task.FromResult(text),
            async stored =>
            {
                // A crash in between leaves one that is not mailed until it is saved again.
                await mails.NoteNextAsync(client, id, report, stored.Pointer.UpdatedAt, cancellationToken);
                return saved.Show(stored.Pointer, text) is var shown && stored.IsNew ? WebJson.Created($"/api/reports/saved/{id}", shown) : WebJson.Ok(shown);
            },
            cancellationToken);
    }

    [Function(nameof(GetSavedReport)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetSavedReport([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/reports/saved/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await LiveRequests.ShowAsync(table, SavedReports.Kind, id, TheReport, (pointer, json) => Task.FromResult(saved.Show(pointer, json)), cancellationToken);

    [Function(nameof(ListSavedReports)), RequiresScope(Scope.Read)]
    public async Task<IResult> ListSavedReports([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/reports/saved")] HttpRequest request, CancellationToken cancellationToken) =>
        await LiveRequests.ListAsync(table, SavedReports.Kind, saved.Show, cancellationToken);

    [Function(nameof(DeleteSavedReport)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> DeleteSavedReport([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/reports/saved/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await LiveRequests.DeleteAsync(table, SavedReports.Kind, id, request, TheReport, cancellationToken);
}
