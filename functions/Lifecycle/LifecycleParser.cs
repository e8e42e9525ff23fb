using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Parsing;

namespace LeadFunctions.Lifecycle;

/// <summary>Reads a lifecycle's document.</summary>
internal sealed class LifecycleParser
{
    private const int MaxOwners = 200;
    private const int MaxReasons = 50;
    private const int MaxCapacity = 1_000_000;
    private const int MaxText = 200;

    private static readonly string[] Fields = ["name", "stages", "reopen", "neglect", "reasons", "owners", "assignAt", "$schema"];
    private static readonly string[] Outcomes = ["recycled", "disqualified", "churned", "lost", "won"];

    private readonly List<DocumentError> _errors = [];

    private LifecycleParser()
    {
    }

    public static (LifecycleDocument? Document, IReadOnlyList<DocumentError> Errors) Parse(JsonElement json)
    {
        var parser = new LifecycleParser();
        var document = parser.Document(json);
        return (DocumentError.Grave(parser._errors) > 0 ? null : document, parser._errors);
    }

    private LifecycleDocument? Document(JsonElement json)
    {
        var root = new DocumentObject(json, "$", _errors, Fields);
        var name = root.Text("name", MaxText);
        _ = root.Text("$schema", MaxText); // for editors
        var items = root.Items("stages", "a list of stages, in the order in which leads rise", Stages.All.Count, required: true).ToList();
        if (root.Members.TryGetValue("stages", out var list) && list is { ValueKind: JsonValueKind.Array } && list.GetArrayLength() == 0)
        {
            root.Add(root.At("stages"), "There are no stages.", "at least one");
        }

        var ids = new List<string>();
        foreach (var (item, path) in items)
        {
            if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String && Stages.All.Contains(id.GetString()))
            {
                if (ids.Contains(id.GetString()!))
                {
                    _errors.Add(new(DocumentPath.Member(path, "id"), $"\"{id.GetString()}\" is there twice.", "each stage once"));
                }

                ids.Add(id.GetString()!);
            }
        }

        var stages = items.Select(item => Stage(item.Json, item.Path, ids)).OfType<StageRule>().ToList();
        var reopen = root.Has("reopen") ? Reopen(root) : null;
        var neglect = root.Has("neglect") ? Neglect(root) : null;
        var owners = root.Items("owners", "a list of people in sales", MaxOwners).Select(item => Owner(item.Json, item.Path)).OfType<OwnerRule>().ToList();
        foreach (var twice in owners.GroupBy(owner => owner.Id).Where(group => group.Count() > 1))
        {
            root.Add(root.At("owners"), $"\"{twice.Key}\" is there twice.", "each owner once");
        }

