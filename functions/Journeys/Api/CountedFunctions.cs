using LeadFunctions.Access;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Journeys.Statistics;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Journeys.Api;

/// <summary>Exactly those whom a number of a journey's statistics counts, by the definition that counted them.</summary>
public sealed class CountedFunctions(RunsTable runs, DefinitionsTable table, TimeProvider time)
{
    /// <summary>Runs that one page looks at: a number may be of three among a hundred thousand.</summary>
    private const int MostLooked = 5_000;

    [Function(nameof(ListCountedPeople)), ShowsPeople, RequiresScope(Scope.Read)]
    public async Task<IResult> ListCountedPeople(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/journeys/{id}/people")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (!DefinitionId.IsValid(id) || await table.FindAsync(JourneyStore.Kind, id, cancellationToken) is null)
        {
            return Problems.NotFound(JourneyFunctions.TheJourney);
        }

        var now = time.GetUtcNow();
        var (asked, errors) = CountedRequest.Parse(request.Query, DayCounts.Day(now));
        if (asked is null)
        {
            return Problems.Invalid(errors);
        }

        Position? from = null;
        if (request.Query.TryGetValue("cursor", out var cursor) && !Cursor.TryDecode(cursor, out from))
        {
            return Problems.InvalidCursor();
        }

        // The number is read once: what happens while somebody turns the pages belongs neither to it nor to them.
        from ??= new(0, "", now, asked.What.In(await runs.SumsAsync(id, asked.What.Since, cancellationToken), asked.Version), 0);
        return WebJson.Ok(await PageAsync(id, asked, from, cancellationToken));
    }

    private async Task<CountedPage> PageAsync(string journey, CountedRequest asked, Position start, CancellationToken cancellationToken)
    {
        var (page, at, looked, shown) = (new List<CountedRun>(), (start.Shard, start.Row), 0, start.Shown);
        await foreach (var (run, _) in runs.ListAsync(journey, asked.Stored.Status, asked.Stored.Step, asked.Version, at, cancellationToken))
        {
            if (page.Count == asked.Limit || looked == MostLooked)
            {
                return new(page, start.Count, null, Cursor.Encode(start with { Shard = at.Shard, Row = at.Row, Shown = shown }));
            }

            (at, looked) = (RunsTable.PositionOf(run), looked + 1);
            if (asked.What.Of(run, start.AsOf) is [.., var last] times)
            {
                page.Add(CountedRun.Of(run, times.Count, last));
                shown += times.Count;
            }
        }

        return new(page, start.Count, asked.Stored.Status == RunStatus.Active ? 0 : Math.Max(0, start.Count - shown), null); // who went on meanwhile was not erased
    }

    /// <param name="Shard">With the row: after which run it goes on.</param>
    /// <param name="AsOf">When the first page was asked for, and what the number was then.</param>
    /// <param name="Shown">Of it, on the pages before.</param>
    private sealed record Position(int Shard, string Row, DateTimeOffset AsOf, long Count, long Shown);

    /// <param name="Times">How often it is in the number: in a repeat, once for each round.</param>
    /// <param name="At">When, the last time.</param>
    internal sealed record CountedRun(string Run, string LeadId, int Version, RunStatus Status, int Times, DateTimeOffset At, DateTimeOffset EnteredAt, DateTimeOffset? EndedAt, string? EndReason)
    {
        public static CountedRun Of(RunState run, int times, DateTimeOffset at) => new(run.Id, run.LeadId, run.Version, run.Status, times, at, run.EnteredAt, run.EndedAt, run.EndReason);
    }

    /// <param name="Count">The number, as it was when the first page was asked for.</param>
    /// <param name="NotKept">On the last page: of the number, what no run tells of any more, since the person was erased.</param>
    internal sealed record CountedPage(IReadOnlyList<CountedRun> Items, long Count, long? NotKept, string? NextCursor);
}
