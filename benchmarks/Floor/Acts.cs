using System.Collections.Concurrent;

namespace LeadFunctions.Benchmarks.Floor;

/// <summary>How late each activity was, counted from the timer before it.</summary>
public sealed class Acts
{
    private readonly ConcurrentQueue<double> late = new();

    public IReadOnlyCollection<double> MillisecondsLate => late;

    public void Done(DateTime due) => late.Enqueue((TimeProvider.System.GetUtcNow().UtcDateTime - due).TotalMilliseconds);

    public void Clear() => late.Clear();
}
