using System.Text.Json;
using System.Text.RegularExpressions;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Parsing;
using LeadFunctions.Facts;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Lifecycle;
using LeadFunctions.Segments;

namespace LeadFunctions.Journeys.Documents;

/// <summary>Reads a journey and reports every mistake in it.</summary>
internal sealed partial class JourneyParser
{
    private const int MaxCaps = 5;

    private static readonly string[] Fields =
        ["name", "description", "trigger", "entry", "goal", "exit", "quietHours", "frequency", "timeZone", "steps", "holdout", "$schema"];

    private static readonly string[] TriggerKinds = ["event", "form", "segment", "stage", "engagement", "date", "api"];

    public List<DocumentError> Errors { get; } = [];

    /// <summary>Only worth something when there are no errors.</summary>
    public JourneyDocument Parse(JsonElement json)
    {
        var root = new DocumentObject(json, "$", Errors, Fields);
        var name = root.Text("name", 200, required: true);
        var description = root.Text("description", 2000);
        _ = root.Text("$schema", 200); // for editors
        var trigger = root.Find("trigger", TriggerShape, required: true) is { } triggerJson ? Trigger(triggerJson) : null;
        var (when, reentry) = Entry(root, trigger);
        var goal = Condition(root, "goal");
        var exit = Condition(root, "exit");
        var quiet = root.Find("quietHours", QuietShape) is { } quietJson ? new DocumentObject(quietJson, "$.quietHours", Errors, ["from", "to"]).Quiet() : null;
        var zone = Zone(root);
        var caps = Frequency(root);
        var holdout = root.Find("holdout", HoldoutReading.Shape) is { } held ? HoldoutReading.Read(new(held, "$.holdout", Errors, HoldoutReading.Fields)) : null;
        var steps = new StepParser(Errors).Steps(root, "steps", required: true);
        if (steps.Count == 0 && root.Has("steps") && root.Members["steps"].ValueKind == JsonValueKind.Array && root.Members["steps"].GetArrayLength() == 0)
        {
            root.Add("$.steps", "A journey without steps does nothing.", "at least one step");
        }

        return new(name ?? "", description, trigger ?? new Trigger.Api(), when, reentry, goal, exit, quiet, caps, zone, steps, holdout);
    }

    private const string TriggerShape =
        "one of {\"event\": …}, {\"form\": …}, {\"segment\": …, \"on\": \"enter\"}, {\"stage\": …}, {\"engagement\": {\"crosses\": …}}, {\"date\": {\"trait\": …}}, {\"api\": true}";

