using System.Globalization;
using LeadFunctions.Access;
using LeadFunctions.Leads.Api;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using LeadFunctions.Segments.Stored;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Segments.Api;

/// <summary>Who came into a segment on a day, or left it.</summary>
public sealed class SegmentMoveFunctions(MembersTable members, DefinitionsTable table, TimeProvider time)
{
    private const string In = "in";
    private const string Out = "out";

    [Function(nameof(ListSegmentMoves)), ShowsPeople, RequiresScope(Scope.Read)]
    public async Task<IResult> ListSegmentMoves(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/segments/{id}/moves")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (!DefinitionId.IsValid(id) || await table.FindAsync(SegmentStore.Kind, id, cancellationToken) is null)
        {
            return Problems.NotFound("The segment");
        }

        var first = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(1 - MemberMoves.Kept);
        List<FieldError> errors = [.. KnownQuery.Check(request.Query, "day", "way", "cursor", "limit")];
        var limit = LeadsRequest.Limit(request.Query, errors);
        if (!DateOnly.TryParseExact(request.Query["day"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day < first)
        {
            errors.Add(new("day", "Of this day it is not known who moved.", $"one of the last {MemberMoves.Kept} days (UTC), as {first:yyyy-MM-dd}"));
        }

        var way = request.Query["way"].ToString();
        if (way is not (In or Out))
        {
            errors.Add(new("way", "There is no such way.", $"{In} or {Out}"));
        }

        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        MovesPosition? from = null;
        if (request.Query["cursor"].ToString() is { Length: > 0 } cursor && !Cursor.TryDecode(cursor, out from))
        {
            return Problems.InvalidCursor();
        }

        var count = from?.Count ?? (await members.MovesAsync(id, first, cancellationToken)).Where(one => one.Day == day).Sum(one => way == In ? one.In : one.Out);
        return WebJson.Ok(await PageAsync(id, day, way == In, from, count, limit, cancellationToken));
    }

    private async Task<MovesPage> PageAsync(string segment, DateOnly day, bool isIn, MovesPosition? from, int count, int limit, CancellationToken cancellationToken)
    {
        var (page, shown) = (new List<MovedLead>(), from?.Shown ?? 0);
        await foreach (var moved in members.MovedAsync(segment, day, isIn, from is null ? null : (from.Partition, from.Row), cancellationToken))
        {
            if (page.Count == limit)
            {
                return new(Told(page), count, null, Cursor.Encode(new MovesPosition(page[^1].Partition, page[^1].Row, count, shown + page.Count)));
            }

            page.Add(moved);
        }

        return new(Told(page), count, Math.Max(0, count - shown - page.Count), null);
    }

    private static IReadOnlyList<ShownMove> Told(List<MovedLead> page) => [.. page.Select(one => new ShownMove(one.LeadId, one.At))];

    /// <param name="Row">After which it goes on.</param>
    /// <param name="Shown">Of the number, on the pages before.</param>
    private sealed record MovesPosition(string Partition, string Row, int Count, int Shown);

    internal sealed record ShownMove(string LeadId, DateTimeOffset At);

    /// <param name="Count">As the list of segments says, when the first page was asked for.</param>
    /// <param name="NotKept">On the last page: of the number, who is not listed. They were erased, or more moved on that day than are kept.</param>
    internal sealed record MovesPage(IReadOnlyList<ShownMove> Items, int Count, int? NotKept, string? NextCursor);
}
