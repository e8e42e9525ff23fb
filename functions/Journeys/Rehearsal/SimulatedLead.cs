using LeadFunctions.Events;
using LeadFunctions.Journeys.Delivery;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Leads.State;
using LeadFunctions.Mail;
using LeadFunctions.Messaging;
using LeadFunctions.Messaging.Sending;

namespace LeadFunctions.Journeys.Rehearsal;

/// <summary>
/// One lead in a simulation: its events, its runs and its clock. What happens to it is decided by the same reducer, plan and orchestrator as in earnest; only
/// what would leave the product is written down instead of done.
/// </summary>
/// <param name="topicOf">Of a template, and of the topic that a step names: what consent is asked for.</param>
internal sealed class SimulatedLead(LeadState state, LeadRules rules, SimulationBudget? budget = null, Func<string, string?, string?>? topicOf = null) : IRunWorld
{
    private readonly PriorityQueue<Action, (long At, int Order)> _agenda = new();
    private readonly Dictionary<string, RunState> _runs = [];
    private readonly Dictionary<string, SimulatedContext> _walks = [];
    private readonly List<Task> _walking = [];
    private int _order;

    public DateTimeOffset Now { get; private set; } = DateTimeOffset.MinValue;

    public LeadState State { get; private set; } = state;

    public IReadOnlyCollection<RunState> Runs => _runs.Values;

    public List<OutgoingMessage> Messages { get; } = [];

    /// <summary>Why runs that were to begin did not.</summary>
    public List<string> NotStarted { get; } = [];

    /// <summary>How often time alone made somebody look at the lead.</summary>
    public int Ticks { get; private set; }

    /// <summary>Events that the lead causes itself, at their times.</summary>
    public void Script(LeadEvent e, DateTimeOffset at) => At(at, () => Apply([e]), CancellationToken.None);

