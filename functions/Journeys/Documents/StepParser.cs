using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Lifecycle;
using LeadFunctions.Segments;

namespace LeadFunctions.Journeys.Documents;

/// <summary>Reads the steps of a journey, nested ones included.</summary>
internal sealed partial class StepParser(List<DocumentError> errors)
{
    public const int MaxSteps = 500;
    private const int MaxDepth = 10;

    public static readonly IReadOnlyList<string> Types =
        ["send", "wait", "waitFor", "branch", "split", "setTraits", "addPoints", "addToList", "removeFromList", "setStage", "notifySales", "webhook", "startJourney", "repeat", "track", "exit"];

    private static readonly string[] Common = ["id", "type", "name", "late"];

    private readonly Dictionary<string, string> _ids = new(StringComparer.OrdinalIgnoreCase);
    private int _steps;
    private int _depth;

    public IReadOnlyList<Step> Steps(DocumentObject owner, string field, bool required = false)
    {
        if (_depth == MaxDepth)
        {
            owner.Add(owner.At(field), "Steps are nested too deeply.", $"at most {MaxDepth} levels");
            return [];
        }

        _depth++;
        var steps = owner.Items(field, "a list of steps", MaxSteps, required).Select(item => One(item.Json, item.Path)).OfType<Step>().ToArray();
        _depth--;
        return steps;
    }

    /// <summary>A rule for a date: of a trigger, and of a wait.</summary>
    public DateRule? Date(JsonElement json, string path)
    {
        var reader = new DocumentObject(json, path, errors, ["trait", "yearly", "offset", "at"]);
        var trait = reader.Text("trait", 200, required: true);
        var yearly = reader.Flag("yearly");
        Offset? offset = null;
        if (reader.Find("offset", Offset.Expected) is { } offsetJson)
        {
            if (offsetJson.ValueKind == JsonValueKind.String && Offset.TryParse(offsetJson.GetString(), out var parsed))
            {
                offset = parsed;
            }
            else
            {
                reader.Add(reader.At("offset"), $"{DocumentObject.Shown(offsetJson)} is not an offset.", Offset.Expected);
            }
        }

        var at = reader.Time("at");
        return trait is null ? null : new(trait, yearly, offset, at);
    }

    private Step? One(JsonElement json, string path)
    {
        if (++_steps > MaxSteps)
        {
            if (_steps == MaxSteps + 1)
            {
                errors.Add(new(path, "There are too many steps.", $"at most {MaxSteps} in a journey"));
            }

            return null;
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new(path, $"This is {DocumentObject.KindOf(json)}.", "a step: an object with id and type"));
            return null;
        }

        var type = json.TryGetProperty("type", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString() : null;
        if (type is null || !Types.Contains(type))
        {
            Id(new(json, path, [], null), report: true);
            errors.Add(given.ValueKind == JsonValueKind.Undefined
                ? new(DocumentPath.Member(path, "type"), "\"type\" is missing.", $"one of {string.Join(", ", Types)}")
                : new(DocumentPath.Member(path, "type"), $"There is no step {DocumentObject.Shown(given)}.", DocumentPath.Suggest(type ?? "", Types)));
            return null;
        }

        var reader = new DocumentObject(json, path, errors, [.. Common, .. FieldsOf(type)]);
        var id = Id(reader, report: true) ?? "";
        return Of(type, new(reader, id, reader.Text("name", 200), Late(reader), path));
    }

    private readonly record struct Head(DocumentObject Reader, string Id, string? Name, Lateness? Late, string Path);

    private static string[] FieldsOf(string type) => type switch
    {
        "send" => ["template", "channel", "topic", "data", "urgent"],
        "wait" => ["for", "until", "window"],
        "waitFor" => ["when", "timeout", "since", "then", "else"],
        "branch" => ["paths", "else"],
        "split" => ["paths", "salt"],
        "setTraits" => ["traits"],
        "addPoints" => ["points", "reason"],
        "addToList" or "removeFromList" => ["list"],
        "setStage" => ["stage", "reason"],
        "webhook" => ["url", "method", "headers", "body", "saveAs"],
        "startJourney" => ["journey", "data"],
        "repeat" => ["max", "while", "steps"],
        "track" => ["event", "properties"],
        _ => ["reason"],
    };

