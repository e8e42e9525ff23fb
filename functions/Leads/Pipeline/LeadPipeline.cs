using System.Collections.Concurrent;
using LeadFunctions.Events;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Leads.Pipeline;

/// <summary>What a batch did.</summary>
/// <param name="Leads">Every lead it touched, as committed last; their outboxes hold what must be published.</param>
/// <param name="Refused">Events that can never be applied, with the reason.</param>
internal sealed record Applied(IReadOnlyCollection<LeadState> Leads, IReadOnlyList<(LeadEvent Event, string Reason)> Refused)
{
    public IReadOnlyList<LeadEffect> Effects => [.. Leads.SelectMany(lead => lead.Outbox)];
}

/// <summary>
/// Applies events to leads: finds out whom each belongs to and commits. May be called again with the same batch at any
/// time, after any failure: what was done stays done once, what was not is done.
/// </summary>
public sealed class LeadPipeline
{
    /// <summary>Each pass loses only to somebody else's progress; this many in a row are no coincidence.</summary>
    private const int PassLimit = 100;
    private const int PassesAtOnce = 4;
    private const int MostMilliseconds = 100;

    private readonly LeadDirectory _directory;
    private readonly LeadCache _cache;
    private readonly TimeProvider _time;
    private readonly ShardCommitter[] _shards;
    private readonly LeadHistory _history;
    private readonly Func<LeadRules> _rules;

    internal LeadPipeline(LeadDirectory directory, LeadsTable table, LeadCache cache, Func<LeadRules> rules, TimeProvider time, SuppressedOf? suppressed = null)
    {
        (_directory, _cache, _time, _history, _rules) = (directory, cache, time, new LeadHistory(table), rules);
        var turns = new CommitTurns(ShardGroup.LeadLimit);
        _shards = [.. Enumerable.Range(0, LeadIds.Shards).Select(_ => new ShardCommitter(table, cache, rules, turns, time, suppressed))];
    }

    /// <param name="told">What each event did is added here; null where nobody asks.</param>
    /// <exception cref="TimeoutException">The events' leads kept changing under it. Nothing is lost: call again.</exception>
    internal async Task<Applied> ApplyAsync(EventBatch batch, CancellationToken cancellationToken, ICollection<AppliedEvent>? told = null)
    {
        var touched = new Dictionary<string, LeadState>();
        var refused = new List<(LeadEvent, string)>();
        var freed = new HashSet<string>();
        IReadOnlyList<LeadEvent> left = batch.Events;
        var order = new Dictionary<LeadEvent, int>(ReferenceEqualityComparer.Instance);
        foreach (var e in batch.Events)
        {
            order.TryAdd(e, order.Count);
        }

        for (var pass = 0; left.Count > 0; pass++)
        {
            if (pass == PassLimit)
            {
                throw new TimeoutException($"The leads of {left.Count} events of batch {batch.Id} changed {PassLimit} times under it.");
            }

            if (pass > PassesAtOnce)
            {
                // Two instances that change the same leads would go on undoing each other's decisions: chance lets one of them be done first.
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(Math.Min(4 * pass, MostMilliseconds))), TimeProvider.System, cancellationToken);
            }

            // In the order in which they came, so that what a later one needs another pass for does not overtake an earlier one.
            var again = await PassAsync(batch, left, pass, touched, refused, told, cancellationToken);