    /// <summary>Something for later; before it comes up it can be cancelled.</summary>
    public void At(DateTimeOffset at, Action action, CancellationToken cancellationToken) => _agenda.Enqueue(
        () =>
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                action();
            }
        },
        (at.UtcTicks, _order++));

    public void RunUntil(DateTimeOffset end)
    {
        while (_agenda.TryPeek(out _, out var next) && next.At <= end.UtcTicks)
        {
            if (!MayGoOn())
            {
                end = Now;
                break;
            }

            var action = _agenda.Dequeue();
            Now = next.At > Now.UtcTicks ? new DateTimeOffset(next.At, TimeSpan.Zero) : Now;
            action();
        }

        Now = budget?.Reason is null ? end : Now; // a walk may have spent it, with nothing left on the agenda
        foreach (var failed in _walking.Where(walk => walk.IsFaulted))
        {
            failed.GetAwaiter().GetResult();
        }
    }

    /// <summary>False when the budget is spent.</summary>
    public bool MayGoOn() => budget?.TrySpend() != false;

    public Task<StoredRun?> FindAsync(RunWalk walk, CancellationToken cancellationToken) =>
        Task.FromResult(_runs.TryGetValue(walk.RunId, out var run) ? new StoredRun(run, null) : null);

    public Task<StoredRun> SaveAsync(StoredRun stored, RunState run)
    {
        _runs[run.Id] = run;
        return Task.FromResult(new StoredRun(run, null));
    }

    public Journey? FindJourney(string id, int version) => rules.Journeys.Find(id, version);

    public Task<RunFacts> FactsAsync(Journey journey, RunState run, CancellationToken cancellationToken) =>
        Task.FromResult(RunWorld.Facts(rules, journey, run, State, Now));

    public Task<bool> HasBegunAsync(RunState run, PendingAct act, Step step, CancellationToken cancellationToken) => Task.FromResult(false);

    public async Task<ActResult> ActAsync(RunState run, PendingAct act, Step step, RunView view, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case Step.Webhook:
                return new ActResult("done", null, "Not called: this is a simulation.");
            case Step.Send written:
                var send = written with { Topic = topicOf is null ? written.Topic : topicOf(written.Template, written.Topic) };
                return Acts.ResultOf(send, await SendTurn.SendAsync(new Post(this, () => Acts.MessageOf(run, act, send, view, Now)!), Acts.RequestOf(run, act, send), cancellationToken)); // such a step sends one
            case Step.NotifySales:
                Messages.Add(Acts.MessageOf(run, act, step, view, Now)!); // likewise
                break;
        }

        var events = Acts.EventsOf(run, act, step, view, Now);
        if (Acts.FaultOf(events) is { } fault)
        {
            return Acts.Failed(step, fault);
        }

        Apply(events);
        return Acts.ResultOf(step);
    }

    public Task<string?> TellAsync(IReadOnlyList<LeadEvent> events, CancellationToken cancellationToken)
    {
        Apply(events);
        return Task.FromResult<string?>(null);
    }

    private void Apply(IReadOnlyList<LeadEvent> events)
    {
        if (events.Count == 0)
        {
            return;
        }

        var reduced = Reducer.Apply(State, [.. events.Select(e => new Arrival(e, Now, e.LeadId is null ? Identity.Of(e) : []))], rules, Now);
        State = reduced.State;
        NotStarted.AddRange(reduced.Timeline.SelectMany(entry => entry.Changes?.NotStarted ?? []));
        var effects = State.Outbox.ToList();
        State.Outbox.Clear();
        foreach (var effect in effects)
        {
            // In a moment of its own, as a queue would bring it.
            At(Now, () => Follow(effect), CancellationToken.None);
        }
    }

    private void Follow(LeadEffect effect)
    {
        switch (effect)
        {
            case { Kind: EffectKind.JourneyEntered, Data: { } data }:
                var start = System.Text.Json.JsonSerializer.Deserialize(data, JourneysJson.Default.RunStart)!; // the reducer wrote it
                if (_runs.TryGetValue(start.RunId, out var before))
                {
                    Apply(RunTurn.IsNoStart(start, before) ? [RunTurn.NoStart(start, before, Now)] : []);
                }
                else if (rules.Journeys.Find(start.Journey, start.Version) is { } journey && _runs.TryAdd(start.RunId, JourneyPlan.Enter(journey, start)))
                {
                    var walk = _walks[start.RunId] = new SimulatedContext(this, new RunWalk(start.RunId, 0));
                    _walking.Add(walk.RunAsync());
                }

                break;
            case { Kind: EffectKind.JourneyWoken, To: { } run } when _walks.TryGetValue(run, out var walk):
                walk.Raise(effect.Id);
                break;
            case { Kind: EffectKind.LeadDue, To: { } at }:
                var due = DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture);
                At(DueTable.MinuteOf(due).Begins, () => Tick(at), CancellationToken.None);
                break;
        }
    }

    /// <summary>Messages arrive at once, and once.</summary>
    private sealed class Post(SimulatedLead lead, Func<OutgoingMessage> compose) : ISendWorld
    {
        public DateTimeOffset Now => lead.Now;

        public Task<IDisposable?> EnterAsync(SendRequest request, CancellationToken cancellationToken) => Task.FromResult<IDisposable?>(null);

        public string AttemptOf(SendRequest request) => lead.Now.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture);

        public Task<(LeadMessages? Messages, string? Fault)> TellAsync(LeadEvent e, CancellationToken cancellationToken)
        {
            lead.Apply([e]);
            return Task.FromResult((lead.State.Messages, (string?)null));
        }

        public Task<Prepared> PrepareAsync(SendRequest request, CancellationToken cancellationToken)
        {
            var message = compose();
            return Task.FromResult<Prepared>(new Prepared.Ready(_ =>
            {
                lead.Messages.Add(message);
                return Task.FromResult<MailOutcome>(new MailOutcome.Accepted());
            }));
        }

        public Task<DateTimeOffset?> FindRoomAsync(SendRequest request, CancellationToken cancellationToken) => Task.FromResult<DateTimeOffset?>(null);

        public void Begin(SendRequest request)
        {
        }

        public TimeSpan Longest(SendRequest request) => TimeSpan.Zero;

        public bool MayRepeat(SendRequest request) => true;
    }

    private void Tick(string at)
    {
        Ticks++;
        Apply([RunFunctions.Tick(State.Id, at, Now)]);
    }
}
