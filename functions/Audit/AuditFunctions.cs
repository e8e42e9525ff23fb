using System.Runtime.CompilerServices;
using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Audit;

/// <summary>Who did what: listed, one with the texts before and after, and all as a file.</summary>
public sealed class AuditFunctions(AuditTable table, DefinitionsTable definitions, TimeProvider time)
{
    private static readonly ProblemResult NoEntry = Problems.NotFound("The entry");
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    [Function(nameof(ListAudit)), RequiresScope(Scope.Admin)]
    public async Task<IResult> ListAudit([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/audit")] HttpRequest request, CancellationToken cancellationToken)
    {
        var asked = AuditRequest.Of(request.Query, isExport: false, time.GetUtcNow());
        if (asked.Errors.Count > 0)
        {
            return Problems.Invalid(asked.Errors);
        }

        var entries = await table.ReadAsync(asked.Query, asked.After, cancellationToken).Take(asked.Limit + 1).ToListAsync(cancellationToken);
        return WebJson.Ok(new Page<ListedAuditEntry>(
            [.. entries.Take(asked.Limit).Select(ListedAuditEntry.Of)], entries.Count > asked.Limit ? Cursor.Encode(entries[asked.Limit - 1].Id) : null));
    }

    [Function(nameof(ExportAudit)), RequiresScope(Scope.Admin)]
    public async Task<IResult> ExportAudit([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/audit/export")] HttpRequest request, CancellationToken cancellationToken)
    {
        var asked = AuditRequest.Of(request.Query, isExport: true, time.GetUtcNow());
        return asked.Errors.Count > 0
            ? Problems.Invalid(asked.Errors)
            : await StreamedAnswer.BeginAsync("application/jsonl", "audit.jsonl", LinesAsync(asked.Query, cancellationToken), cancellationToken);
    }

    [Function(nameof(GetAuditEntry)), RequiresScope(Scope.Admin)]
    public async Task<IResult> GetAuditEntry(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/audit/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (await table.FindAsync(id, cancellationToken) is not { } entry)
        {
            return NoEntry;
        }

        var changes = await Task.WhenAll(entry.Changes.Select(async change => new ShownChange(
            change.Kind, change.Id, change.Before, change.After,
            change.TextBefore is { } text ? Secrets.Without(text) : await TextAsync(change, change.VersionBefore, cancellationToken), await TextAsync(change, change.VersionAfter, cancellationToken))));
        return WebJson.Ok(new ShownAuditEntry(entry.Id, entry.At, entry.By, entry.Kind, entry.Action, entry.Target, entry.LeadId, changes));
    }

    private async Task<JsonElement?> TextAsync(RequestChange change, int? version, CancellationToken cancellationToken) =>
        version is { } number && await definitions.FindVersionAsync(change.Kind, change.Id, number, cancellationToken) is { } found ? Secrets.Without(found.Json) : null;

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> LinesAsync(AuditQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in table.ReadAsync(query, after: null, cancellationToken))
        {
            yield return JsonSerializer.SerializeToUtf8Bytes(ListedAuditEntry.Of(entry), WebJson.Options);
            yield return NewLine;
        }
    }
}

/// <summary>An entry as it is listed.</summary>
internal sealed record ListedAuditEntry(string Id, DateTimeOffset At, AuditPerson By, AuditKind Kind, string Action, string Target, string? LeadId, IReadOnlyList<ListedChange> Changes)
{
    public static ListedAuditEntry Of(AuditEntry entry) =>
        new(entry.Id, entry.At, entry.By, entry.Kind, entry.Action, entry.Target, entry.LeadId, [.. entry.Changes.Select(change => new ListedChange(change.Kind, change.Id, change.Before, change.After))]);
}

internal sealed record ListedChange(string Kind, string Id, string? Before, string? After);

/// <summary>An entry with the documents as they were before and after, without secrets.</summary>
internal sealed record ShownAuditEntry(string Id, DateTimeOffset At, AuditPerson By, AuditKind Kind, string Action, string Target, string? LeadId, IReadOnlyList<ShownChange> Changes);

/// <param name="DocumentBefore">Absent where there was none, it has no text, or it is deleted since.</param>
internal sealed record ShownChange(string Kind, string Id, string? Before, string? After, JsonElement? DocumentBefore, JsonElement? DocumentAfter);
