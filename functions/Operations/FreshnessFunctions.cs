using LeadFunctions.Access;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Reports.Stored;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Operations;

/// <summary>How far behind the app is. Lists, counts and figures are read up to the moment at which somebody asks, so what can be behind is what has not been applied yet, and what waits for its time.</summary>
public sealed class FreshnessFunctions(StorageClients storage, IEnumerable<OwnedQueue> queues, DueTable due, FactReader facts, IOptions<DefinitionsOptions> definitions, TimeProvider time)
{
    private readonly string[] _queues = [.. queues.Select(queue => queue.Name).Distinct()];

    [Function(nameof(GetFreshness)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetFreshness(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/freshness")] HttpRequest request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var minute = due.EarliestAsync(now, cancellationToken);
        var waiting = Task.WhenAll(_queues.Select(queue => FindAsync(queue, cancellationToken)));
        await Task.WhenAll(minute, waiting);
        var ahead = now - TimeProvider.System.GetUtcNow(); // storage's clock is the real one
        return WebJson.Ok(new Freshness(now, [.. (await waiting).Select(queue => queue with { OldestAt = queue.OldestAt + ahead })], await minute, facts.ReadThrough + ahead, definitions.Value.KnownWithin.TotalSeconds));
    }

    /// <summary>One request where nothing waits, which is nearly always.</summary>
    private async Task<WaitingQueue> FindAsync(string name, CancellationToken cancellationToken)
    {
        var queue = storage.Queue(name);
        if ((await queue.GetPropertiesAsync(cancellationToken)).Value.ApproximateMessagesCount is not (> 0 and var waiting))
        {
            return new(name, 0, null);
        }

        var first = (await queue.PeekMessagesAsync(1, cancellationToken)).Value; // what is worked on is not shown
        return new(name, waiting, first is [{ InsertedOn: { } at }, ..] ? at : null);
    }

    /// <param name="LeadsDueSince">A minute that has come and in which leads are to be looked at, because time alone concerns them; null: all were.</param>
    /// <param name="FiguresThrough">Up to when this instance has read what figures are counted from: it reads on as soon as somebody asks for one. Null: nobody has, or it still reads for the first time.</param>
    /// <param name="DefinitionsKnownWithin">Seconds after which every instance that is used goes by what was published, paused or revoked.</param>
    internal sealed record Freshness(DateTimeOffset AsOf, IReadOnlyList<WaitingQueue> Queues, DateTimeOffset? LeadsDueSince, DateTimeOffset? FiguresThrough, double DefinitionsKnownWithin);

    /// <param name="Waiting">About how many messages, with those that are being worked on.</param>
    /// <param name="OldestAt">Since when the first of those waits that nobody works on; null: all are being worked on, or none waits.</param>
    internal sealed record WaitingQueue(string Queue, int Waiting, DateTimeOffset? OldestAt);
}