    private Trigger? Trigger(JsonElement json)
    {
        const string path = "$.trigger";
        if (json.ValueKind != JsonValueKind.Object)
        {
            Errors.Add(new(path, $"This is {DocumentObject.KindOf(json)}.", TriggerShape));
            return null;
        }

        var kinds = TriggerKinds.Where(kind => json.TryGetProperty(kind, out _)).ToArray();
        if (kinds.Length != 1)
        {
            var first = json.EnumerateObject().FirstOrDefault();
            Errors.Add(kinds.Length > 1
                ? new(path, $"This has {string.Join(" and ", kinds.Select(kind => $"\"{kind}\""))}.", "one of them")
                : first.Value.ValueKind == JsonValueKind.Undefined
                    ? new(path, "This trigger is empty.", TriggerShape)
                    : new(DocumentPath.Member(path, first.Name), $"There is no trigger \"{first.Name}\".", DocumentPath.Suggest(first.Name, TriggerKinds)));
            return null;
        }

        return kinds[0] switch
        {
            "event" => EventTrigger(json),
            "form" => Form(new(json, path, Errors, ["form", "where", "key", "maxAge"])),
            "segment" => Segment(new(json, path, Errors, ["segment", "on"])),
            "stage" => Stage(new(json, path, Errors, ["stage"])),
            "engagement" => Engagement(new(json, path, Errors, ["engagement"])),
            "date" => Date(new(json, path, Errors, ["date"])),
            _ => Api(new(json, path, Errors, ["api"])),
        };
    }

    private Trigger.Event? EventTrigger(JsonElement json)
    {
        var reader = new DocumentObject(json, "$.trigger", Errors, ["event", "where", "key", "maxAge"]);
        var key = reader.Text("key", 200);
        var maxAge = reader.Duration("maxAge");
        var condition = Parsed(Without(json, "key", "maxAge"), "$.trigger", ConditionScope.JourneyTrigger);
        return condition is null ? null : new(condition, key, maxAge ?? Model.Trigger.DefaultMaxAge);
    }

    private Trigger.Event? Form(DocumentObject reader)
    {
        var form = reader.Text("form", 200, required: true);
        var key = reader.Text("key", 200);
        var maxAge = reader.Duration("maxAge");
        if (form is null)
        {
            return null;
        }

        // A "where" of its own is joined with the form's name; one that is wrong is left to the condition's parser to report.
        var isJoined = !reader.Has("where") || (reader.Members["where"].ValueKind == JsonValueKind.Object && reader.Members["where"].EnumerateObject().Any());
        var where = reader.Has("where") && isJoined ? reader.Members["where"].EnumerateObject().DistinctBy(member => member.Name).ToDictionary(member => member.Name, member => member.Value) : [];
        where["form"] = JsonSerializer.SerializeToElement(form);
        var condition = Parsed(
            isJoined ? JsonSerializer.SerializeToElement(new { @event = JourneyEvents.FormSubmitted, where }) : JsonSerializer.SerializeToElement(new { @event = JourneyEvents.FormSubmitted, where = reader.Members["where"] }),
            "$.trigger", ConditionScope.JourneyTrigger);
        return condition is null ? null : new(condition, key, maxAge ?? Model.Trigger.DefaultMaxAge);
    }

    private static Trigger.Segment? Segment(DocumentObject reader)
    {
        var (segment, on) = (reader.Text("segment", SegmentMembership.NameLimit, required: true), reader.OneOf("on", ["enter", "leave"]));
        return segment is null ? null : new(segment, on != "leave");
    }

    private Trigger.Stage? Stage(DocumentObject reader)
    {
        var isList = reader.Members["stage"].ValueKind == JsonValueKind.Array;
        var given = isList ? reader.Items("stage", "a stage, or a list of stages", Stages.All.Count).ToArray() : [(reader.Members["stage"], reader.At("stage"))];
        var stages = new List<string>();
        foreach (var (json, path) in given)
        {
            if (json.ValueKind == JsonValueKind.String && Stages.All.Contains(json.GetString()))
            {
                stages.Add(json.GetString()!); // it is text
            }
            else
            {
                reader.Add(path, $"{DocumentObject.Shown(json)} is not a lifecycle stage.", $"one of {string.Join(", ", Stages.All)}");
            }
        }

        if (isList && given.Length == 0)
        {
            reader.Add(reader.At("stage"), "This list of stages is empty.", "at least one stage");
        }

        return stages.Count > 0 ? new(stages) : null;
    }

    private Trigger.Engagement? Engagement(DocumentObject reader)
    {
        var inner = new DocumentObject(reader.Members["engagement"], reader.At("engagement"), Errors, ["crosses", "direction"]);
        var level = inner.Number("crosses", "a number of points", _ => true, required: true);
        var direction = inner.OneOf("direction", ["up", "down"]);
        return level is { } points ? new(points, direction == "down") : null;
    }

    private Trigger.Date? Date(DocumentObject reader) =>
        new StepParser(Errors).Date(reader.Members["date"], reader.At("date")) is { } rule ? new(rule) : null;

    private static Trigger.Api? Api(DocumentObject reader)
    {
        if (reader.Members["api"].ValueKind == JsonValueKind.True)
        {
            return new();
        }

        reader.Add(reader.At("api"), $"This is {DocumentObject.Shown(reader.Members["api"])}.", "true");
        return null;
    }

    private (JourneyCondition? When, Reentry Reentry) Entry(DocumentObject root, Trigger? trigger)
    {
        var key = (trigger as Trigger.Event)?.Key;
        Reentry standard = key is null ? new Reentry.AfterExit() : new Reentry.Concurrent();
        if (root.Find("entry", "an object with when, reentry") is not { } json)
        {
            return (null, standard);
        }

        var entry = new DocumentObject(json, "$.entry", Errors, ["when", "reentry"]);
        var when = Condition(entry, "when", ConditionScope.JourneyEntry);
        return (when, entry.Find("reentry", ReentryShape) is { } given ? ReentryOf(given, trigger is null || key is not null) ?? standard : standard);
    }

    private const string ReentryShape = "\"never\", \"afterExit\", \"concurrent\" (with trigger.key) or {\"after\": \"30d\"}";

    private Reentry? ReentryOf(JsonElement json, bool hasKey)
    {
        const string path = "$.entry.reentry";
        if (json.ValueKind == JsonValueKind.Object)
        {
            return new DocumentObject(json, path, Errors, ["after"]).Duration("after", required: true) is { } period ? new Reentry.After(period) : null;
        }

        switch (json.ValueKind == JsonValueKind.String ? json.GetString() : null)
        {
            case "never":
                return new Reentry.Never();
            case "afterExit":
                return new Reentry.AfterExit();
            case "concurrent" when hasKey:
                return new Reentry.Concurrent();
            case "concurrent":
                Errors.Add(new(path, "Runs side by side need something to tell them apart.", "\"key\" in the trigger: the property to run once for, such as \"cartId\""));
                return null;
            default:
                Errors.Add(new(path, $"This is {DocumentObject.Shown(json)}.", ReentryShape));
                return null;
        }
    }

    private const string QuietShape = "{\"from\": \"21:00\", \"to\": \"08:00\"}";

    private List<FrequencyCap> Frequency(DocumentObject root)
    {
        const string shape = "{\"max\": 3, \"per\": \"7d\", \"over\": \"skip\"}, or a list of such";
        var caps = new List<FrequencyCap>();
        if (root.Find("frequency", shape) is not { } json)
        {
            return caps;
        }

        var items = json.ValueKind == JsonValueKind.Array ? root.Items("frequency", shape, MaxCaps) : [(json, "$.frequency")];
        foreach (var (item, path) in items)
        {
            var reader = new DocumentObject(item, path, Errors, ["max", "per", "over"]);
            var max = reader.Number("max", "a whole number from 1 to 1000", number => number is >= 1 and <= 1000 && number == Math.Floor(number), required: true);
            var per = reader.Duration("per", required: true);
            var over = reader.OneOf("over", ["skip", "wait"]);
            if (max is { } most && per is { } period)
            {
                caps.Add(new((int)most, period, over == "wait"));
            }
        }

        return caps;
    }

    private string? Zone(DocumentObject root)
    {
        var zone = root.Text("timeZone", 64);
        if (zone is not null && TimeZones.Find(zone) is null)
        {
            root.Add("$.timeZone", $"There is no time zone \"{zone}\".", "an IANA name: \"Europe/Berlin\"");
        }

        return zone;
    }

    private JourneyCondition? Condition(DocumentObject reader, string field, ConditionScope? scope = null) =>
        reader.Find(field, "a condition") is { } json ? Parsed(json, reader.At(field), scope ?? ConditionScope.Journey) : null;

    private JourneyCondition? Parsed(JsonElement json, string path, ConditionScope scope) =>
        ConditionParser.Parse(json, path, scope, Errors) is { } condition
            ? new(condition, json.Clone(), path)
            : null;

    private static JsonElement Without(JsonElement json, params IReadOnlyList<string> fields) =>
        JsonSerializer.SerializeToElement(json.EnumerateObject().Where(member => !fields.Contains(member.Name)).DistinctBy(member => member.Name).ToDictionary(member => member.Name, member => member.Value));

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    internal static partial Regex IdPattern { get; }
}
