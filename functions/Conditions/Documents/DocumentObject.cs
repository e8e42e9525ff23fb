using System.Text.Json;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Conditions.Documents;

/// <summary>
/// Reads one JSON object of a document that a person wrote. Each mistake is added to the list and reading goes on, so that all are answered at once:
/// a getter that finds a mistake returns null or a default after reporting it.
/// </summary>
internal sealed class DocumentObject
{
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _misspelt = [];

    /// <summary>Reports a value that is not an object, members that are not among <paramref name="fields"/> (null: any name is one), and members given twice.</summary>
    public DocumentObject(JsonElement json, string path, List<DocumentError> errors, IReadOnlyList<string>? fields)
    {
        Path = path;
        Errors = errors;
        var before = errors.Count;
        if (json.ValueKind != JsonValueKind.Object)
        {
            Add(path, $"This is {KindOf(json)}.", fields is null ? "an object" : $"an object with {string.Join(", ", fields)}");
            return;
        }
        IsObject = true;
        foreach (var member in json.EnumerateObject())
        {
            var at = DocumentPath.Member(path, member.Name);
            if (fields is not null && !fields.Contains(member.Name))
            {
                Add(at, $"There is no field \"{member.Name}\" here.", DocumentPath.Suggest(member.Name, fields));
                _misspelt.Add(DocumentPath.Nearest(member.Name, fields) ?? "");
            }
            else if (!_members.TryAdd(member.Name, member.Value))
            {
                Add(at, $"\"{member.Name}\" is given twice.", "each field once");
            }
        }
        IsClean = errors.Count == before;
    }

    public string Path { get; }

    public bool IsObject { get; }

    /// <summary>It is an object whose members all have a place in it.</summary>
    public bool IsClean { get; }

    public List<DocumentError> Errors { get; }

    public IReadOnlyDictionary<string, JsonElement> Members => _members;

    public bool Has(string field) => _members.ContainsKey(field);

    /// <summary>Neither there nor, it seems, misspelt (which has been reported, and is one mistake then, not two).</summary>
    public bool Lacks(string field) => IsObject && !Has(field) && !_misspelt.Contains(field);

    public string At(string field) => DocumentPath.Member(Path, field);

    public void Add(string path, string message, string? expected) => Errors.Add(new(path, message, expected));

    /// <summary>The member, reported when it is required and absent.</summary>
    public JsonElement? Find(string field, string expected, bool required = false)
    {
        if (_members.TryGetValue(field, out var json))
        {
            return json;
        }
        if (required && Lacks(field))
        {
            Add(At(field), $"\"{field}\" is missing.", expected);
        }
        return null;
    }

    public string? Text(string field, int maxLength, bool required = false)
    {
        var expected = $"text of 1 to {maxLength} characters";
        if (Find(field, expected, required) is not { } json)
        {
            return null;
        }
        if (json.ValueKind == JsonValueKind.String && json.GetString() is { } text && text.Trim().Length > 0 && text.Length <= maxLength)
        {
            return text;
        }
        Add(At(field), json.ValueKind == JsonValueKind.String ? "This text is empty or too long." : $"This is {KindOf(json)}.", expected);
        return null;
    }

    /// <param name="isValid">What else must hold of the number, as <paramref name="expected"/> tells it.</param>
    public double? Number(string field, string expected, Func<double, bool> isValid, bool required = false)
    {
        if (Find(field, expected, required) is not { } json)
        {
            return null;
        }
        if (json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out var number) && double.IsFinite(number) && isValid(number))
        {
            return number;
        }
        Add(At(field), $"This is {Shown(json)}.", expected);
        return null;
    }

    public Duration? Duration(string field, bool required = false)
    {
        if (Find(field, Values.Duration.Expected, required) is not { } json)
        {
            return null;
        }
        if (json.ValueKind == JsonValueKind.String && Values.Duration.TryParse(json.GetString(), out var duration))
        {
            return duration;
        }
        Add(At(field), $"{Shown(json)} is not a duration.", Values.Duration.Expected);
        return null;
    }

    /// <summary>The items with their paths; empty after a report when it is not an array or has more than <paramref name="maxItems"/>.</summary>
    public IEnumerable<(JsonElement Json, string Path)> Items(string field, string expected, int maxItems, bool required = false)
    {
        if (Find(field, expected, required) is not { } json)
        {
            return [];
        }
        if (json.ValueKind != JsonValueKind.Array)
        {
            Add(At(field), $"This is {KindOf(json)}.", expected);
            return [];
        }
        if (json.GetArrayLength() > maxItems)
        {
            Add(At(field), $"There are {json.GetArrayLength()} items.", $"at most {maxItems}");
            return [];
        }
        return json.EnumerateArray().Select((item, i) => (item, DocumentPath.Item(At(field), i)));
    }

    public static string KindOf(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    /// <summary>The value itself where it is short and simple, else its kind.</summary>
    public static string Shown(JsonElement json) =>
        json.ValueKind is JsonValueKind.Object or JsonValueKind.Array || json.GetRawText().Length > 60 ? KindOf(json) : json.GetRawText();
}
