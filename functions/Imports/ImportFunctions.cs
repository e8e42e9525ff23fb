using LeadFunctions.Access;
using LeadFunctions.Imports.Rows;
using LeadFunctions.Leads.Api;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Imports;

/// <summary>Imports: made, shown, given their mapping. What they hold is personal, so that only marketers see it.</summary>
public sealed class ImportFunctions(ImportsTable table, ImportRuns runs, RulesInEffect rules, TimeProvider time)
{
    internal const string TheImport = "The import";

    [Function(nameof(CreateImport)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> CreateImport([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/imports")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (wanted, problem) = await RequestBody.ReadJsonAsync<ImportRequest>(request, cancellationToken);
        if (wanted is null)
        {
            return problem!; // one of the two is always set
        }

        if (wanted.Validate().ToList() is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        await runs.ForgetOldAsync(cancellationToken);
        var now = time.GetUtcNow();
        var import = new ImportState(
            Guid.CreateVersion7(now).ToString("N"), wanted.Name.Trim(), wanted.Encoding ?? CsvText.Encodings[0], wanted.Separator?[0], wanted.Mapping, ImportStatus.Waiting, now);
        await table.AddAsync(import, cancellationToken);
        return WebJson.Created($"/api/imports/{import.Id}", ShownImport.Of(import, now));
    }

    [Function(nameof(ListImports)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> ListImports([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/imports")] HttpRequest request, CancellationToken cancellationToken)
    {
        List<FieldError> errors = [.. KnownQuery.Check(request.Query, "cursor", "limit")];
        var limit = LeadsRequest.Limit(request.Query, errors);
        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        ImportPosition? from = null;
        if (request.Query["cursor"].ToString() is { Length: > 0 } cursor && !Cursor.TryDecode(cursor, out from))
        {
            return Problems.InvalidCursor();
        }

        await runs.ForgetOldAsync(cancellationToken);
        var page = new List<ListedImport>();
        await foreach (var (import, _) in table.ListAsync(from?.Id, cancellationToken))
        {
            if (page.Count == limit)
            {
                return WebJson.Ok(new Page<ListedImport>(page, Cursor.Encode(new ImportPosition(page[^1].Id))));
            }

            page.Add(new(import.Id, import.Name, import.Status, import.CreatedAt, import.Now?.Rows, import.Now?.Refused));
        }

        return WebJson.Ok(new Page<ListedImport>(page));
    }

    [Function(nameof(GetImport)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> GetImport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/imports/{id}")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await table.FindAsync(id, cancellationToken) is not { } stored)
        {
            return Problems.NotFound(TheImport);
        }

        await runs.ReviveAsync(client, stored.State, cancellationToken);
        return WebJson.Ok(ShownImport.Of(stored.State, time.GetUtcNow())).WithETag(stored.ETag);
    }

    [Function(nameof(PutImportMapping)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> PutImportMapping(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/imports/{id}/mapping")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (body, problem) = await RequestBody.ReadAsync(request, RequestBody.Limit, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        if (await table.FindAsync(id, cancellationToken) is not { } stored)
        {
            return Problems.NotFound(TheImport);
        }

        if (stored.State.Status is not (ImportStatus.Waiting or ImportStatus.Ready or ImportStatus.Failed))
        {
            return Problems.Conflict($"The import is {ImportRuns.Named(stored.State.Status)}: its mapping stays as it is.");
        }

        if (Preconditions.Check(request, stored.ETag) is { } refusal)
        {
            return refusal;
        }

        var (json, errors) = Conditions.Documents.DocumentText.Read(
            body, json => ((System.Text.Json.JsonElement?)json.Clone(), MappingParser.Parse(json, stored.State.File?.Header).Errors), error => (null, [error]));
        if (json is null || errors.Count > 0)
        {
            return Problems.InvalidDocument(errors);
        }

        var import = stored.State with { Mapping = json, Check = null };
        return await table.TrySaveAsync(stored, import, cancellationToken) ? WebJson.Ok(ShownImport.Of(import, time.GetUtcNow())) : Problems.PreconditionFailed(null);
    }

    [Function(nameof(StartImport)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> StartImport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/imports/{id}/start")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        List<FieldError> errors = [.. KnownQuery.Check(request.Query, "dryRun", "again")];
        var isDryRun = IsYes("dryRun");
        var isAgain = IsYes("again");
        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        if (await table.FindAsync(id, cancellationToken) is not { } stored)
        {
            return Problems.NotFound(TheImport);
        }

        var import = stored.State;
        if (import.IsUnderWay)
        {
            await runs.ScheduleAsync(client, import, cancellationToken); // as whoever asked before may not have come to it
            return Accepted(import);
        }

        if (import is not { Status: ImportStatus.Ready or ImportStatus.Failed, File: { } file })
        {
            return Problems.Conflict(import.Status == ImportStatus.Waiting ? "The import waits for its file." : $"The import is {ImportRuns.Named(import.Status)}.", "Send a file first: PUT /api/imports/{id}/file.");
        }

        if (import.Mapping is not { } json)
        {
            return Problems.Conflict("Nobody has said what the columns mean.", "GET /api/imports/{id} has a proposal; PUT /api/imports/{id}/mapping says it.");
        }

        var (mapping, mistakes) = MappingParser.Parse(json, file.Header);
        if (mapping is null)
        {
            return Problems.InvalidDocument(mistakes);
        }

        string[] lists = [.. mapping.Lists.Concat(mapping.Columns.Where(column => column.Role == ColumnRole.List && column.Name.Length > 0).Select(column => column.Name))];
        if (Array.Find(lists, rules.Current.Segments.IsLive) is { } decided)
        {
            return Problems.Conflict($"\"{decided}\" is not kept by hand: its conditions decide who is in it.");
        }

        return await runs.TryStartAsync(client, stored, isDryRun, isAgain, cancellationToken) is { } started
            ? Accepted(started)
            : Problems.Conflict("The import has just been changed.", "Look at it, and start it again.");

        bool IsYes(string name)
        {
            var isYes = false;
            if (request.Query.TryGetValue(name, out var text) && !bool.TryParse(text, out isYes) && errors.Count == 0)
            {
                errors.Add(new(name, "This is neither yes nor no.", "true or false"));
            }

            return isYes;
        }
    }

    [Function(nameof(CancelImport)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> CancelImport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/imports/{id}/cancel")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await runs.CancelAsync(id, cancellationToken) switch
        {
            null => Problems.NotFound(TheImport),
            { Status: ImportStatus.Done } => Problems.Conflict("The import is done."),
            var import => WebJson.Ok(ShownImport.Of(import, time.GetUtcNow())),
        };

    private IResult Accepted(ImportState import) => WebJson.Accepted(ShownImport.Of(import, time.GetUtcNow()));
}

/// <summary>After which import a page goes on.</summary>
internal sealed record ImportPosition(string Id);
