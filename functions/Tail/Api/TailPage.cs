using LeadFunctions.Events;
using LeadFunctions.Platform.Http;

namespace LeadFunctions.Tail.Api;

/// <summary>What came in, newest first.</summary>
/// <param name="Now">By the app's clock.</param>
/// <param name="WatchedFrom">From then on every instance tells what comes in; what came before may be missing.</param>
/// <param name="NextCursor">For what comes after; there is always one.</param>
/// <param name="NotShown">So many more came since the cursor.</param>
internal sealed record TailPage(DateTimeOffset Now, DateTimeOffset WatchedFrom, IReadOnlyList<TailItem> Items, string NextCursor, int NotShown)
{
    /// <summary>An instance writes with its own clock, which may differ, and a write takes its time (<see cref="TailWriter.Patience"/>): so far behind the cursor rows may still appear. What was there already comes again, under the same id.</summary>
    public static readonly TimeSpan Overlap = TailWriter.Patience + TimeSpan.FromSeconds(3);

    /// <summary>Of rows, each of many events.</summary>
    private const int MostParts = 500;

    /// <param name="parts">Newest first.</param>
    public static async Task<TailPage> OfAsync(IAsyncEnumerable<TailPart> parts, TailRequest request, DateTimeOffset watchedFrom, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (found, fresh, notShown, read, newest) = (new Dictionary<string, TailRow>(), new HashSet<string>(), 0, 0, (string?)null);
        await foreach (var part in parts.WithCancellation(cancellationToken))
        {
            newest ??= part.Key;
            var isFresh = request.After is null || string.CompareOrdinal(part.Key, request.After) < 0;
            notShown += isFresh ? part.NotShown : 0;
            foreach (var row in part.Rows)
            {
                found[row.Id] = found.TryGetValue(row.Id, out var known) ? known.With(row) : row;
                if (isFresh)
                {
                    fresh.Add(row.Id);
                }
            }

            if (++read == MostParts || (request.After is null && found.Count >= request.Limit && found.Values.Count(request.Wants) >= request.Limit))
            {
                break;
            }
        }

        var wanted = found.Values.Where(request.Wants).OrderByDescending(row => row.Id, StringComparer.Ordinal).ToList();
        return new(
            now, watchedFrom, [.. wanted.Take(request.Limit).Select(TailItem.Of)], Cursor.Encode(newest is null ? request.After ?? TailTable.KeyAt(now) : request.After is { } after && string.CompareOrdinal(after, newest) < 0 ? after : newest),
            notShown + (request.After is null ? 0 : wanted.Skip(request.Limit).Count(row => fresh.Contains(row.Id))));
    }
}

/// <summary>An event, or a request that was refused as a whole. One that comes again replaces what was shown under its id, as far as it says more.</summary>
/// <param name="LagMs">From its arrival until it was applied.</param>
internal sealed record TailItem(
    string Id, DateTimeOffset At, TailOutcome Outcome, string? Source, string? Type, string? Name, string? UserId, string? Email, string? AnonymousId, string? MessageId, string? Origin, string? Page,
    string? Reason, string? Path, string? Message, int? Events, string? LeadId, double? LagMs, IReadOnlyList<EarnedPoints>? Points, string? Stage, IReadOnlyList<string>? Entered, IReadOnlyList<string>? Left, IReadOnlyList<string>? Journeys)
{
    public static TailItem Of(TailRow row) => new(
        row.Id, row.At, row.Outcome, row.Source, row.Type, row.Name, row.UserId, row.Email, row.AnonymousId, row.MessageId, row.Origin, row.Page, row.Reason, row.Path, row.Message, row.Events,
        row.Lead, row.AppliedAt is { } applied ? Math.Max(0, Math.Round((applied - row.At).TotalMilliseconds)) : null, row.Points, row.Stage, row.Entered, row.Left, row.Journeys);
}