    private Step? Of(string type, Head head)
    {
        var (reader, id, name, late, path) = head;
        switch (type)
        {
            case "send":
                var template = reader.Text("template", 100, required: true);
                return new Step.Send(id, name, late, path, template ?? "", reader.Text("channel", 64) ?? "email", reader.Text("topic", 64), reader.Object("data"), reader.Flag("urgent"));
            case "wait":
                return Wait(reader) is { } time ? new Step.Wait(id, name, late, path, time) : null;
            case "waitFor":
                return WaitFor(head);
            case "branch":
                return Branch(head);
            case "split":
                return Split(head);
            case "setTraits":
                return new Step.SetTraits(id, name, late, path, reader.Object("traits", required: true));
            case "addPoints":
                var points = reader.Number("points", "a number of points other than 0, up to a million", number => number != 0 && Math.Abs(number) <= 1e6, required: true);
                return new Step.AddPoints(id, name, late, path, points ?? 0, reader.Text("reason", 500));
            case "addToList" or "removeFromList":
                return new Step.ChangeList(id, name, late, path, reader.Text("list", SegmentMembership.NameLimit, required: true) ?? "", type == "addToList");
            case "setStage":
                return new Step.SetStage(id, name, late, path, reader.OneOf("stage", Stages.All, required: true) ?? "", reader.Text("reason", 500));
            case "notifySales":
                return new Step.NotifySales(id, name, late, path, reader.Text("reason", 500));
            case "webhook":
                return Webhook(head);
            case "startJourney":
                return new Step.StartJourney(id, name, late, path, reader.Text("journey", 64, required: true) ?? "", reader.Object("data"));
            case "repeat":
                return Repeat(head);
            case "track":
                return new Step.Track(id, name, late, path, reader.Text("event", 200, required: true) ?? "", reader.Object("properties"));
            default:
                return new Step.Exit(id, name, late, path, reader.Text("reason", 500));
        }
    }

    private Lateness? Late(DocumentObject step)
    {
        if (step.Find("late", "{\"after\": \"2d\", \"do\": \"skip\"}") is not { } json)
        {
            return null;
        }

        var reader = new DocumentObject(json, step.At("late"), errors, ["after", "do"]);
        var after = reader.Duration("after", required: true);
        return reader.OneOf("do", ["send", "skip", "exit"], required: true) is { } what && after is { } length
            ? new(length, what switch { "send" => WhenLate.Send, "skip" => WhenLate.Skip, _ => WhenLate.Exit })
            : null;
    }

    private string? Id(DocumentObject reader, bool report)
    {
        const string expected = "1 to 64 letters, digits, \".\", \"_\" and \"-\", the first a letter or digit; unique in the journey and kept in later versions";
        var at = reader.At("id");
        if (!reader.Has("id"))
        {
            if (report)
            {
                errors.Add(new(at, "\"id\" is missing.", expected));
            }

            return null;
        }

        var json = reader.Members["id"];
        if (json.ValueKind != JsonValueKind.String || json.GetString() is not { } id || !JourneyParser.IdPattern.IsMatch(id))
        {
            errors.Add(new(at, $"{DocumentObject.Shown(json)} is not an id.", expected));
            return null;
        }

        if (!_ids.TryAdd(id, reader.Path))
        {
            errors.Add(new(at, $"The step {_ids[id]} has the id \"{id}\" too.", "an id that no other step of the journey has; case does not tell ids apart"));
        }

        return id;
    }

    private JourneyCondition? Condition(DocumentObject reader, string field, bool required, ConditionScope? scope = null) =>
        reader.Find(field, "a condition", required) is { } json && ConditionParser.Parse(json, reader.At(field), scope ?? ConditionScope.Journey, errors) is { } condition
            ? new(condition, json.Clone(), reader.At(field))
            : null;
}
