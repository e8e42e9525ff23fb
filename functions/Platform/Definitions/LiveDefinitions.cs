using System.Collections.Concurrent;
using LeadFunctions.Platform.Storage;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Platform.Definitions;

/// <summary>Something kept in memory that must be looked after before it is used. See <see cref="FreshDefinitions"/>.</summary>
public interface IFreshness
{
    /// <summary>Completes at once while the copy is young; reads the revision otherwise.</summary>
    ValueTask FreshAsync(CancellationToken cancellationToken);
}

/// <summary>All that is in effect of one kind, at one moment.</summary>
/// <param name="Live">The versions in effect, by id.</param>
/// <param name="Published">Every version that has ever been in effect, those of <paramref name="Live"/> included.</param>
public sealed record DefinitionSet(long Revision, IReadOnlyDictionary<string, DefinitionVersion> Live, IReadOnlyList<DefinitionVersion> Published)
{
    /// <summary>Which versions came into effect when, of all documents, oldest first; of those that ceased to be without another in their place, null. Only where <see cref="Published"/> has more than <see cref="Live"/>.</summary>
    public IReadOnlyList<(DateTimeOffset Since, DefinitionVersion? Version)> Effects { get; init; } = [];

    /// <summary>Those whose live version was put into effect quietly, by id, and when (<see cref="DefinitionPointer.QuietSince"/>).</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Quiet { get; init; } = new Dictionary<string, DateTimeOffset>();
}

/// <summary>
/// An instance's copy of what is in effect of one kind, compiled once per change. No timer: an idle instance reads nothing. A use that finds the copy
/// older than two fifths of <see cref="DefinitionsTable.KnownWithin"/> looks at the revision in the background; one that finds it older than all of that waits.
/// </summary>
public sealed class LiveDefinitions<T> : IFreshness where T : class
{
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly string _kind;
    private readonly DefinitionsTable _table;
    private readonly TimeSpan _checkAfter;
    private readonly TimeSpan _serveUntil;
    private readonly bool _withHistory;
    private readonly Func<DefinitionSet, T> _compile;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<(string Id, int Version), DefinitionVersion> _versions = new();
    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private volatile Copy? _copy;
    private volatile Failure? _failure;
    private int _changes;

    /// <param name="withHistory">Also load the versions that were in effect once.</param>
    /// <param name="compile">From the documents to what the slice uses. Runs once per change.</param>
    public LiveDefinitions(string kind, DefinitionsTable table, bool withHistory, Func<DefinitionSet, T> compile, TimeProvider time, ILogger logger)
    {
        (_kind, _table, _withHistory, _compile, _time, _logger) = (kind, table, withHistory, compile, time, logger);
        (_checkAfter, _serveUntil) = (table.KnownWithin * 0.4, table.KnownWithin);
        table.Changed += changed => _ = changed == kind ? Interlocked.Increment(ref _changes) : 0;
    }

    private sealed record Copy(T Value, Revision Revision, long CheckedAt, int Changes);

    private sealed record Failure(string Reason, long At);

    /// <summary>The copy at hand. Every function invocation has had it refreshed before it starts (<see cref="FreshDefinitions"/>).</summary>
    /// <exception cref="DefinitionsUnavailableException">Nothing could be loaded yet.</exception>
    public T Current => _copy?.Value ?? throw new DefinitionsUnavailableException(_kind, _failure?.Reason ?? "not loaded yet");

    /// <summary>Who looks on, as the copy at hand knows; null: nobody ever did.</summary>
    public Watch? Watch => _copy?.Revision.Watch;

    public ValueTask FreshAsync(CancellationToken cancellationToken)
    {
        if (_copy is { } copy && copy.Changes == Volatile.Read(ref _changes))
        {
            var age = _time.GetElapsedTime(copy.CheckedAt);
            if (age < _checkAfter)
            {
                return ValueTask.CompletedTask;
            }

            if (age < _serveUntil)
            {
                if (_refreshing.CurrentCount > 0)
                {
                    _ = Task.Run(() => RefreshInBackgroundAsync(age), CancellationToken.None);
                }

                return ValueTask.CompletedTask;
            }
        }

        return new ValueTask(RefreshAsync(cancellationToken));
    }

