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
public sealed class SavedReportFunctions(DefinitionsTable table, SavedReports saved, ReportMails mails)
{
    private const string TheReport = "The saved report";

    [Function(nameof(PutSavedReport)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> PutSavedReport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/reports/saved/{id}")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (!DefinitionId.IsValid(id))
        {
            return Problems.Invalid("id", "A saved report cannot bear this id.", DefinitionId.Rule);
        }

        var (body, problem) = await RequestBody.ReadAsync(request, RequestBody.Limit, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        var (report, errors) = SavedReport.Parse(body);
        IReadOnlyList<FieldError> all = report is null ? errors : [.. errors, .. saved.MistakesOf(report)];
        if (report is null || all.Count > 0)
        {
            return Problems.InvalidDocument(all);
        }

        var text = DefinitionText.Compact(body);
        return await LivePut.SaveAsync(
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
        await FindAsync(id, cancellationToken) is { } pointer && await table.FindLiveAsync(SavedReports.Kind, id, cancellationToken) is { } live
            ? WebJson.Ok(saved.Show(pointer, live.Json)).WithETag(pointer.ETag)
            : Problems.NotFound(TheReport);

    [Function(nameof(ListSavedReports)), RequiresScope(Scope.Read)]
    public async Task<IResult> ListSavedReports([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/reports/saved")] HttpRequest request, CancellationToken cancellationToken)
    {
        var pointers = await table.ListAsync(SavedReports.Kind, cancellationToken);
        var live = (await table.ReadLiveAsync(SavedReports.Kind, cancellationToken)).ToDictionary(version => version.Id);
        return WebJson.Ok(new Page<ShownSavedReport>([.. pointers.Where(pointer => live.ContainsKey(pointer.Id)).Select(pointer => saved.Show(pointer, live[pointer.Id].Json))]));
    }

    [Function(nameof(DeleteSavedReport)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> DeleteSavedReport([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/reports/saved/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var current = await FindAsync(id, cancellationToken);
        return Preconditions.Check(request, current?.ETag) is { } refusal ? refusal
            : current is not null && await table.DeleteAsync(SavedReports.Kind, id, Preconditions.Expected(request, current.ETag), cancellationToken) ? Results.NoContent()
            : Problems.NotFound(TheReport);
    }

    private async Task<DefinitionPointer?> FindAsync(string id, CancellationToken cancellationToken) =>
        DefinitionId.IsValid(id) && await table.FindAsync(SavedReports.Kind, id, cancellationToken) is { Live: not null } pointer ? pointer : null;
}