        var assignAt = root.Has("assignAt") ? StageAt(root, "assignAt") : null;
        return new(name, stages, reopen, neglect, Reasons(root), owners, assignAt);
    }

    private StageRule? Stage(JsonElement json, string path, IReadOnlyList<string> order)
    {
        var reader = new DocumentObject(json, path, _errors, ["id", "name", "when", "from", "sla", "demote"]);
        var id = StageAt(reader, "id", required: true);
        var name = reader.Text("name", MaxText);
        var when = Condition(reader, "when");
        var from = reader.Has("from") ? StagesAt(reader, "from") : null;
        var sla = reader.Duration("sla");
        var demote = reader.Has("demote") ? new DocumentObject(reader.Members["demote"], reader.At("demote"), _errors, ["when", "to"]) : null;
        var demoteWhen = demote is null ? null : Condition(demote, "when", required: true);
        var demoteTo = demote is null ? null : StageAt(demote, "to", required: true);
        if (id is null)
        {
            return null;
        }

        if (demoteTo == id)
        {
            demote!.Add(demote.At("to"), "That is the stage itself.", "another stage");
        }

        if (from?.Contains(id) == true)
        {
            reader.Add(reader.At("from"), "The stage itself is among them.", "other stages");
        }

        if (reader.Has("from") && when is null && !reader.Has("when"))
        {
            reader.Add(reader.At("from"), "Without \"when\" nothing moves a lead here by itself.", "\"when\" beside it, or no \"from\"");
        }

        if (when is not null && from is null && Stages.Aside.Contains(id))
        {
            reader.Add(reader.At("from"), $"\"{id}\" is off the way: it must be said out of which stages leads come here by themselves.", "a list of stages: [\"customer\"]");
        }

        var place = order.ToList().IndexOf(id);
        return new(id, name, when, from ?? [.. order.Take(Math.Max(0, place)).Except(Stages.Aside)], sla, demoteWhen, demoteTo);
    }

    private ReopenRule? Reopen(DocumentObject root)
    {
        var reader = new DocumentObject(root.Members["reopen"], root.At("reopen"), _errors, ["rise", "to"]);
        var rise = reader.Number("rise", "points, over 0", points => points > 0, required: true);
        var to = reader.Has("to") ? StageAt(reader, "to") : Stages.Lead;
        if (to == Stages.Recycled)
        {
            reader.Add(reader.At("to"), "A lead is there already when it is reopened.", "another stage");
        }

        return rise is { } points && to is not null ? new(points, to) : null;
    }

    private NeglectRule? Neglect(DocumentObject root)
    {
        var reader = new DocumentObject(root.Members["neglect"], root.At("neglect"), _errors, ["stages", "after", "contacts"]);
        var stages = StagesAt(reader, "stages", required: true);
        var after = reader.Duration("after", required: true);
        var contacts = reader.Has("contacts")
            ? reader.Items("contacts", "a list of events", 50).Where(item => IsText(reader, item.Json, item.Path)).Select(item => item.Json.GetString()!).ToList()
            : [.. StageEvents.Contacts];
        if (stages is not { Count: > 0 } || after is not { } length || contacts.Count == 0)
        {
            return null;
        }

        var json = JsonSerializer.SerializeToElement(new { not = new { @event = contacts, within = length.Text } });
        return ConditionParser.Parse(json, reader.Path, ConditionScope.Lifecycle, _errors) is { } silence ? new(stages, length, contacts, new(silence, json)) : null;
    }

    private OwnerRule? Owner(JsonElement json, string path)
    {
        var reader = new DocumentObject(json, path, _errors, ["id", "name", "email", "capacity", "when"]);
        var id = reader.Text("id", 64, required: true);
        var capacity = reader.Number("capacity", $"a whole number from 0 to {MaxCapacity}", number => number is >= 0 and <= MaxCapacity && number == Math.Floor(number));
        var rule = new OwnerRule(id ?? "", reader.Text("name", MaxText), reader.Text("email", MaxText), (int?)capacity, Condition(reader, "when"));
        return id is null ? null : rule;
    }

    private Dictionary<string, IReadOnlyList<string>> Reasons(DocumentObject root)
    {
        var reasons = new Dictionary<string, IReadOnlyList<string>>();
        if (!root.Has("reasons"))
        {
            return reasons;
        }

        var reader = new DocumentObject(root.Members["reasons"], root.At("reasons"), _errors, Outcomes);
        foreach (var outcome in Outcomes.Where(reader.Has))
        {
            reasons[outcome] = [.. reader.Items(outcome, "a list of reasons", MaxReasons).Where(item => IsText(reader, item.Json, item.Path)).Select(item => item.Json.GetString()!)];
        }

        return reasons;
    }

    private StageCondition? Condition(DocumentObject reader, string field, bool required = false) =>
        reader.Find(field, "a condition", required) is { } json && ConditionParser.Parse(json, reader.At(field), ConditionScope.Lifecycle, _errors) is { } compiled ? new(compiled, json.Clone()) : null;

    private static string? StageAt(DocumentObject reader, string field, bool required = false)
    {
        var expected = "one of " + string.Join(", ", Stages.All);
        if (reader.Find(field, expected, required) is not { } json)
        {
            return null;
        }

        if (json.ValueKind == JsonValueKind.String && Stages.All.Contains(json.GetString()))
        {
            return json.GetString();
        }

        reader.Add(reader.At(field), $"{DocumentObject.Shown(json)} is not a lifecycle stage.", expected);
        return null;
    }

    private static List<string>? StagesAt(DocumentObject reader, string field, bool required = false)
    {
        var expected = "a list of stages: " + string.Join(", ", Stages.All);
        var stages = new List<string>();
        foreach (var (json, path) in reader.Items(field, expected, Stages.All.Count, required))
        {
            if (json.ValueKind == JsonValueKind.String && Stages.All.Contains(json.GetString()))
            {
                stages.Add(json.GetString()!);
            }
            else
            {
                reader.Add(path, $"{DocumentObject.Shown(json)} is not a lifecycle stage.", expected);
            }
        }

        return reader.Has(field) ? stages : null;
    }

    private static bool IsText(DocumentObject reader, JsonElement json, string path)
    {
        var isText = json.ValueKind == JsonValueKind.String && json.GetString()!.Trim() is { Length: > 0 and <= MaxText };
        if (!isText)
        {
            reader.Add(path, $"This is {DocumentObject.Shown(json)}.", $"text of 1 to {MaxText} characters");
        }

        return isText;
    }
}
