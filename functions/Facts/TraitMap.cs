using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Facts;

/// <summary>A trait's value and the event time (Unix ms) that set it.</summary>
internal readonly record struct Trait(Value Value, long At)
{
    /// <summary>The later wins; of two set at the same instant the greater text, so that every order of arrival ends alike, and of two answers about consent the one that is no yes.</summary>
    public static Trait Latest(string path, Trait a, Trait b) =>
        a.At != b.At ? (a.At > b.At ? a : b)
        : TraitMap.IsAnswer(path) && a.IsYes(path) != b.IsYes(path) ? (a.IsYes(path) ? b : a)
        : string.CompareOrdinal(a.Value.ToString(), b.Value.ToString()) is not 0 and var order ? (order > 0 ? a : b)
        : a.Value.Kind >= b.Value.Kind ? a : b; // "1" and 1, a blank text and null

    /// <param name="path">Of an answer about consent.</param>
    public bool IsYes(string path) => new ConsentAnswer(path[Consent.Prefix.Length..], Value, At).Said == Said.Yes;
}

/// <summary>
/// What is known of a person, by dotted path (<c>company.employees</c>): the last writer wins, by event time.
/// Paths that start with <c>$</c> are the product's own (<c>$stage</c>, <c>$consent.tracking</c>); a client cannot set them.
/// </summary>
[JsonConverter(typeof(TraitMapConverter))]
internal sealed partial class TraitMap
{
    /// <summary>Paths kept for one lead, beside its answers about consent (<see cref="AnswersLimit"/>); further ones are refused.</summary>
    public const int Limit = 500;

    /// <summary>The product's own find room also in a map that clients filled.</summary>
    public const int OwnLimit = 2 * Limit;

    /// <summary>Of a path, and of a value as JSON, in bytes. Whatever is longer is not kept: a profile is read and written whole with every event of its lead.</summary>
    public const int PathLimit = 200, ValueLimit = 4 * 1024;

    private const int DepthLimit = 5;

    private readonly Dictionary<string, Trait> _traits;

    // How many of them are answers about consent.
    private int _answers;

    public TraitMap()
        : this([])
    {
    }

    internal TraitMap(Dictionary<string, Trait> traits)
        : this(traits, traits.Keys.Count(IsAnswer))
    {
    }

    private TraitMap(Dictionary<string, Trait> traits, int answers) => (_traits, _answers) = (traits, answers);

    public int Count => _traits.Count;

    /// <summary>A value is another than in the map that this was copied from.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>A value that stood was said again, later: beside other maps it may now be the last word.</summary>
    public bool IsRenewed { get; private set; }

    public IEnumerable<KeyValuePair<string, Trait>> All => _traits;

    public TraitMap Copy() => new(new Dictionary<string, Trait>(_traits), _answers);

    public Value Find(string path) => _traits.TryGetValue(path, out var trait) ? trait.Value : Value.Missing;

    /// <summary>When the value was set, event time, Unix ms; null: never.</summary>
    public long? SetAt(string path) => _traits.TryGetValue(path, out var trait) ? trait.At : null;

    /// <summary>Sets each leaf of a JSON object; answers with the paths whose value changed.</summary>
    public IReadOnlyList<string> SetAll(JsonElement traits, string prefix, long at)
    {
        if (traits.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        List<string>? changed = null;
        SetLeaves(traits, prefix, at, 1, ref changed);
        return changed ?? (IReadOnlyList<string>)[];
    }

    /// <summary>False when a later value stands, the same one does, or the lead has too many traits.</summary>
    public bool Set(string path, Value value, long at, int limit = Limit) =>
        (_traits.Count - _answers < limit || _traits.ContainsKey(path)) && Put(path, new Trait(value, at));

    public void SetAll(TraitMap other)
    {
        foreach (var (path, trait) in other._traits)
        {
            Put(path, trait);
        }

        Settle();
    }

    private void SetLeaves(JsonElement node, string prefix, long at, int depth, ref List<string>? changed)
    {
        foreach (var property in node.EnumerateObject())
        {
            if (property.Name.Length == 0 || (depth == 1 && prefix.Length == 0 && property.Name.StartsWith('$')))
            {
                continue;
            }

            var path = prefix + property.Name;
            if (property.Value.ValueKind == JsonValueKind.Object && depth < DepthLimit)
            {
                SetLeaves(property.Value, path + ".", at, depth + 1, ref changed);
            }
            else if (path.Length <= PathLimit && JsonMarshal.GetRawUtf8Value(property.Value).Length <= ValueLimit && Set(path, Value.From(property.Value), at))
            {
                (changed ??= []).Add(path);
            }
        }
    }
}

internal sealed class TraitMapConverter : JsonConverter<TraitMap>
{
    public override TraitMap Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var traits = new Dictionary<string, Trait>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var path = reader.GetString()!; // a property name is never null
            reader.Read();
            reader.Read();
            var at = reader.GetInt64();
            reader.Read();
            using var value = JsonDocument.ParseValue(ref reader);
            traits[path] = new Trait(Value.From(value.RootElement), at);
            reader.Read();
        }

        return new TraitMap(traits);
    }

    public override void Write(Utf8JsonWriter writer, TraitMap value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (path, trait) in value.All)
        {
            writer.WriteStartArray(path);
            writer.WriteNumberValue(trait.At);
            trait.Value.WriteTo(writer);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