            // Who is let go is free before that is told or anything else comes of it: in between, what is theirs would be taken for the other's.
            again.AddRange(touched.Values.SelectMany(lead => Merges.Releases(lead, _time.GetUtcNow())).Where(release => freed.Add(release.Id)));
            left = [.. again.Distinct<LeadEvent>(ReferenceEqualityComparer.Instance).OrderBy(e => order.GetValueOrDefault(e, int.MaxValue))];
        }

        return new Applied(touched.Values, refused);
    }

    /// <summary>
    /// The lead as it is now, by any id that it ever had; null when there is none. What memory holds is not believed but proven: by a write that changes nothing and
    /// goes with others' writes in one transaction, where reads would be one request each.
    /// </summary>
    internal async Task<LeadState?> FindAsync(string id, CancellationToken cancellationToken)
    {
        LeadState? passed = null;
        for (var tries = 0; LeadIds.IsValid(id) && tries < PassLimit; tries++)
        {
            var isCached = _directory.IsCached(id);
            switch (await _directory.RowAsync(id, cancellationToken))
            {
                case LeadRow.Redirect redirect:
                    id = redirect.LeadId;
                    break;
                case LeadRow.Profile profile:
                    var work = new LeadWork(id) { IsProof = true, IsForFrozen = true };
                    var state = !isCached ? profile.State
                        : await CommitAsync(work) is CommitOutcome.Committed { State: { } proven } ? proven
                        : null;
                    if (state is { MergedInto: null })
                    {
                        if (passed is not null && Merges.ReleaseOf(passed, state, _time.GetUtcNow()) is { } release)
                        {
                            await ApplyAsync(new EventBatch($"{TextHash.Of(release.Id):x16}", _time.GetUtcNow(), [release]), cancellationToken); // whoever let it go died before it heard of that
                            (id, passed) = (passed.Id, null);
                            break;
                        }

                        return state.IsErased ? null : state;
                    }

                    (id, passed) = (state?.MergedInto ?? id, state);
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    /// <summary>Clears from the outboxes what is known to be published.</summary>
    internal Task ClearAsync(Applied applied) =>
        Task.WhenAll(applied.Leads.Where(lead => lead.Outbox.Count > 0).Select(lead =>
            CommitAsync(new LeadWork(lead.Id) { Published = [.. lead.Outbox.Select(effect => effect.Id)], IsForFrozen = true })));

    private async Task<List<LeadEvent>> PassAsync(
        EventBatch batch, IReadOnlyList<LeadEvent> events, int pass, Dictionary<string, LeadState> touched, List<(LeadEvent, string)> refused, ICollection<AppliedEvent>? told, CancellationToken cancellationToken)
    {
        var wave = new Wave(_directory, batch.ReceivedAt, await PrefetchAsync(events, cancellationToken));
        foreach (var e in events)
        {
            await wave.PlaceAsync(e, mayAssume: pass == 0, cancellationToken);
        }

        foreach (var frozen in wave.Passed.Where(lead => lead.Outbox.Count > 0))
        {
            touched[frozen.Id] = frozen;
        }

        if (await LinkAsync(wave) is { Count: > 0 } lost)
        {
            wave.Withdraw(lost);
        }

        var again = wave.Again;
        var now = _time.GetUtcNow();
        var inside = wave.ToFreeze.Select(merge => Merges.Freeze(merge.Key, merge.Value, MergesOf(merge.Key), now))
            .Concat(wave.ToFree.Select(id => Merges.Release(id, "", $"loop/{id}/{MergesOf(id)}", now)));
        foreach (var e in inside)
        {
            var id = e.LeadId!; // events from inside always name their lead
            again.AddRange(wave.Leads.GetValueOrDefault(id, []).Select(arrival => arrival.Event));
            wave.Leads[id] = [new Arrival(e, now, []) { AcceptedAt = batch.ReceivedAt }];
            wave.Claims.Remove(id);
        }

        var batchId = pass == 0 ? batch.Id : $"{batch.Id}.{pass}";
        var arrivals = wave.Leads.Where(lead => lead.Value.Count > 0).ToDictionary();
        var works = arrivals.Keys.Union(wave.Claims.Keys).Union(wave.Unclaims.Keys).Union(wave.Founded).Select(id => new LeadWork(id)
        {
            BatchId = batchId,
            Arrivals = arrivals.GetValueOrDefault(id, []),
            Claims = wave.Claims.TryGetValue(id, out var claims) ? claims.Names.Keys : [],
            Unclaims = wave.Unclaims.GetValueOrDefault(id, []),
            JudgedAs = wave.Judged.GetValueOrDefault(id),
            IsAssumedNew = wave.AssumedNew.Contains(id),
            IsFounding = wave.Founded.Contains(id),
            IsForFrozen = arrivals.TryGetValue(id, out var some) && some.TrueForAll(arrival => Merges.IsForFrozen(arrival.Event)),
        }).ToList();
        await CompleteAsync(arrivals.Keys, cancellationToken);
        await Task.WhenAll(works.Select(CommitAsync));
        foreach (var work in works)
        {
            Take(work, await work.Outcome, wave, touched, refused, told, again);
        }

        return again;
    }

    private void Take(LeadWork work, CommitOutcome outcome, Wave wave, Dictionary<string, LeadState> touched, List<(LeadEvent, string)> refused, ICollection<AppliedEvent>? told, List<LeadEvent> again)
    {
        if (work.IsAssumedNew)
        {
            _directory.Learn(seenBefore: outcome is not CommitOutcome.Committed);
        }

        switch (outcome)
        {
            case CommitOutcome.Committed { State: { } state }:
                touched[work.Id] = state;
                foreach (var entry in told is null ? [] : work.Timeline)
                {
                    told!.Add(new(work.Id, entry)); // it is asked for
                }

                break;
            case CommitOutcome.Refused { Reason: var reason }:
                // What was to bring the lead a name can be applied no more than what was to be applied to it.
                var events = work.Arrivals.Select(arrival => arrival.Event).Concat(wave.Claims.TryGetValue(work.Id, out var claims) ? claims.By : []).ToHashSet<LeadEvent>(ReferenceEqualityComparer.Instance);
                again.RemoveAll(events.Contains);
                refused.AddRange(events.Select(e => (e, reason)));
                break;
            default:
                // What froze or freed a lead is decided anew from the events that asked for it.
                again.AddRange(work.Arrivals.Select(arrival => arrival.Event).Where(e => !Merges.IsFreeze(e)));
                break;
        }
    }

    /// <summary>Leads that lack what is asked of their events get it, in memory: it is written with what comes.</summary>
    private async Task CompleteAsync(IEnumerable<string> leadIds, CancellationToken cancellationToken)
    {
        var asked = _rules().History;
        var lacking = leadIds.Select(_cache.Find).OfType<LeadRow.Profile>().Where(known => LeadHistory.IsLacking(known.State, asked)).ToList();
        await Parallel.ForEachAsync(lacking, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken }, async (known, token) =>
        {
            var complete = await _history.CompleteAsync(known.State, asked, token);
            if (ReferenceEquals(_cache.Find(complete.Id), known))
            {
                _cache.Keep(complete, known.ETag);
            }
        });
    }

    /// <summary>Redirects stand before the profile says that it owns the identity. The answer is which were lost to somebody else.</summary>
    private async Task<IReadOnlySet<string>> LinkAsync(Wave wave)
    {
        var links = wave.Links.Select(link => new LinkWork(link.Key, link.Value)).ToList();
        await Task.WhenAll(links.Select(CommitAsync));
        var lost = new HashSet<string>();
        foreach (var link in links)
        {
            if (await link.Outcome is CommitOutcome.Conflict)
            {
                lost.Add(link.Id);
            }
        }

        return lost;
    }

    /// <summary>Reads side by side what placing the events one after the other will ask for. What is there is cached then; the answer is what is not.</summary>
    private async Task<IReadOnlySet<string>> PrefetchAsync(IReadOnlyList<LeadEvent> events, CancellationToken cancellationToken)
    {
        var ids = new HashSet<string>();
        foreach (var e in events)
        {
            var identities = Identity.Of(e);
            if (identities.Count > 1 || !_directory.ExpectsNew)
            {
                ids.UnionWith(identities.Select(identity => identity.Hash()));
            }
        }

        ids.RemoveWhere(_directory.IsCached);
        if (ids.Count < 2)
        {
            return new HashSet<string>();
        }

        var absent = new ConcurrentDictionary<string, bool>();
        await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken }, async (id, token) =>
        {
            if (await _directory.RowAsync(id, token) is LeadRow.Nothing)
            {
                absent[id] = true;
            }
        });
        return absent.Keys.ToHashSet();
    }

    private int MergesOf(string leadId) => _cache.Find(leadId) is LeadRow.Profile profile ? profile.State.Merges : 0;

    private Task<CommitOutcome> CommitAsync(ShardWork work) => _shards[LeadIds.ShardIndex(work.Id)].CommitAsync(work);
}
