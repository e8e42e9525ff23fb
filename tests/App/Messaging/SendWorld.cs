using LeadFunctions.Events;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.State;
using LeadFunctions.Mail;
using LeadFunctions.Messaging;
using LeadFunctions.Messaging.Sending;
using LeadFunctions.Scoring;
using LeadFunctions.Tests.Leads;

namespace LeadFunctions.Tests.Messaging;

/// <summary>Whoever was at it did not live on.</summary>
internal sealed class KilledException : Exception;

/// <summary>What sending a message touches, with a lead in memory: processes begin anew and die at any step, and carriers answer as they are told to.</summary>
internal sealed class SendWorld(bool isIdempotent) : ISendWorld
{
    public static SendRequest Request => new("run/step/0", "lead", "email", "a", null, LeadEvents.Start, Journey: "j", Step: "step");

    private Attempts _attempts = new();
    private int _process;
    private int _steps;

    public LeadState State { get; private set; } = LeadEvents.Apply(new LeadState { Id = "lead" }, [LeadEvents.Identify("i", 0, user: "ann", traits: new { email = "ann@example.com" })]);

    public LeadMessage? Message => State.Messages?.Find(Request.Id);

    public int HandedOver { get; private set; }

    public int Accepted { get; private set; }

    public int? DiesAt { get; set; }

    public Queue<int> Deaths { get; init; } = new();

    public bool DiesAfterHandingOver { get; set; }

    public WhenUnknown Rule { get; init; }

    public Queue<MailOutcome> Answers { get; init; } = new();

    public List<LeadEvent> Told { get; } = [];

    public string? Suppressed { get; init; }

    /// <summary>Until then whoever carries it does not answer.</summary>
    public TaskCompletionSource? Carrier { get; set; }

    /// <summary>The day's ceiling is reached: from when on there is room again.</summary>
    public DateTimeOffset? Full { get; set; }

    /// <summary>So often storage is away as the message is made ready.</summary>
    public int Outages { get; set; }

    public DateTimeOffset Now => LeadEvents.Start.AddMinutes(10 * _process) + Late;

    public TimeSpan Late { get; set; }

    public TimeSpan Longest(SendRequest request) => isIdempotent ? TimeSpan.Zero : TimeSpan.FromMinutes(18);

    public void Begin(int process)
    {
        (_process, _steps, _attempts) = (process, 0, new Attempts());
        DiesAt = process == 0 && DiesAt is not null ? DiesAt : Deaths.TryDequeue(out var at) ? at : null;
    }

    public async Task<IDisposable?> EnterAsync(SendRequest request, CancellationToken cancellationToken) => await _attempts.EnterAsync(request.Id, cancellationToken);

    public string AttemptOf(SendRequest request) => _attempts.Of(request.Id);

    public Task<DateTimeOffset?> FindRoomAsync(SendRequest request, CancellationToken cancellationToken) => Task.FromResult(Full);

    public void Begin(SendRequest request) => _attempts.End(request.Id);

    public Task<(LeadMessages? Messages, string? Fault)> TellAsync(LeadEvent e, CancellationToken cancellationToken)
    {
        Step();
        Told.Add(e);
        State = Reducer.Apply(State, [new Arrival(e, Now, [])], new LeadRules(ScoringModels.None, JourneyRules.None), Now).State;
        Step();
        return Task.FromResult((State.Messages, (string?)null));
    }

    public Task<Prepared> PrepareAsync(SendRequest request, CancellationToken cancellationToken)
    {
        Step();
        if (Outages > 0)
        {
            Outages--;
            throw new IOException("Storage is away.");
        }

        return Task.FromResult<Prepared>(Suppressed is { } reason ? new Prepared.Suppressed(reason) : new Prepared.Ready(HandOverAsync));
    }

    private async Task<MailOutcome> HandOverAsync(CancellationToken cancellationToken)
    {
        Step();
        await (Carrier?.Task ?? Task.CompletedTask).WaitAsync(cancellationToken);
        var answer = Answers.TryDequeue(out var next) ? next : new MailOutcome.Accepted();
        HandedOver++;
        Accepted += answer is MailOutcome.Accepted or MailOutcome.Unknown ? 1 : 0;
        if (DiesAfterHandingOver)
        {
            DiesAfterHandingOver = false;
            throw new KilledException();
        }

        Step();
        return answer;
    }

    public bool MayRepeat(SendRequest request) => isIdempotent || Rule == WhenUnknown.SendAgain;

    private void Step()
    {
        if (_steps++ == DiesAt)
        {
            throw new KilledException();
        }
    }
}
