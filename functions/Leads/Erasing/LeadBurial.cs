using Azure.Data.Tables;
using LeadFunctions.Events;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Reports.Writing;

namespace LeadFunctions.Leads.Erasing;

/// <summary>A lead that is to be erased, or was.</summary>
/// <param name="Tag">Of its row.</param>
/// <param name="Moving">Who was asked for, where that is frozen into the lead and no part of it: it is just being merged. Null: it is no other.</param>
/// <param name="Unheard">What frees those whom the lead has let go, and who have not heard of it.</param>
internal sealed record LeadFound(ErasedPerson Person, LeadState Lead, Azure.ETag Tag, LeadState? Moving, IReadOnlyList<LeadEvent> Unheard)
{
    /// <summary>What is left of it; null: it was never erased.</summary>
    public LeadState? Left => Lead.Erased is null ? null : Lead;
}

/// <summary>
/// Takes a person out of the table of leads: first the lead's row gives way to what is left of it, then all that stood beside it goes. Each step may be repeated; whoever held the lead in memory, on whatever
/// instance, loses the race for its row and finds it gone.
/// </summary>
public sealed class LeadBurial
{
    private const int TransactionLimit = 100;
    private const int AtOnce = 16;

    private readonly LeadsTable _table;
    private readonly LeadCache _cache;
    private readonly LeadPipeline _pipeline;
    private readonly EffectPublisher _publisher;
    private readonly RulesInEffect _rules;
    private readonly TimeProvider _time;

    internal LeadBurial(LeadsTable table, LeadCache cache, LeadPipeline pipeline, EffectPublisher publisher, RulesInEffect rules, TimeProvider time) =>
        (_table, _cache, _pipeline, _publisher, _rules, _time) = (table, cache, pipeline, publisher, rules, time);

    /// <summary>The lead by any id of it, with all that leads to it, as storage has it now; null when there is none.</summary>
    internal async Task<LeadFound?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var way = new List<LeadState>();
        var root = (await LeadDirectory.FollowAsync(ReadAsync, id, way, cancellationToken)).LeadId;
        if (await _table.FindAsync(root, cancellationToken) is not { Row: LeadRow.Profile { State: var lead }, ETag: var tag })
        {
            return null;
        }

        // A lead that is frozen into this one stands at a name that leads here, also where it was not taken in yet.
        var frozen = new Dictionary<string, LeadState>();
        var person = ErasedPerson.Of(lead, []);
        for (var seen = new HashSet<string>(); person.Names.Select(name => Identity.OfKey(name).Hash()).Union(person.LeadIds).Where(seen.Add).ToList() is { Count: > 0 } places;)
        {
            await Parallel.ForEachAsync(places, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (place, token) =>
            {
                var passed = new List<LeadState>();
                if ((await LeadDirectory.FollowAsync(ReadAsync, place, passed, token)).LeadId == root)
                {
                    lock (frozen)
                    {
                        passed.Where(state => state.Id != root).ToList().ForEach(state => frozen[state.Id] = state);
                    }
                }
            });
            person = ErasedPerson.Of(lead, frozen.Values);
        }

        // An address that a page only said of them may be somebody else's, who has it as a name.
        foreach (var address in person.Addresses.Where(address => !person.Names.Contains(Identity.Email(address).Key)).ToList())
        {
            var owner = await LeadDirectory.FollowAsync(ReadAsync, Identity.Email(address).Hash(), [], cancellationToken);
            if (owner.LeadId != root && owner.State is { IsErased: false })
            {
                person = person with { Addresses = [.. person.Addresses.Except([address])] };
            }
        }

        var unheard = new List<LeadEvent>();
        foreach (var other in lead.Outbox.Where(effect => effect.Kind == EffectKind.Unmerged).Select(effect => effect.To).OfType<string>().Distinct())
        {
            if (await _table.ReadAsync(other, cancellationToken) is LeadRow.Profile { State: var let } && Merges.ReleaseOf(let, lead, _time.GetUtcNow()) is { } release)
            {
                unheard.Add(release);
            }
        }

