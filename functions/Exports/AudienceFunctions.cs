using System.Globalization;
using System.Text;
using LeadFunctions.Access;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Interests;
using LeadFunctions.Leads.Api;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Exports;

/// <summary>
/// The people of a segment whom advertising networks may be shown, as those take them: hashed, and nothing else of them. Only who said yes to <see cref="Audience.Purpose"/>, and no word since that can be read
/// as a no; nobody whose address is suppressed.
/// </summary>
public sealed class AudienceFunctions(LeadScan everybody, NamedSegments segments, RulesInEffect rules, Suppressions suppressions, TimeProvider time)
{
    private const int AtOnce = 200;

    [Function(nameof(ExportAudience)), ShowsPeople(isExport: true), RequiresScope(Scope.Marketer)]
    public async Task<IResult> ExportAudience(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/segments/{id}/audience")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        List<FieldError> errors = [.. KnownQuery.Check(request.Query, "format")];
        if (errors.Count == 0 && Audience.Find(request.Query["format"]) is null)
        {
            errors.Add(new("format", "Audiences are not written so.", "google or meta"));
        }

        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        if (await segments.RefuseAsync(id, anonymous: true, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var audience = Audience.Find(request.Query["format"])!; // as was just seen
        var fileName = $"audience-{audience.Name}-{time.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.csv";
        return await StreamedAnswer.BeginAsync("text/csv; charset=utf-8", fileName, PiecesAsync(audience, id, cancellationToken), cancellationToken);
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> PiecesAsync(Audience audience, string segment, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var known = rules.Current;
        yield return Encoding.UTF8.GetBytes(audience.Header + "\r\n");
        await foreach (var some in everybody.ReadAsync(null, new([], InterestRules.None), cancellationToken)
            .Where(lead => lead.SegmentNames(known.Segments).Contains(segment) && Audience.MayShow(lead.Whole)).Chunk(AtOnce).WithCancellation(cancellationToken))
        {
            var suppressed = await suppressions.FindAsync([.. some.Select(lead => lead.Whole.Email).OfType<string>()], cancellationToken);
            yield return Encoding.UTF8.GetBytes(string.Concat(some.Where(lead => lead.Whole.Email is not { } email || !suppressed.ContainsKey(email)).Select(lead => audience.Row(lead.Whole.Email, lead.Whole.Phone))));
        }
    }
}
