using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Platform.Definitions;

/// <summary>A setting of the workspace that is one document: in effect as soon as it is saved, and shown as it was written.</summary>
/// <param name="Unset">Its text while nobody has saved one.</param>
internal sealed record SettingDocument(DefinitionsTable Table, string Kind, string Id, string Unset)
{
    private const string Json = "application/json";

    public async Task<IResult> ShowAsync(CancellationToken cancellationToken) =>
        await Table.FindAsync(Kind, Id, cancellationToken) is { Live: { } live } pointer && await Table.FindVersionAsync(Kind, Id, live, cancellationToken) is { } version
            ? Results.Text(version.Json, Json).WithETag(pointer.ETag)
            : Results.Text(Unset, Json);

    /// <param name="faults">All that is amiss with a text; it is not saved then.</param>
    public async Task<IResult> PutAsync(HttpRequest request, Func<byte[], IEnumerable<FieldError>> faults, CancellationToken cancellationToken)
    {
        var (body, problem) = await RequestBody.ReadAsync(request, RequestBody.Limit, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        if (faults(body).ToList() is [_, ..] errors)
        {
            return Problems.InvalidDocument(errors);
        }

        var json = DefinitionText.Compact(body);
        return await LiveRequests.SaveAsync(Table, Kind, Id, request, json, _ => Results.Text(json, Json), cancellationToken);
    }
}
