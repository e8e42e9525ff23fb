using Azure;
using Azure.Data.Tables;
using LeadFunctions.Leads.State;
using LeadFunctions.Reports;
using LeadFunctions.Reports.Writing;

namespace LeadFunctions.Leads.Pipeline;

/// <summary>
/// One transaction in the making: the works of up to 49 leads and redirects of one shard. Each lead's works are applied
/// one after the other to one state, which is written once, with one timeline row a batch; one row for all tells what listings show of them now, and one what reports are to count.
/// </summary>
internal sealed class ShardGroup(LeadCache cache, LeadRules rules, DateTimeOffset now)
{
    public const int LeadLimit = 49;

    /// <summary>Of the hundred that a transaction may have, one is for listings and one for facts.</summary>
    private const int ActionLimit = 98;
    private const int ByteLimit = 3 * 1024 * 1024;

    private readonly Dictionary<string, Part> _parts = [];
    private readonly Dictionary<string, bool> _suppressed = [];
    private int _bytes;
    private int _actions;

    public int Count => _parts.Count;

    /// <summary>False when the group is full or the row is taken: the work belongs to the next group.</summary>
    public bool TryAdd(ShardWork work)
    {
        if (_parts.TryGetValue(work.Id, out var part))
        {
            if (work is LinkWork || part.Works[0] is LinkWork || _actions >= ActionLimit)
            {
                return false;
            }

            part.Works.Add(work);
            _actions++;
            return true;
        }

        if (_parts.Count >= LeadLimit || _actions + 2 > ActionLimit || _bytes > ByteLimit)
        {
            return false;
        }

        _parts[work.Id] = new Part([work]);
        _actions += 2;
        _bytes += 16 * 1024;
        return true;
    }

    /// <summary>Of who has become eligible by what was built, addresses of which nobody has said whether anything is sent to them.</summary>
    public IReadOnlyCollection<string> Unasked =>
        [.. _parts.Values.Where(part => part.Facts.Any(fact => fact.Kind == FactKind.Eligible && fact.Values?[Dimensions.Origin] == Dimensions.Live)).Select(part => part.State?.Whole.Email).OfType<string>().Distinct().Where(address => !_suppressed.ContainsKey(address))];

    /// <summary>What is built from now on knows of these.</summary>
    public void Answer(IReadOnlyCollection<string> addresses, IReadOnlySet<string> suppressed)
    {
        foreach (var address in addresses)
        {
            _suppressed[address] = suppressed.Contains(address);
        }
    }

    /// <summary>Computes what to write; finishes at once the works that need no write.</summary>
    public IReadOnlyList<TableTransactionAction> Build()
    {
        var actions = new List<TableTransactionAction>(_actions);
        foreach (var (id, part) in _parts.ToList())
        {
            part.First = actions.Count;
            if (part.Works[0] is LinkWork link)
            {
                actions.Add(link.Action);
            }
            else if (!TryBuild(part, actions))
            {
                _parts.Remove(id);
            }

            part.Actions = actions.Count - part.First;
        }

        if (_parts.Values.Select(part => part.Listed).OfType<ListingChange>().ToList() is { Count: > 0 } listed)
        {
            actions.Add(ListingRows.WriteLog(listed));
        }

        if (_parts.Values.SelectMany(part => part.Facts).ToList() is { Count: > 0 } facts)
        {
            actions.Add(FactRows.Write(facts));
        }

        return actions;
    }

    public void Committed(IReadOnlyList<ETag> etags)
    {
        foreach (var (id, part) in _parts)
        {
            if (part.Works[0] is LinkWork link)
            {
                cache.Keep(id, link.Row);
                link.Finish(new CommitOutcome.Committed(null));
                continue;
            }

            cache.Keep(part.State!, etags[part.First]); // built together with the actions
            Finish(part, new CommitOutcome.Committed(part.State));
            RefusedStarts.Count(part.RefusedStarts);
        }
    }

    /// <summary>Takes out the one whose action was refused; with it all that were only assumed to be new, since that assumption just failed.</summary>
    public void TakeOut(int action)
    {
        var (id, refused) = _parts.First(p => action >= p.Value.First && action < p.Value.First + p.Value.Actions);
        var wasAssumed = refused.IsAssumedNew;
        Conflict(id, refused);
        if (wasAssumed)
        {
            foreach (var (other, part) in _parts.Where(p => p.Value.IsAssumedNew).ToList())
            {
                Conflict(other, part);
            }
        }
    }

    /// <summary>Nothing is known of what was written: what the cache holds may be wrong.</summary>
    public void Fail(Exception exception)
    {
        foreach (var (id, part) in _parts)
        {
            cache.Forget(id);
            part.Works.ForEach(work => work.Fail(exception));
        }
    }

    /// <summary>The only one left is more than storage takes.</summary>
    public void Refuse(string reason)
    {
        foreach (var part in _parts.Values)
        {
            Finish(part, new CommitOutcome.Refused(reason));
        }
    }

    public IReadOnlyList<ShardWork> Works => [.. _parts.Values.SelectMany(part => part.Works)];

