using System.Globalization;
using LeadFunctions.Access;
using LeadFunctions.Imports.Rows;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using LeadFunctions.Platform.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Imports;

/// <summary>The file of an import comes in, whole or in parts, and what was refused of it goes out again.</summary>
public sealed class ImportFileFunctions(ImportsTable table, ImportFiles files, TimeProvider time)
{
    [Function(nameof(PutImportFile)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> PutImportFile(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/imports/{id}/file")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        List<FieldError> errors = [.. KnownQuery.Check(request.Query, "offset")];
        var offset = 0L;
        if (request.Query.TryGetValue("offset", out var text) && !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out offset))
        {
            errors.Add(new("offset", "This is no place in a file.", "the bytes that came before: 0, or file.bytes of the import"));
        }

        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        if (await table.FindAsync(id, cancellationToken) is not { } stored)
        {
            return Problems.NotFound(ImportFunctions.TheImport);
        }

        if (stored.State.Status is not (ImportStatus.Waiting or ImportStatus.Ready or ImportStatus.Failed))
        {
            return Problems.Conflict($"The import is {ImportRuns.Named(stored.State.Status)}: it takes no other file.", "Make another import.");
        }

        if (request.ContentLength > ImportFiles.Limit - offset)
        {
            return Problems.TooLarge(ImportFiles.Limit);
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = ImportFiles.Limit;
        }

        try
        {
            await files.WriteAsync(id, offset, request.Body, cancellationToken);
        }
        catch (FileChangedException changed)
        {
            return Problems.Conflict("The file does not go on there.", changed.End is { } end ? $"It can go on at {end}, or anew at 0." : "Another upload is under way, or was quicker.");
        }
        catch (FileTooLargeException)
        {
            return Problems.TooLarge(ImportFiles.Limit);
        }
        catch
        {
            // What came is kept: a caller who comes back must find how much that is.
            await NoteAsync(stored, ImportStatus.Waiting, CancellationToken.None);
            throw;
        }

        return await NoteAsync(stored, ImportStatus.Ready, cancellationToken);
    }

    [Function(nameof(GetRefusedRows)), ShowsPeople(isExport: true), RequiresScope(Scope.Marketer)]
    public async Task<IResult> GetRefusedRows(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/imports/{id}/refused")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await table.FindAsync(id, cancellationToken) is not { State: { File: { } file, FileIsGone: false } }
            ? Problems.NotFound("A file of this import")
            : await StreamedAnswer.BeginAsync("text/csv; charset=utf-8", $"refused-{id}.csv", Pieces(id, file, cancellationToken), cancellationToken);

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> Pieces(string id, ImportedFile file, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return RefusedRows.Header(file.Header);
        await foreach (var piece in files.RefusedAsync(id, cancellationToken))
        {
            yield return piece;
        }
    }

    private async Task<IResult> NoteAsync(StoredImport stored, ImportStatus status, CancellationToken cancellationToken)
    {
        var (file, refusal) = await files.LookAsync(stored.State, cancellationToken);
        if (file is null)
        {
            return Problems.Invalid("$", refusal!, "rows of cells, the first of them the columns' names"); // one of the two is always set
        }

        var import = stored.State with { File = file, Status = status, Check = null, Now = null, Failure = null };
        return await table.TrySaveAsync(stored, import, cancellationToken)
            ? WebJson.Ok(ShownImport.Of(import, time.GetUtcNow()))
            : Problems.Conflict("The import has been changed while its file came.", "Look at it, and send the file again.");
    }
}
