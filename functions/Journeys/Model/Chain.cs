using System.Text.Json.Serialization;

namespace LeadFunctions.Journeys.Model;

/// <summary>
/// Journeys that start each other: by a start step, or by what they do to the lead (an event, a stage, a list, points, a message). Two that do so without waiting would go on for ever, with
/// whatever they send. So a chain has so many links; one of its runs that has waited begins a new chain, and a loop of months goes on. And since a run may start several, all that
/// journeys start for one lead in an hour is bounded too.
/// </summary>
internal static class Chain
{
    /// <summary>Runs that begin one because of the other, after the first.</summary>
    public const int MostHops = 20;

    /// <summary>Runs of one lead that journeys start within <see cref="Period"/>.</summary>
    public const int MostStarts = 100;

    public static readonly TimeSpan Period = TimeSpan.FromHours(1);

    /// <summary>Shorter is no wait: it may be how long the other journey took.</summary>
    private static readonly TimeSpan Wait = TimeSpan.FromMinutes(1);

    /// <summary>The run as it leaves what held it: it is the first of a chain when that lasted.</summary>
    public static RunState After(RunState run, Hold hold, DateTimeOffset left) => run.Hops > 0 && left - hold.Since >= Wait ? run with { Hops = 0 } : run;

    /// <summary>Why a journey is not to start another run; null when it may.</summary>
    public static string? Refuse(string journey, int hops, CausedStarts? before, long ms) =>
        hops > MostHops ? $"\"{journey}\" does not start: {MostHops} runs have started each other before it without waiting."
        : hops > 0 && before?.IsOver(ms) == false && before.Count >= MostStarts ? $"\"{journey}\" does not start: journeys have started {MostStarts} runs of this lead within an hour."
        : null;
}

/// <summary>What journeys started for a lead.</summary>
/// <param name="Since">The first of them, Unix ms.</param>
internal sealed record CausedStarts([property: JsonPropertyName("at")] long Since, [property: JsonPropertyName("n")] int Count)
{
    public bool IsOver(long ms) => ms - Since >= (long)Chain.Period.TotalMilliseconds;

    public static CausedStarts After(CausedStarts? before, long ms) => before?.IsOver(ms) == false ? before with { Count = before.Count + 1 } : new(ms, 1);
}
