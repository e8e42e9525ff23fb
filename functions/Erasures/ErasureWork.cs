using LeadFunctions.Leads.Erasing;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Erasures;

/// <summary>
/// Erases somebody: first the lead is nobody, in one write, then place by place what is kept elsewhere goes, then the same places are looked at once more when all that was on its way must have arrived.
/// What is done stands in the erasure's row after each place: whoever is killed before that does the place again.
/// </summary>
public sealed class ErasureWork(ErasuresTable table, ErasureRuns runs, LeadBurial burial, Places places, TimeProvider time, ILogger<ErasureWork> logger)
{
    /// <summary>Longer than anything may be in the hands of a host that was killed, with what follows from it.</summary>
    private static readonly TimeSpan OnItsWay = LostHost.IsOver;

    /// <summary>Between looks at a lead that is being merged or let go.</summary>
    private static readonly TimeSpan Moving = TimeSpan.FromMilliseconds(200);

    /// <summary>Of one activity.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Between looks at what has to wait.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    /// <summary>Goes on for some seconds. True when nothing can be done just now.</summary>
    internal async Task<bool> GoOnAsync(DurableTaskClient client, string id, CancellationToken cancellationToken)
    {
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < Patience;)
        {
            if (await AdvanceAsync(client, id, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Does the next thing. True when nothing can be done just now.</summary>
    internal async Task<bool> AdvanceAsync(DurableTaskClient client, string id, CancellationToken cancellationToken)
    {
        if (await table.FindAsync(id, cancellationToken) is not { State: { Status: not ErasureStatus.Done, LeadId: { } leadId } erasure } stored)
        {
            return true;
        }

        var found = await burial.FindAsync(leadId, cancellationToken);
        if (found is { Unheard.Count: > 0 })
        {
            await burial.TellAsync(found, cancellationToken);
            return false;
        }

        if (erasure.Status == ErasureStatus.Erasing && erasure.Step == 0)
        {
            if (found is { Moving: not null })
            {
                if (time.GetUtcNow() - erasure.RequestedAt < OnItsWay)
                {
                    await Task.Delay(Moving, TimeProvider.System, cancellationToken); // they are no part of it yet
                    return false;
                }

                await burial.TellAsync(found, cancellationToken); // what was to bring them there is lost
                return (await burial.FindAsync(leadId, cancellationToken))?.Moving is not null; // never another in their place
            }

            return found is null ? await EndAsync(stored, cancellationToken) : await BuryAsync(stored, found, cancellationToken);
        }

        if (found?.Left is not { IsErased: true } left || erasure.Person is not { } person)
        {
            return await EndAsync(stored, cancellationToken); // they are back: what is there now is of later
        }

        person = person.With(found.Person); // also what was frozen into the lead meanwhile
        if (erasure.Step <= places.All.Count)
        {
            var place = places.All[erasure.Step - 1]; // before the first the lead is buried
            var (count, isDone) = await place.EraseAsync(new(person, left.Erased!, erasure.Salt ?? erasure.Id, client), cancellationToken); // as was just seen
            await table.TrySaveAsync(stored, erasure.With(place.Name, count) with { Person = person, Step = erasure.Step + 1, Waits = erasure.Waits || !isDone }, cancellationToken);
            return false;
        }

        return await RestAsync(client, stored, left, cancellationToken);
    }

    /// <summary>Whom it is about is written down before the lead, which says so, is gone.</summary>
    private async Task<bool> BuryAsync(StoredErasure stored, LeadFound found, CancellationToken cancellationToken)
    {
        var erasure = stored.State;
        if (found.Left is { IsErased: true, Erased: { } before } && before.Id != erasure.Id)
        {
            return await EndAsync(stored, cancellationToken); // somebody else asked for it first
        }

        // Of one that is buried nobody else knows any more who they were; of one that is not, what was written down before may have been parted from them since.
        var person = found.Left is not null && erasure.Person is { } known ? found.Person.With(known) : found.Person;
        if (erasure.Person is not { } written || !written.Knows(person) || !person.Knows(written))
        {
            await table.TrySaveAsync(stored, erasure with { Person = person }, cancellationToken);
        }
        else if (await burial.TryBuryAsync(found, erasure.Id, time.GetUtcNow(), cancellationToken))
        {
            await table.TrySaveAsync(stored, erasure.With("leads", person.LeadIds.Count) with { Step = 1 }, cancellationToken);
        }

        return false;
    }

    /// <summary>All places were looked at.</summary>
    private async Task<bool> RestAsync(DurableTaskClient client, StoredErasure stored, LeadState left, CancellationToken cancellationToken)
    {
        var (erasure, now) = (stored.State, time.GetUtcNow());
        if (erasure.Look > 0 && !erasure.Waits)
        {
            return await EndAsync(stored, cancellationToken);
        }

        await burial.SweptAsync(left.Id, now, cancellationToken);
        var next = erasure with
        {
            Status = ErasureStatus.Checking,
            Step = 1,
            Look = erasure.Look + 1,
            Waits = false,
            ErasedAt = erasure.ErasedAt ?? now,
            DueAt = now + (erasure.Look == 0 ? OnItsWay : Pause),
        };
        await runs.ScheduleAtAsync(client, next, next.DueAt.Value, cancellationToken); // before it is said: whoever dies in between comes here again
        return await table.TrySaveAsync(stored, next, cancellationToken) is not null;
    }

    /// <summary>From now on nothing tells whom it was about.</summary>
    private async Task<bool> EndAsync(StoredErasure stored, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var done = stored.State with { Status = ErasureStatus.Done, LeadId = null, Person = null, Salt = null, ErasedAt = stored.State.ErasedAt ?? now, DueAt = null, DoneAt = now };
        if (await table.TrySaveAsync(stored, done, cancellationToken) is null)
        {
            return false;
        }

        logger.ErasureEnded(done.Id, done.Removed.Values.Sum(), (now - done.RequestedAt).TotalMinutes);
        return true;
    }
}
