using System.Text.Json;
using System.Text.RegularExpressions;
using LeadFunctions.Conditions.Documents;

namespace LeadFunctions.Feedback.Preferences;

/// <summary>What people can subscribe to, as they are asked about it.</summary>
/// <param name="Id">As steps, campaigns and consent name it.</param>
/// <param name="Names">By language.</param>
/// <param name="Descriptions">By language; empty for none.</param>
internal sealed record Topic(string Id, IReadOnlyDictionary<string, string> Names, IReadOnlyDictionary<string, string> Descriptions)
{
    public string NameIn(string language) => In(Names, language) ?? Id;

    public string? DescriptionIn(string language) => In(Descriptions, language);

    private static string? In(IReadOnlyDictionary<string, string> texts, string language) =>
        texts.TryGetValue(language, out var own) ? own : texts.TryGetValue("en", out var english) ? english : texts.Values.FirstOrDefault();
}

/// <summary>The setting: the topics in the order in which the page shows them.</summary>
internal sealed partial record Topics(IReadOnlyList<Topic> All)
{
    public static readonly Topics None = new([]);

    private const int Most = 50;
    private const int LongestName = 100;
    private const int LongestDescription = 300;

    public const string IdRule = "1 to 100 characters a-z, 0-9, - and _, in parts with a dot between them";

    /// <summary>The setting, or all that is wrong with it.</summary>
    public static (Topics? Topics, IReadOnlyList<DocumentError> Errors) Parse(ReadOnlyMemory<byte> utf8)
    {
        var errors = new List<DocumentError>();
        JsonDocument json;
        try
        {
            json = JsonDocument.Parse(utf8);
        }
        catch (JsonException exception)
        {
            return (null, [new("$", Platform.FieldError.NotJson(exception), "a JSON document")]);
        }

        using (json)
        {
            if (json.RootElement is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty("topics", out var list) || list.ValueKind != JsonValueKind.Array)
            {
                return (null, [new("$.topics", "There is no list of topics.", """{"topics": [{"id": "news", "names": {"en": "News"}}]}""")]);
            }

            errors.AddRange(root.EnumerateObject().Where(member => member.Name != "topics").Select(member => new DocumentError($"$.{member.Name}", "This field is not known.", "topics")));
            if (list.GetArrayLength() > Most)
            {
                errors.Add(new("$.topics", "There are more topics than a reader can choose from.", $"at most {Most}"));
            }

            var topics = list.EnumerateArray().Take(Most).Select((topic, i) => One(topic, $"$.topics[{i}]", errors)).OfType<Topic>().ToList();
            errors.AddRange(topics.GroupBy(topic => topic.Id).Where(same => same.Count() > 1).Select(same => new DocumentError("$.topics", $"The topic \"{same.Key}\" is there more than once.", "each once")));
            return errors.Count > 0 ? (null, errors) : (new(topics), []);
        }
    }

    private static Topic? One(JsonElement json, string path, List<DocumentError> errors)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new(path, "This is no topic.", """{"id": "news", "names": {"en": "News"}}"""));
            return null;
        }

        foreach (var member in json.EnumerateObject().Where(member => member.Name is not ("id" or "names" or "descriptions")))
        {
            errors.Add(new($"{path}.{member.Name}", "This field is not known.", "id, names or descriptions"));
        }

        var id = json.In("id") is { ValueKind: JsonValueKind.String } text ? text.GetString()! : ""; // a text is not null
        if (!Id().IsMatch(id))
        {
            errors.Add(new($"{path}.id", "A topic cannot bear this id.", IdRule));
        }

        var names = Texts(json, "names", path, LongestName, errors);
        if (names.Count == 0 && json.In("names").ValueKind is JsonValueKind.Undefined or JsonValueKind.Object)
        {
            errors.Add(new($"{path}.names", "The topic has no name.", """a name for at least one language, as {"en": "News"}"""));
        }

        return new(id, names, Texts(json, "descriptions", path, LongestDescription, errors));
    }

    private static SortedList<string, string> Texts(JsonElement json, string name, string path, int longest, List<DocumentError> errors)
    {
        var texts = new SortedList<string, string>(StringComparer.OrdinalIgnoreCase);
        if (json.In(name) is not { ValueKind: not JsonValueKind.Undefined } given)
        {
            return texts;
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new($"{path}.{name}", "These are no texts by language.", """{"en": "…", "de": "…"}"""));
            return texts;
        }

        foreach (var text in given.EnumerateObject())
        {
            if (!Language().IsMatch(text.Name))
            {
                errors.Add(new($"{path}.{name}.{text.Name}", "This is no language.", "two or three letters, as en, pl, sl, ru or de"));
            }
            else if (text.Value.ValueKind != JsonValueKind.String || text.Value.GetString()!.Trim().Length == 0 || text.Value.GetString()!.Length > longest) // a text is not null
            {
                errors.Add(new($"{path}.{name}.{text.Name}", "The text is missing or too long.", $"1 to {longest} characters"));
            }
            else
            {
                texts[text.Name] = text.Value.GetString()!.Trim(); // just asked
            }
        }

        return texts;
    }

    [GeneratedRegex(@"^(?=.{1,100}\z)[a-z0-9][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Id();

    [GeneratedRegex(@"^[a-z]{2,3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Language();
}