    private bool TryBuild(Part part, List<TableTransactionAction> actions)
    {
        var works = part.Works.ConvertAll(work => (LeadWork)work);
        var row = cache.Find(part.Id);
        if (row is LeadRow.Redirect)
        {
            Conflict(part.Id, part);
            return false;
        }

        var profile = row as LeadRow.Profile;
        part.IsAssumedNew = profile is null && works.Exists(work => work.IsAssumedNew);
        var state = profile?.State ?? new LeadState { Id = part.Id };
        var before = state;
        LeadScore? score = null;
        part.RefusedStarts = 0;
        var (timeline, facts) = (new List<TableTransactionAction>(), new List<Fact>());
        try
        {
            foreach (var work in works)
            {
                var brings = work.Arrivals.Count + work.Claims.Count > 0;
                if (brings && ((state.MergedInto is not null && !work.IsForFrozen) || (work.JudgedAs is { } judged && !judged.Equals(state.KnownAs))))
                {
                    // Frozen meanwhile, or somebody else: this one's events may belong elsewhere, what others have for the row goes on.
                    work.Finish(CommitOutcome.Conflict.Instance);
                    part.Works.Remove(work);
                    continue;
                }

                var reduced = Reducer.Apply(state, work.Arrivals, rules, now);
                facts.AddRange(CommitFacts.Of(state, reduced.State, reduced.Timeline, reduced.Score, rules, now));
                state = Claimed(Cleared(reduced.State, work.Published), work.Claims, work.Unclaims);
                (score, work.Timeline) = (reduced.Score ?? score, reduced.Timeline);
                part.RefusedStarts += reduced.Timeline.Sum(entry => entry.Changes?.NotStarted?.Count ?? 0);
                if (reduced.Timeline.Count > 0)
                {
                    timeline.Add(LeadRows.WriteTimeline(part.Id, [.. reduced.Timeline], work.BatchId));
                }
            }

            var isUnchanged = ReferenceEquals(state, before) && !(profile is null && works.Exists(work => work.IsFounding));
            var isProof = isUnchanged && works.Exists(work => work.IsProof);
            if (isProof && profile is null)
            {
                // Memory has let go of it meanwhile: there is nothing to prove.
                Conflict(part.Id, part);
                return false;
            }

            if (isUnchanged && !isProof)
            {
                Finish(part, new CommitOutcome.Committed(state));
                return false;
            }

            actions.Add(isProof ? LeadRows.WriteNothing(part.Id, profile!.ETag) // a proof without one is a conflict
                : LeadRows.Write(state, score ?? Reducer.ScoreOf(state, rules.Scoring, now), profile?.ETag));
            actions.AddRange(timeline);
            (part.State, part.Facts) = (state, state.Whole.Email is { } address && _suppressed.GetValueOrDefault(address) ? facts.ConvertAll(CommitFacts.OfSuppressed) : facts);
            part.Listed = score is { } changed ? ListingChange.Of(state, changed, rules.Segments) : null;
            return true;
        }
        catch (LeadTooLargeException tooLarge)
        {
            Finish(part, new CommitOutcome.Refused(tooLarge.Message));
            return false;
        }
        catch (Exception unexpected)
        {
            // One lead's broken row must not keep the others of its shard from being written.
            works.ForEach(work => work.Fail(unexpected));
            return false;
        }
    }

    private static LeadState Cleared(LeadState state, IReadOnlyCollection<string> published)
    {
        if (published.Count == 0 || !state.Outbox.Exists(effect => published.Contains(effect.Id)))
        {
            return state;
        }

        var cleared = state.Copy();
        cleared.Outbox.RemoveAll(effect => published.Contains(effect.Id));
        return cleared;
    }

    private static LeadState Claimed(LeadState state, IReadOnlyCollection<string> claims, IReadOnlyCollection<string> unclaims)
    {
        if (state.IsErased || ((claims.Count == 0 || claims.All(state.KnownAs.Has)) && (unclaims.Count == 0 || state.Claims?.Any(unclaims.Contains) != true)))
        {
            return state;
        }

        var claimed = state.Copy();
        List<string> names = [.. (state.Claims ?? []).Except(unclaims), .. claims.Where(claim => !state.KnownAs.Has(claim))];
        claimed.Claims = names.Count == 0 ? null : names;
        return claimed;
    }

    private void Conflict(string id, Part part)
    {
        cache.Forget(id);
        _parts.Remove(id);
        Finish(part, CommitOutcome.Conflict.Instance);
    }

    private static void Finish(Part part, CommitOutcome outcome) => part.Works.ForEach(work => work.Finish(outcome));

    private sealed class Part(List<ShardWork> works)
    {
        public List<ShardWork> Works { get; } = works;

        public string Id => Works[0].Id;

        public LeadState? State { get; set; }

        /// <summary>What listings show of it from this commit on; null where that stays.</summary>
        public ListingChange? Listed { get; set; }

        /// <summary>What reports are to count of it.</summary>
        public IReadOnlyList<Fact> Facts { get; set; } = [];

        public bool IsAssumedNew { get; set; }

        public int RefusedStarts { get; set; }

        public int First { get; set; }

        public int Actions { get; set; }
    }
}
