using LeadFunctions.Access;
using LeadFunctions.Forms.Stored;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Forms.Api;

/// <summary>Files that people sent with forms, for those who work with leads. A stranger chose what is in them: they are only ever stored, never shown.</summary>
public sealed class FormFileFunctions(FormFiles files)
{
    [Function(nameof(GetFormFile)), ShowsPeople(isExport: true), RequiresScope(Scope.Marketer, Scope.Sales)]
    public async Task<IResult> GetFormFile(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/forms/{id}/files/{submission}/{field}")] HttpRequest request, string id, string submission, string field, CancellationToken cancellationToken)
    {
        if (!DefinitionId.IsValid(id) || !IsName(submission) || !IsName(field) || await files.FindAsync(id, submission, field, cancellationToken) is not var (kind, content))
        {
            return Problems.NotFound("The file");
        }

        var headers = request.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers.ContentDisposition = $"attachment; filename=\"{field}-{submission}.{kind}\""; // both are plain words
        return Results.Bytes(content, "application/octet-stream");
    }

    private static bool IsName(string text) => text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
