using System.Text.Json;
using LeadFunctions.Local.DurableTask;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging.Abstractions;

namespace LeadFunctions.Local.Tests.DurableTask.Execution;

/// <summary>
/// Drives one orchestrator by hand, without storage. After each step a second run is made from the history as it would be stored, and must
/// stand where the live one stands.
/// </summary>
internal sealed class Script
{
    private readonly OrchestratorCode _code;
    private readonly List<HistoryEvent> _history = [];
    private OrchestrationRun _run;

    public Script(OrchestratorCode code, object? input = null)
    {
        _code = code;
        var started = new HistoryEvent.ExecutionStarted(
            "Script", null, "x1", JsonDataConverter.Default.Serialize(input), Now, null, null);
        _history.Add(started);
        _run = NewRun(started);
    }

    public DateTimeOffset Now { get; private set; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public OrchestrationRun Run => _run;

    public Outcome? Outcome { get; private set; }

    public IReadOnlyList<HistoryEvent> History => _history;

    public object? Output => Outcome is Outcome.Completed completed ? completed.Output : Outcome;

    public HistoryEvent.Asked LastAsked => _history.OfType<HistoryEvent.Asked>().Last();

    public Script Step(params HistoryEvent[] arrivals)
    {
        var episode = _run.Advance(arrivals, Now);
        _history.AddRange(episode.Added);
        Outcome = episode.Outcome;
        AssertReplayAgrees();
        return this;
    }

    /// <summary>What happens when the process was restarted: the live run is gone.</summary>
    public Script Reload()
    {
        _run = Replayed();
        return this;
    }

    public Script Done(int id, object? result = null) => Step(new HistoryEvent.TaskCompleted(id, JsonSerializer.Serialize(result)));

    public Script Fail(int id, Exception exception) =>
        Step(new HistoryEvent.TaskFailed(id, FailureRecord.Of(TaskFailureDetails.FromException(exception))));

    public Script Raise(string name, object? data, string? messageId = null) =>
        Step(new HistoryEvent.EventRaised(name, JsonSerializer.Serialize(data), messageId ?? Guid.NewGuid().ToString()));

    /// <summary>Lets the earliest timer fire, at its own time.</summary>
    public Script Fire()
    {
        var (id, at) = _run.Steps.Timers.OrderBy(timer => timer.Value).ThenBy(timer => timer.Key).First();
        Now = at > Now ? at : Now;
        return Step(new HistoryEvent.TimerFired(id));
    }

    public static Outcome? Replay(OrchestratorCode code, IReadOnlyList<HistoryEvent> history)
    {
        var run = new OrchestrationRun("script", (HistoryEvent.ExecutionStarted)history[0], code, JsonDataConverter.Default, NullLoggerFactory.Instance);
        run.Replay(history.Skip(1));
        return run.Advance([], DateTimeOffset.MaxValue.AddDays(-1)).Outcome;
    }

    private OrchestrationRun NewRun(HistoryEvent.ExecutionStarted started) =>
        new("script", started, _code, JsonDataConverter.Default, NullLoggerFactory.Instance);

    private OrchestrationRun Replayed()
    {
        var stored = _history
            .Select(happened => JsonSerializer.Serialize(happened, HistoryJson.Default.HistoryEvent))
            .Select(text => JsonSerializer.Deserialize(text, HistoryJson.Default.HistoryEvent)!)
            .ToList();
        var run = NewRun((HistoryEvent.ExecutionStarted)stored[0]);
        run.Replay(stored.Skip(1));
        return run;
    }

    private void AssertReplayAgrees()
    {
        var replayed = Replayed();
        Assert.Equal(_run.Steps.Timers, replayed.Steps.Timers);
        Assert.Equal(_run.Steps.Open.Select(asked => asked.Id), replayed.Steps.Open.Select(asked => asked.Id));
        Assert.Equal(_run.Waits.Unclaimed, replayed.Waits.Unclaimed);
        Assert.Equal(_run.CustomStatus, replayed.CustomStatus);
        Assert.Equal(_run.Now, replayed.Now);
        Assert.Equal(_run.IsSuspended, replayed.IsSuspended);
    }
}
