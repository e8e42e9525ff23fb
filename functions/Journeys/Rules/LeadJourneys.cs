using System.Text.Json;
using System.Text.Json.Serialization;
using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Rules;

/// <summary>A run that is under way, as its lead's profile keeps it: what the reducer needs to hear for it. Immutable.</summary>
/// <param name="At">When it began, Unix ms.</param>
/// <param name="Bound">Values of the placeholders in conditions.</param>
internal sealed record LeadRun(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("j")] string Journey,
    [property: JsonPropertyName("v")] int Version,
    [property: JsonPropertyName("k")] string Key,
    [property: JsonPropertyName("at")] long At,
    [property: JsonPropertyName("b")] IReadOnlyDictionary<string, JsonElement> Bound)
{
    /// <summary>For each waitFor step, when an event came last that it waits for: arrival, Unix ms.</summary>
    [JsonPropertyName("h")]
    public IReadOnlyDictionary<string, long> Heard { get; init; } = NothingHeard;

    /// <summary>The waitFor step that it stands at, or the send step that has no address to send to.</summary>
    [JsonPropertyName("w")]
    public string? Waiting { get; init; }

    /// <summary>When that wait is over at the latest, Unix ms; null: never.</summary>
    [JsonPropertyName("u")]
    public long? WaitsUntil { get; init; }

    [JsonPropertyName("g")]
    public long? GoalAt { get; init; }

    [JsonPropertyName("x")]
    public long? ExitAt { get; init; }

    /// <summary>When the run before it began, Unix ms: to be remembered again, should this turn out to be no start. Null: there was none.</summary>
    [JsonPropertyName("pa")]
    public long? After { get; init; }

    /// <summary>It is to be ended, for this reason.</summary>
    [JsonPropertyName("e")]
    public string? Ended { get; init; }

    /// <summary>The lead is not inside, or no longer, and its goal is heard up to then: Unix ms. Null: it is inside.</summary>
    [JsonPropertyName("wu")]
    public long? WatchedUntil { get; init; }

    /// <summary>The lead was never inside: it is held out.</summary>
    [JsonPropertyName("ho"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsHeldOut { get; init; }

    [JsonIgnore]
    public bool IsInside => WatchedUntil is null;

    /// <summary>Whether re-entry has to wait for its end: who is held out is as long as others are followed.</summary>
    public bool Occupies(long now) => IsInside || (IsHeldOut && now <= WatchedUntil);

    public static readonly IReadOnlyDictionary<string, long> NothingHeard = new Dictionary<string, long>();
}

/// <summary>What re-entry rules ask about one journey.</summary>
/// <param name="EnteredAt">When the last run began, Unix ms.</param>
/// <param name="Keys">Of the last runs, newest last, where a key may come again: their hashes; of old runs the keys themselves.</param>
/// <param name="Times">Runs in all.</param>
internal sealed record JourneyPast(
    [property: JsonPropertyName("at")] long EnteredAt,
    [property: JsonPropertyName("n")] int Times,
    [property: JsonPropertyName("k")] IReadOnlyList<string>? Keys = null)
{
    private const int KeysKept = 100;

    public bool Knows(string key) => Keys is not null && (Keys.Contains(key) || Keys.Contains(StableHash.Text(key)));

    public JourneyPast With(string key) => Knows(key) ? this : this with { Keys = [.. (Keys ?? []).TakeLast(KeysKept - 1), StableHash.Text(key)] };

    public static JourneyPast Union(JourneyPast own, JourneyPast other) => new(
        Math.Max(own.EnteredAt, other.EnteredAt), own.Times + other.Times,
        own.Keys is null && other.Keys is null ? null : [.. (other.Keys ?? []).Concat(own.Keys ?? []).Distinct().TakeLast(KeysKept)]);
}

/// <summary>All that a lead's profile knows of journeys. Immutable.</summary>
internal sealed record LeadJourneys
{
    public static readonly LeadJourneys None = new();

    [JsonPropertyName("r")]
    public IReadOnlyList<LeadRun> Runs { get; init; } = [];

    [JsonPropertyName("p")]
    public IReadOnlyDictionary<string, JourneyPast> Past { get; init; } = new Dictionary<string, JourneyPast>();

    /// <summary>For each journey that a date starts, or engagement that crosses a level (<c>cold/20</c>), when to look at this lead: Unix ms.</summary>
    [JsonPropertyName("d")]
    public IReadOnlyDictionary<string, long> Due { get; init; } = new Dictionary<string, long>();

    /// <summary>When time alone may next make true what a run waits for, or its goal or exit: Unix ms.</summary>
    [JsonPropertyName("l")]
    public long? Look { get; init; }

    /// <summary>Runs that journeys started lately.</summary>
    [JsonPropertyName("c")]
    public CausedStarts? Caused { get; init; }

    /// <summary>Starts that the entry condition refused, oldest first.</summary>
    [JsonPropertyName("m")]
    public IReadOnlyList<MissedStart>? Missed { get; init; }

    public LeadRun? Find(string runId) => Runs.FirstOrDefault(run => run.Id == runId);

    /// <summary>Without a run that was none.</summary>
    /// <param name="began">When the run with its key did begin, Unix ms.</param>
    public LeadJourneys Without(LeadRun refused, long began)
    {
        var past = new Dictionary<string, JourneyPast>(Past);
        if (past.TryGetValue(refused.Journey, out var counted))
        {
            past[refused.Journey] = counted.With(refused.Key) with { Times = Math.Max(1, counted.Times - 1), EnteredAt = Math.Max(refused.After ?? began, began) };
        }

        return this with { Runs = [.. Runs.Where(run => run.Id != refused.Id)], Past = past };
    }

    /// <summary>Those of a lead's runs that are under way, and this without them.</summary>
    /// <param name="leadIds">Of the lead, and of those that it had absorbed.</param>
    public (LeadJourneys Left, IReadOnlyList<LeadRun> Gone) Part(IReadOnlyCollection<string> leadIds)
    {
        var gone = Runs.Where(run => RunId.Parse(run.Id) is { LeadId: var leadId } && leadIds.Contains(leadId)).ToList();
        return (this with { Runs = [.. Runs.Except(gone)], Missed = null }, gone); // whose they were nobody knows
    }

    public LeadJourneys With(LeadRun changed) => this with { Runs = [.. Runs.Select(run => run.Id == changed.Id ? changed : run)] };

    /// <summary>The journeys of a lead that absorbs another: all runs go on, but of those that may not be side by side, and of those of one key, the older one alone.</summary>
    public static LeadJourneys Union(LeadJourneys own, LeadJourneys other, Func<LeadRun, bool> mayBeSideBySide)
    {
        if (other.Runs.Count == 0 && other.Past.Count == 0 && other.Missed is null)
        {
            return own;
        }

        var runs = new List<LeadRun>(own.Runs);
        foreach (var run in other.Runs.Where(run => own.Find(run.Id) is null))
        {
            var twin = !run.IsInside ? -1 : runs.FindIndex(r => r.Journey == run.Journey && r.IsInside && r.Ended is null && (r.Key == run.Key || !mayBeSideBySide(run)));
            if (twin < 0)
            {
                runs.Add(run);
            }
            else
            {
                const string reason = "The lead was merged with one that was in this journey already.";
                var ownIsOlder = runs[twin].At <= run.At;
                runs[twin] = ownIsOlder ? runs[twin] : runs[twin] with { Ended = reason };
                runs.Add(ownIsOlder ? run with { Ended = reason } : run);
            }
        }

        var past = new Dictionary<string, JourneyPast>(own.Past);
        foreach (var (journey, theirs) in other.Past)
        {
            past[journey] = past.TryGetValue(journey, out var ours) ? JourneyPast.Union(ours, theirs) : theirs;
        }

        return own with { Runs = runs, Past = past, Missed = MissedStart.Union(own.Missed, other.Missed) };
    }
}