        return new(person, lead, tag, way is [.., var last] && !lead.IsErased && !lead.AllIds.Contains(last.Id) ? last : null, unheard);
    }

    /// <summary>Whoever was let go is free, and whoever was to be taken in is, though who was to tell them died: nobody is to be erased with another.</summary>
    internal async Task TellAsync(LeadFound found, CancellationToken cancellationToken)
    {
        IReadOnlyList<LeadEvent> events = found is { Unheard.Count: 0, Moving: { } moving } ? [Merges.Absorb(found.Lead.Id, moving.Id, $"erasing/{moving.Id}.{moving.Merges}", _time.GetUtcNow())] : found.Unheard;
        _cache.Forget(found.Lead.Id);
        var applied = await _pipeline.ApplyAsync(new($"{TextHash.Of(events[0].Id):x16}", _time.GetUtcNow(), events), cancellationToken); // who calls has seen that there is one
        await _publisher.PublishAsync(applied.Effects, cancellationToken);
        await _pipeline.ClearAsync(applied);
    }

    /// <summary>The lead is nobody from now on. Says it to whoever has to know, also when it was so before: whoever said so may have died before that.</summary>
    /// <returns>False when the lead has changed since it was found.</returns>
    internal async Task<bool> TryBuryAsync(LeadFound found, string erasure, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var left = found.Lead;
        if (left.IsErased)
        {
            _cache.Keep(left, found.Tag);
        }
        else
        {
            (left, var along) = Bury(left, erasure, _rules.Current, now);
            if (!await TryReplaceAsync(found, left, along, cancellationToken))
            {
                return false;
            }
        }

        await _publisher.PublishAsync(left.Outbox, cancellationToken);
        await _pipeline.ClearAsync(new([left], []));
        return true;
    }

    /// <summary>What is left of a lead, and what is written with it: it is on no list, and how it stood as its last month ended still counts, in nobody's name soon.</summary>
    internal static (LeadState Left, IReadOnlyList<TableTransactionAction> Along) Bury(LeadState lead, string erasure, LeadRules rules, DateTimeOffset now)
    {
        var left = Tombstones.Bury(lead, erasure, rules.Heard, now);
        return
        (
            left,
            [
                .. left.ListingVersion > 0 ? (TableTransactionAction[])[ListingRows.WriteLog([new(left.Id, left.ListingVersion, null)])] : [],
                .. CommitFacts.SnapshotOf(lead, rules, now) is { } stood ? (TableTransactionAction[])[FactRows.Write([stood])] : [],
            ]
        );
    }

    /// <summary>All places were looked at.</summary>
    internal async Task SweptAsync(string leadId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (await FindAsync(leadId, cancellationToken) is { Left: { IsErased: true, Erased.IsSwept: false } left } found
            && !await TryReplaceAsync(found, Tombstones.Swept(left, now), [], cancellationToken))
        {
        }
    }

    /// <summary>What stood beside the leads' rows goes, their parts' rows lead to what is left, and so do their names, which say nothing else any more.</summary>
    /// <returns>Rows.</returns>
    internal async Task<int> ClearAsync(ErasedPerson person, CancellationToken cancellationToken)
    {
        var rows = 0;
        foreach (var id in person.LeadIds)
        {
            while (await _table.KeysBesideAsync(id, cancellationToken) is { Count: > 0 } keys)
            {
                foreach (var some in keys.Chunk(TransactionLimit))
                {
                    // One that another deletes at the same moment is looked for again.
                    rows += await TrySubmitAsync([.. some.Select(key => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(LeadIds.Shard(id), key), Azure.ETag.All))], cancellationToken) is null ? 0 : some.Length;
                }
            }
        }

        var places = person.LeadIds.Concat(person.Names.Select(name => Identity.OfKey(name).Hash())).Distinct().Where(place => place != person.LeadId);
        await Parallel.ForEachAsync(places, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (place, token) =>
        {
            if (await RedirectAsync(place, person, token))
            {
                Interlocked.Increment(ref rows);
            }
        });
        return rows;
    }

    /// <summary>False when there was nothing to do.</summary>
    private async Task<bool> RedirectAsync(string place, ErasedPerson person, CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = await _table.FindAsync(place, cancellationToken);
            var action = found switch
            {
                null => LeadRows.WriteRedirect(place, new(person.LeadId, KnownAs.Nobody)), // what comes under this name is to find what is left
                { Row: LeadRow.Redirect { KnownAs.IsSomebody: true, LeadId: var to }, ETag: var tag } when person.LeadIds.Contains(to) => LeadRows.Redirected(place, person.LeadId, tag),
                { Row: LeadRow.Profile { State: { MergedInto: { } into } }, ETag: var tag } when person.LeadIds.Contains(into) => LeadRows.Redirected(place, person.LeadId, tag),
                _ => null, // somebody else's: a browser that several people used
            };
            if (action is null)
            {
                return false;
            }

            var isDone = await TrySubmitAsync([action], cancellationToken) is not null;
            _cache.Forget(place);
            if (isDone)
            {
                return found is not null;
            }
        }
    }

    private async Task<bool> TryReplaceAsync(LeadFound found, LeadState left, IReadOnlyList<TableTransactionAction> along, CancellationToken cancellationToken)
    {
        _cache.Forget(left.Id);
        if (await TrySubmitAsync([LeadRows.Write(left, default, found.Tag), .. along], cancellationToken) is not { } tags)
        {
            return false;
        }

        _cache.Keep(left, tags[0]);
        return true;
    }

    /// <returns>The rows' tags; null when one was not as it was thought.</returns>
    private async Task<IReadOnlyList<Azure.ETag>?> TrySubmitAsync(IReadOnlyList<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        try
        {
            return await _table.SubmitAsync(actions, cancellationToken);
        }
        catch (TableTransactionFailedException lost) when (lost.Status is 404 or 409 or 412)
        {
            return null;
        }
    }

    private async ValueTask<LeadRow> ReadAsync(string id, CancellationToken cancellationToken) => await _table.ReadAsync(id, cancellationToken);
}
