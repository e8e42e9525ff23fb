namespace LeadFunctions.Journeys.Rehearsal;

/// <summary>
/// What a rehearsal may cost: a document can ask for millions of steps, and whoever asked may have gone. Steps make the end the same on every machine; time keeps it short on a
/// slow one.
/// </summary>
/// <param name="steps">At most so many: an event, an advance of a run, a moment that came.</param>
/// <param name="time">At most so long.</param>
/// <param name="elapsed">Since it began.</param>
internal sealed class SimulationBudget(int steps, TimeSpan time, Func<TimeSpan> elapsed, CancellationToken cancellationToken)
{
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(10);

    public const int Steps = 200_000;

    private int _spent;

    /// <summary>Why it is spent; null while it is not.</summary>
    public string? Reason { get; private set; }

    /// <summary>False when it is spent.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits for the answer any more.</exception>
    public bool TrySpend(int count = 1)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _spent += count;
        Reason ??= _spent > steps ? $"{steps} steps are the most of one simulation." : elapsed() > time ? $"{time.TotalSeconds:0.#} s are the most of one simulation." : null;
        return Reason is null;
    }
}
