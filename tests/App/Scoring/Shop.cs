using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Scoring;

namespace LeadFunctions.Tests.Scoring;

/// <summary>The sample model, and short ways to make events and leads.</summary>
internal static class Shop
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static string Samples { get; } = Path.Combine(Root(), "samples", "scoring-models");

    public static string Json { get; } = File.ReadAllText(Path.Combine(Samples, "shop.json"));

    public static ScoringModel Model { get; } = Compile(Json, "shop", 3);

    public static ScoringModels Models { get; } = ScoringModels.None.WithLive(Model);

    public static ScoringModel Compile(string json, string id = "m", int version = 1)
    {
        using var parsed = JsonDocument.Parse(json);
        var (document, errors) = ScoringModelDocument.Parse(parsed.RootElement);
        Assert.Empty(errors);
        Assert.NotNull(document);
        return new(id, version, document);
    }

    /// <summary>A model of engagement rules only; <paramref name="rules"/> is what stands between the brackets.</summary>
    public static ScoringModel Engagement(string rules, string? rest = null, int version = 1) =>
        Compile($$"""{ "name": "m", "engagement": { {{(rest is null ? "" : rest + ",")}} "rules": [ {{rules}} ] } }""", "m", version);

    public static LeadEvent Event(string name, TimeSpan after, string? properties = null, string? id = null, string? context = null) => new()
    {
        Id = id ?? $"{name}-{after.TotalSeconds}",
        Type = name is "page" ? EventType.Page : EventType.Track,
        Name = name,
        At = Start + after,
        Properties = properties is null ? default : JsonElement.Parse(properties),
        Context = context is null ? default : JsonElement.Parse(context),
    };

    public static Ledger Earn(this ScoringModel model, params IEnumerable<LeadEvent> events)
    {
        var ledger = Ledger.Empty;
        foreach (var @event in events)
        {
            var entries = new List<LedgerEntry>();
            model.Earn(@event, entries);
            ledger = ledger.Add(entries);
        }
        return ledger;
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "LeadFunctions.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run inside the repository.");
        }
        return folder;
    }
}

/// <summary>A lead as a test says it is: traits as JSON, and every event that it ever had.</summary>
internal sealed class Lead(string traits = "{}", params IEnumerable<(string Name, DateTimeOffset At)> history) : ILeadFacts
{
    public static readonly Lead Unknown = new();

    private readonly Value _traits = Value.From(JsonElement.Parse(traits));
    private readonly (string Name, DateTimeOffset At)[] _history = [.. history];

    public Value Trait(string path) => _traits.At(path);

    public IEnumerable<ConsentAnswer> Answers => [];

    public int Count(string eventName, DateTimeOffset from, DateTimeOffset to) => _history.Count(h => h.Name == eventName && h.At >= from && h.At <= to);

    public bool IsExact(string eventName, DateTimeOffset from, DateTimeOffset to) => true;

    public IEnumerable<(DateTimeOffset Begin, DateTimeOffset End)> Spans(string eventName, DateTimeOffset from) =>
        _history.Where(h => h.Name == eventName && h.At >= from).Select(h => (h.At, h.At.AddMilliseconds(1)));

    public DateTimeOffset? NextChange(string path, IReadOnlyList<double> levels, DateTimeOffset after) => null;
}
