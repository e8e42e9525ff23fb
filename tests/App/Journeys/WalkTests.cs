using LeadFunctions.Journeys.Runs;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LeadFunctions.Tests.Journeys;

/// <summary>The orchestration of a run against an engine that says what engines say after they were killed.</summary>
public sealed class WalkTests
{
    [Fact]
    public async Task A_run_waits_until_it_is_woken_and_then_looks_once()
    {
        var engine = new Engine(walk => new(walk.Turn + 1, Acts: false, null, Done: walk.Turn == 1, Asked: walk.Asked));

        var walking = WalkFunctions.WalkJourney(engine);
        Assert.False(walking.IsCompleted);
        Assert.Equal([0], engine.Turns);
        engine.Wake();
        await walking;
        Assert.Equal([0, 1], engine.Turns);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_to_the_question_before_the_wake_up_is_none_to_the_one_after_it(bool hasTimer)
    {
        // It was asked for turn 1 when the timer fired, was killed before it noted that, and is asked again when the wake-up has come: what it hears first is the old answer.
        long? old = null;
        var engine = new Engine(walk => walk.Turn switch
        {
            0 => new(1, Acts: false, null, Done: false, Asked: walk.Asked),
            1 => new(2, Acts: false, hasTimer ? Engine.Start.AddDays(30) : null, Done: false, Asked: old = walk.Asked - 1),
            _ => new(3, Acts: false, null, Done: true, Asked: walk.Asked),
        });

        var walking = WalkFunctions.WalkJourney(engine);
        engine.Wake();

        await walking;
        Assert.NotNull(old);
        Assert.Equal([0, 1, 2], engine.Turns);
    }

    [Fact]
    public async Task What_is_over_is_over_whoever_asked()
    {
        var engine = new Engine(walk => new(1, Acts: false, null, Done: true, Asked: walk.Asked - 1));

        await WalkFunctions.WalkJourney(engine);

        Assert.Equal([0], engine.Turns);
    }

    [Fact]
    public void An_answer_that_names_no_question_is_taken_as_it_was_when_it_was_written()
    {
        var engine = new Engine(walk => new(walk.Turn + 1, Acts: false, null, Done: false));

        var walking = WalkFunctions.WalkJourney(engine);

        Assert.False(walking.IsCompleted);
        Assert.Equal([0], engine.Turns);
    }

    private sealed class Engine(Func<RunWalk, RunStop> answer) : TaskOrchestrationContext
    {
        public static readonly DateTimeOffset Start = new(2030, 1, 7, 10, 0, 0, TimeSpan.Zero);

        private readonly TaskCompletionSource<string> _woken = new();
        private DateTime _now = Start.UtcDateTime;

        public List<int> Turns { get; } = [];

        public override TaskName Name => nameof(WalkFunctions.WalkJourney);

        public override string InstanceId => "test.lead.key";

        public override ParentOrchestrationInstance? Parent => null;

        public override DateTime CurrentUtcDateTime => _now = _now.AddSeconds(1);

        public override bool IsReplaying => false;

        protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

        public void Wake() => _woken.SetResult("a wake-up");

        public override T? GetInput<T>() where T : default => (T?)(object?)new RunWalk(InstanceId, 0);

        public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
        {
            var walk = (RunWalk)input!; // as the orchestration has it
            Turns.Add(walk.Turn);
            return Task.FromResult((TResult)(object)answer(walk));
        }

        public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken) => new TaskCompletionSource().Task;

        public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default) =>
            (Task<T>)(object)(Turns.Count == 1 ? _woken.Task : new TaskCompletionSource<string>().Task);

        public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) => throw new NotSupportedException();

        public override void SendEvent(string instanceId, string eventName, object payload) => throw new NotSupportedException();

        public override void SetCustomStatus(object? customStatus) => throw new NotSupportedException();

        public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null) => throw new NotSupportedException();

        public override Guid NewGuid() => throw new NotSupportedException();
    }
}
