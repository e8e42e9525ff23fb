using Azure.Data.Tables;
using LeadFunctions.Events;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Leads.Pipeline;

/// <summary>What became of a piece of work.</summary>
internal abstract record CommitOutcome
{
    private CommitOutcome()
    {
    }

    /// <summary>Durable. <paramref name="State"/> is the lead's as committed (null for a redirect).</summary>
    public sealed record Committed(LeadState? State) : CommitOutcome;

    /// <summary>The row is not what was read: look again and decide anew.</summary>
    public sealed record Conflict : CommitOutcome
    {
        public static readonly Conflict Instance = new();
    }

    /// <summary>It can never be applied, for this reason.</summary>
    public sealed record Refused(string Reason) : CommitOutcome;
}

/// <summary>Something to write in one shard, together with what others write there.</summary>
/// <param name="id">The lead or the identity whose row it writes: one transaction writes a row once.</param>
internal abstract class ShardWork(string id)
{
    private readonly TaskCompletionSource<CommitOutcome> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id { get; } = id;

    public Task<CommitOutcome> Outcome => _done.Task;

    public void Finish(CommitOutcome outcome) => _done.TrySetResult(outcome);

    public void Fail(Exception exception) => _done.TrySetException(exception);
}

/// <summary>Make an identity lead to a lead: insert-only, so that a race has one winner.</summary>
internal sealed class LinkWork(string identityHash, LeadRow.Redirect redirect) : ShardWork(identityHash)
{
    public TableTransactionAction Action { get; } = LeadRows.WriteRedirect(identityHash, redirect);

    public LeadRow.Redirect Row => redirect;
}

/// <summary>Apply events to a lead, or clear what was published from its outbox.</summary>
internal sealed class LeadWork(string leadId) : ShardWork(leadId)
{
    public string BatchId { get; init; } = "";

    public IReadOnlyList<Arrival> Arrivals { get; init; } = [];

    /// <summary>User ids and addresses on their way to the lead (<see cref="LeadState.Claims"/>).</summary>
    public IReadOnlyCollection<string> Claims { get; init; } = [];

    /// <summary>Those that will not come.</summary>
    public IReadOnlyCollection<string> Unclaims { get; init; } = [];

    /// <summary>Who the lead was when this was decided; null when that did not matter. If it is somebody else by now, the decision may be wrong: it is a conflict.</summary>
    public KnownAs? JudgedAs { get; init; }

    /// <summary>Finds out whether what memory holds is the newest.</summary>
    public bool IsProof { get; init; }

    /// <summary>Effects that are known to be published.</summary>
    public IReadOnlyCollection<string> Published { get; init; } = [];

    /// <summary>The row was not read: most likely there is none.</summary>
    public bool IsAssumedNew { get; init; }

    /// <summary>The lead needs a row, even an empty one.</summary>
    public bool IsFounding { get; init; }

    /// <summary>What the timeline tells of the arrivals; only of what is committed it is true.</summary>
    public IReadOnlyList<TimelineEntry> Timeline { get; set; } = [];

    /// <summary>Meant for this very row, frozen or not.</summary>
    public bool IsForFrozen { get; init; }
}
