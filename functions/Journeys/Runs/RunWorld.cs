using LeadFunctions.Events;
using LeadFunctions.Journeys.Delivery;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Messaging;
using LeadFunctions.Messaging.Sending;

namespace LeadFunctions.Journeys.Runs;

/// <summary>The real world of a run: its row, its lead, and what its steps do.</summary>
internal sealed class RunWorld(
    RunsTable runs, LeadRules rules, LeadPipeline pipeline, LeadTeller teller, Sender sender, Webhooks webhooks, TimeProvider time)
    : IRunWorld
{
    private LeadState? _told;

    public DateTimeOffset Now => time.GetUtcNow();

    public Task<StoredRun?> FindAsync(RunWalk walk, CancellationToken cancellationToken) => runs.FindAsync(walk.RunId, walk.Turn, cancellationToken);

    public Task<StoredRun> SaveAsync(StoredRun stored, RunState run) => runs.SaveAsync(stored, run);

    public Journey? FindJourney(string id, int version) => rules.Journeys.Find(id, version);

    public async Task<RunFacts> FactsAsync(Journey journey, RunState run, CancellationToken cancellationToken)
    {
        // What a step has just told the lead was answered with the lead as that left it.
        var lead = _told?.AllIds.Contains(run.LeadId) == true ? _told : await pipeline.FindAsync(run.LeadId, cancellationToken);
        _told = null;
        return Facts(rules, journey, run, lead, Now);
    }

    public async Task<bool> HasBegunAsync(RunState run, PendingAct act, Step step, CancellationToken cancellationToken) => step switch
    {
        Step.Send => (await pipeline.FindAsync(run.LeadId, cancellationToken))?.Messages?.Find(act.Id) is { State: not (MessageState.Held or MessageState.Deferred) },
        Step.NotifySales => await sender.HasDeliveredAsync(act.Id, cancellationToken),
        _ => false,
    };

    public async Task<ActResult> ActAsync(RunState run, PendingAct act, Step step, RunView view, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case Step.Webhook webhook:
                return await webhooks.CallAsync(run, act, webhook, view, cancellationToken);
            case Step.Send send:
                try
                {
                    return Acts.ResultOf(send, await sender.SendAsync(
                        Acts.RequestOf(run, act, send), (e, token) => ApplyAsync([e], token), _ => Acts.OutboundOf(run, act, send, view, Now), cancellationToken)); // such a step sends one
                }
                catch (SendDeferredException carrier) when (carrier.Until is { } until)
                {
                    return Acts.ResultOf(send, new SendResult.Held(until, carrier.Message));
                }

            case Step.NotifySales:
                await sender.DeliverAsync(Acts.MessageOf(run, act, step, view, Now)!, cancellationToken); // likewise
                break;
        }

        var events = Acts.EventsOf(run, act, step, view, Now);
        return (Acts.FaultOf(events) ?? await TellAsync(events, cancellationToken)) is { } fault ? Acts.Failed(step, fault) : Acts.ResultOf(step);
    }

    public async Task<string?> TellAsync(IReadOnlyList<LeadEvent> events, CancellationToken cancellationToken) => events.Count == 0 ? null : (await ApplyAsync(events, cancellationToken)).Fault;

    private async Task<(LeadState? Lead, string? Fault)> ApplyAsync(IReadOnlyList<LeadEvent> events, CancellationToken cancellationToken)
    {
        (_told, var fault) = await teller.TellAsync(StableHash.Text(events[0].Id), events, cancellationToken);
        return (_told, fault);
    }

    /// <summary>What a run may know, from its lead's profile.</summary>
    public static RunFacts Facts(LeadRules rules, Journey journey, RunState run, LeadState? lead, DateTimeOffset now)
    {
        if (lead is null)
        {
            return new(new LeadProfile(new LeadRecord(), default, rules.Scoring), rules.Journeys.Zone, new Dictionary<string, DateTimeOffset>(), Ended: "The lead does not exist any more.");
        }

        var profile = LeadProfile.Of(lead, rules, now);
        var known = lead.Journeys?.Find(run.Id);
        // Until the lead knows that the run was moved, what it hears is for the version before.
        var heard = known?.Version == run.Version ? known : null;
        var ended = known?.Ended ?? (rules.Journeys.StateOf(run.Journey) == JourneyState.Archived ? "The journey was archived." : null);
        return new(
            profile,
            rules.Journeys.ZoneOf(profile, journey),
            (heard?.Heard ?? LeadRun.NothingHeard).ToDictionary(step => step.Key, step => Time(step.Value)),
            Reached(heard?.GoalAt, journey.Document.Goal),
            Reached(heard?.ExitAt, journey.Document.Exit),
            ended,
            rules.Journeys.StateOf(run.Journey) == JourneyState.Paused,
            run.Outcomes is null ? null : ReturnedOf(run, lead.Messages ?? LeadMessages.None));

        // What time alone fulfils is reported with the next minute: whoever looks before sees it too.
        DateTimeOffset? Reached(long? at, JourneyCondition? condition) =>
            at is { } ms ? Time(ms)
            : condition is { IsEvent: false } && condition.Holds(null, profile, known?.Bound ?? new Dictionary<string, System.Text.Json.JsonElement>(), now) ? now
            : null;
    }

    /// <summary>Most carriers take a message first and tell hours later that nobody is there. Of a step that sent several the last counts.</summary>
    private static HashSet<string> ReturnedOf(RunState run, LeadMessages messages) =>
    [
        .. messages.Kept.Where(message => message.Step is not null && message.Id.StartsWith($"{run.Id}/", StringComparison.Ordinal))
            .GroupBy(message => message.Step!).Where(sent => sent.MaxBy(message => message.Due)!.State == MessageState.Bounced).Select(sent => sent.Key), // it has one
    ];

    private static DateTimeOffset Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
}