    private async Task RefreshInBackgroundAsync(TimeSpan age)
    {
        try
        {
            await RefreshAsync(CancellationToken.None);
        }
        catch (Exception exception) when (StorageOutage.Is(exception))
        {
            // Until the copy is too old to serve, each use tries again; then the caller learns of it.
            _logger.DefinitionsNotRefreshed(_kind, StorageOutage.Describe(exception), age.TotalMilliseconds);
        }
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            // Both are taken before reading: what changes while we read must be looked at again.
            var changes = Volatile.Read(ref _changes);
            var checkedAt = _time.GetTimestamp();
            if (_copy is { } copy && copy.Changes == changes && _time.GetElapsedTime(copy.CheckedAt, checkedAt) < _checkAfter)
            {
                return;
            }

            // Callers take turns here: while storage is away they must not each wait for their own failure.
            if (_failure is { } failure && _time.GetElapsedTime(failure.At, checkedAt) < PauseAfterFailure)
            {
                throw new DefinitionsUnavailableException(_kind, failure.Reason);
            }

            await ReadAsync(changes, checkedAt, cancellationToken);
        }
        finally
        {
            _refreshing.Release();
        }
    }

    private async Task ReadAsync(int changes, long checkedAt, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(StoragePatience.IsBackground ? StoragePatience.InBackground : ReadTimeout);
        try
        {
            var revision = await _table.ReadRevisionAsync(_kind, timeout.Token);
            _copy = _copy is { } current && current.Revision.Value == revision.Value
                ? current with { Revision = revision, CheckedAt = checkedAt, Changes = changes }
                : new Copy(_compile(await LoadAsync(revision.Value, timeout.Token)), revision, checkedAt, changes);
            _failure = null;
        }
        catch (Exception exception) when (StorageOutage.Is(exception) && !cancellationToken.IsCancellationRequested)
        {
            _failure = new Failure(StorageOutage.Describe(exception), _time.GetTimestamp());
            throw new DefinitionsUnavailableException(_kind, _failure.Reason);
        }
    }

    private async Task<DefinitionSet> LoadAsync(long revision, CancellationToken cancellationToken)
    {
        var pointers = await _table.ListAsync(_kind, cancellationToken);
        var wanted = pointers
            .SelectMany(p => _withHistory ? p.Published.Select(v => (p.Id, v)) : p.Live is { } live ? [(p.Id, live)] : [])
            .ToList();
        await Parallel.ForEachAsync(
            wanted.Where(key => !_versions.ContainsKey(key)),
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken },
            async (key, token) =>
            {
                // Deleted since the pointers were read: the next refresh will not name it.
                if (await _table.FindVersionAsync(_kind, key.Id, key.Item2, token) is { } version)
                {
                    _versions[key] = version;
                }
            });

        var kept = wanted.ToHashSet();
        foreach (var gone in _versions.Keys.Where(key => !kept.Contains(key)))
        {
            _versions.TryRemove(gone, out _);
        }

        return new DefinitionSet(
            revision,
            pointers.Where(p => p.Live is not null && _versions.ContainsKey((p.Id, p.Live.Value))).ToDictionary(p => p.Id, p => _versions[(p.Id, p.Live!.Value)]),
            [.. wanted.Where(_versions.ContainsKey).Select(key => _versions[key])])
        {
            Effects = _withHistory
                ? [.. pointers.SelectMany(p => p.Effects.Select(effect => (effect.Since, Version: effect.Version is { } version ? _versions.GetValueOrDefault((p.Id, version)) : null))).OrderBy(effect => effect.Since).ThenBy(effect => effect.Version is not null)]
                : [],
            Quiet = pointers.Where(p => p.QuietSince is not null).ToDictionary(p => p.Id, p => p.QuietSince!.Value), // as just asked
        };
    }
}
