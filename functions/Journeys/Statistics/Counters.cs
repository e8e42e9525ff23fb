using System.Text.Json;

namespace LeadFunctions.Journeys.Statistics;

/// <summary>Whole numbers by name, to be added up and taken away again. What is 0 is not there, so two that count the same are the same.</summary>
internal sealed class Counters
{
    private readonly Dictionary<string, long> _counts;

    public Counters() => _counts = [];

    private Counters(Dictionary<string, long> counts) => _counts = counts;

    public IReadOnlyDictionary<string, long> All => _counts;

    public bool AreNone => _counts.Count == 0;

    public long this[string name] => _counts.GetValueOrDefault(name);

    public Counters Add(string name, long count = 1)
    {
        var sum = _counts.GetValueOrDefault(name) + count;
        if (sum == 0)
        {
            _counts.Remove(name);
        }
        else
        {
            _counts[name] = sum;
        }

        return this;
    }

    public Counters Add(Counters others, long times = 1)
    {
        foreach (var (name, count) in others._counts)
        {
            Add(name, count * times);
        }

        return this;
    }

    public Counters Add(IEnumerable<Occurrence> occurrences)
    {
        foreach (var one in occurrences)
        {
            Add(one.Name);
        }

        return this;
    }

    public Counters Copy() => new(new(_counts));

    public bool IsSameAs(Counters other) => _counts.Count == other._counts.Count && _counts.All(pair => other[pair.Key] == pair.Value);

    public string ToJson() => JsonSerializer.Serialize(new SortedDictionary<string, long>(_counts, StringComparer.Ordinal), StatisticsJson.Default.SortedDictionaryStringInt64);

    public static Counters Parse(string json) => new(JsonSerializer.Deserialize(json, StatisticsJson.Default.DictionaryStringInt64) ?? throw new InvalidDataException("Counters are stored as null."));
}

[System.Text.Json.Serialization.JsonSerializable(typeof(SortedDictionary<string, long>))]
[System.Text.Json.Serialization.JsonSerializable(typeof(Dictionary<string, long>))]
internal sealed partial class StatisticsJson : System.Text.Json.Serialization.JsonSerializerContext;
