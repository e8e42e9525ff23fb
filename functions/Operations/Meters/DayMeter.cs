using System.Text.Json;
using System.Text.Json.Serialization;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Operations.Meters;

/// <summary>What was counted on a day, by its hours (UTC, by the app's clock).</summary>
internal sealed record DayMeter(SortedDictionary<int, HourMeter> Hours)
{
    public static DayMeter Empty => new(new SortedDictionary<int, HourMeter>());

    public HourMeter At(int hour)
    {
        if (!Hours.TryGetValue(hour, out var found))
        {
            Hours[hour] = found = HourMeter.Empty;
        }

        return found;
    }

    public static DayMeter Sum(DayMeter one, DayMeter other)
    {
        var sum = Empty;
        sum.Join(one);
        sum.Join(other);
        return sum;
    }

    /// <summary>As if all that the other one counted had been counted here.</summary>
    public void Join(DayMeter other)
    {
        foreach (var (hour, meter) in other.Hours)
        {
            At(hour).Join(meter);
        }
    }
}

/// <param name="Sources">By source, or by <c>none</c> for keys that are nobody's.</param>
internal sealed record HourMeter(Dictionary<string, SourceMeter> Sources, Dictionary<StorageService, StorageUse> Storage)
{
    public static HourMeter Empty => new(new(StringComparer.Ordinal), []);

    public void Add(string source, string outcome, long events, DateTimeOffset? accepted)
    {
        if (!Sources.TryGetValue(source, out var meter))
        {
            Sources[source] = meter = new(new(StringComparer.Ordinal), null);
        }

        meter.Outcomes[outcome] = meter.Outcomes.GetValueOrDefault(outcome) + events;
        Sources[source] = meter with { LastAccepted = accepted is null || accepted < meter.LastAccepted ? meter.LastAccepted : accepted };
    }

    public void Add(StorageService service, StorageUse use) => Storage[service] = Storage.GetValueOrDefault(service) + use;

    public void Join(HourMeter other)
    {
        foreach (var (source, meter) in other.Sources)
        {
            foreach (var (outcome, events) in meter.Outcomes)
            {
                Add(source, outcome, events, meter.LastAccepted);
            }
        }

        foreach (var (service, use) in other.Storage)
        {
            Add(service, use);
        }
    }
}

/// <param name="Outcomes">How many events, by what became of them, as metrics name it.</param>
internal sealed record SourceMeter(Dictionary<string, long> Outcomes, DateTimeOffset? LastAccepted);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(DayMeter))]
internal sealed partial class MetersJson : JsonSerializerContext;
