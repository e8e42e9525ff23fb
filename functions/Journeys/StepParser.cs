using System.Globalization;
using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Leads;

namespace LeadFunctions.Journeys;

/// <summary>Reads the steps of a journey, nested ones included.</summary>
internal sealed class StepParser(List<DocumentError> errors)
{
    public const int MaxSteps = 500;
    private const int MaxDepth = 10;
    private const int MaxRounds = 1000;

    public static readonly IReadOnlyList<string> Types =
        ["send", "wait", "waitFor", "branch", "split", "setTraits", "addPoints", "addToList", "removeFromList", "setStage", "notifySales", "webhook", "startJourney", "repeat", "track", "exit"];

    private static readonly string[] Common = ["id", "type", "name", "late"];
    private static readonly string[] DayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

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
        var yearly = Flag(reader, "yearly");
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

        var at = Time(reader, "at");
        return trait is null ? null : new(trait, yearly, offset, at);
    }

    public TimeOnly? Time(DocumentObject reader, string field, bool required = false)
    {
        const string expected = "a time of day: \"09:00\"";
        if (reader.Find(field, expected, required) is not { } json)
        {
            return null;
        }

        if (json.ValueKind == JsonValueKind.String && TimeOnly.TryParseExact(json.GetString(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return time;
        }

        reader.Add(reader.At(field), $"{DocumentObject.Shown(json)} is not a time of day.", expected);
        return null;
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
                return new Step.Send(id, name, late, path, template ?? "", reader.Text("channel", 64) ?? "email", reader.Text("topic", 64), Object(reader, "data"), Flag(reader, "urgent"));
            case "wait":
                return Wait(reader) is { } time ? new Step.Wait(id, name, late, path, time) : null;
            case "waitFor":
                return WaitFor(head);
            case "branch":
                return Branch(head);
            case "split":
                return Split(head);
            case "setTraits":
                return new Step.SetTraits(id, name, late, path, Object(reader, "traits", required: true));
            case "addPoints":
                var points = reader.Number("points", "a number of points other than 0, up to a million", number => number != 0 && Math.Abs(number) <= 1e6, required: true);
                return new Step.AddPoints(id, name, late, path, points ?? 0, reader.Text("reason", 500));
            case "addToList" or "removeFromList":
                return new Step.ChangeList(id, name, late, path, reader.Text("list", 64, required: true) ?? "", type == "addToList");
            case "setStage":
                return new Step.SetStage(id, name, late, path, OneOf(reader, "stage", Stages.All, required: true) ?? "", reader.Text("reason", 500));
            case "notifySales":
                return new Step.NotifySales(id, name, late, path, reader.Text("reason", 500));
            case "webhook":
                return Webhook(head);
            case "startJourney":
                return new Step.StartJourney(id, name, late, path, reader.Text("journey", 64, required: true) ?? "", Object(reader, "data"));
            case "repeat":
                return Repeat(head);
            case "track":
                return new Step.Track(id, name, late, path, reader.Text("event", 200, required: true) ?? "", Object(reader, "properties"));
            default:
                return new Step.Exit(id, name, late, path, reader.Text("reason", 500));
        }
    }

    private WaitTime? Wait(DocumentObject reader)
    {
        const string shape = "one of \"for\": \"2d\", \"until\": {\"trait\": …} or {\"time\": \"09:00\"}, \"window\": {\"from\": \"09:00\", \"to\": \"17:00\"}";
        var kinds = new[] { "for", "until", "window" }.Where(reader.Has).ToArray();
        if (kinds.Length != 1)
        {
            reader.Add(reader.Path, kinds.Length == 0 ? "This wait does not say how long." : $"This has {string.Join(" and ", kinds.Select(kind => $"\"{kind}\""))}.", shape);
            return null;
        }

        switch (kinds[0])
        {
            case "for":
                return reader.Duration("for") is { } length ? new WaitTime.For(length) : null;
            case "window":
                var window = new DocumentObject(reader.Members["window"], reader.At("window"), errors, ["from", "to", "days"]);
                var (from, to, days) = (Time(window, "from", required: true), Time(window, "to", required: true), Days(window));
                return from is { } opens && to is { } closes ? new WaitTime.InWindow(new(opens, closes, days)) : null;
            default:
                var json = reader.Members["until"];
                if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("time", out _))
                {
                    return Date(json, reader.At("until")) is { } rule ? new WaitTime.UntilDate(rule) : null;
                }

                var until = new DocumentObject(json, reader.At("until"), errors, ["time", "days"]);
                return Time(until, "time") is { } time ? new WaitTime.UntilTime(time, Days(until)) : null;
        }
    }

    private Step.WaitFor? WaitFor(Head head)
    {
        var (reader, id, name, late, path) = head;
        var when = Condition(reader, "when", required: true);
        var timeout = reader.Duration("timeout");
        var since = OneOf(reader, "since", ["entry", "step"]);
        var (then, @else) = (Steps(reader, "then"), Steps(reader, "else"));
        return when is null ? null : new(id, name, late, path, when, timeout, since == "step", then, @else);
    }

    private Step.Branch Branch(Head head)
    {
        var (reader, id, name, late, path) = head;
        var paths = new List<BranchPath>();
        foreach (var item in Paths(reader, ["name", "when", "steps"]))
        {
            var when = Condition(item, "when", required: true, ConditionScope.JourneyEntry);
            var steps = Steps(item, "steps", required: true);
            if (when is not null)
            {
                paths.Add(new(NameOf(item, paths.Count), when, steps));
            }
        }

        return new(id, name, late, path, paths, Steps(reader, "else"));
    }

    private Step.Split Split(Head head)
    {
        var (reader, id, name, late, path) = head;
        var paths = new List<SplitPath>();
        foreach (var item in Paths(reader, ["name", "weight", "steps"]))
        {
            var weight = item.Number("weight", "a number from 0 to 1000000", number => number is >= 0 and <= 1e6, required: true);
            paths.Add(new(NameOf(item, paths.Count), weight ?? 0, Steps(item, "steps", required: true)));
        }

        if (paths.Count > 0 && reader.IsClean && paths.Sum(split => split.Weight) <= 0)
        {
            reader.Add(reader.At("paths"), "All weights are 0.", "at least one path with a weight over 0");
        }

        return new(id, name, late, path, paths, reader.Text("salt", 100));
    }

    private IEnumerable<DocumentObject> Paths(DocumentObject reader, string[] fields)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "else" };
        var count = 0;
        foreach (var (json, path) in reader.Items("paths", "a list of paths", 50, required: true))
        {
            count++;
            var item = new DocumentObject(json, path, errors, fields);
            if (!item.IsObject)
            {
                continue;
            }

            if (item.Text("name", 64, required: true) is { } name && !names.Add(name))
            {
                item.Add(item.At("name"), $"Another path is called \"{name}\".", "a name that no other path of the step has, nor \"else\"");
            }

            yield return item;
        }

        if (count == 0 && reader.Has("paths") && reader.Members["paths"].ValueKind == JsonValueKind.Array)
        {
            reader.Add(reader.At("paths"), "There are no paths.", "at least one path");
        }
    }

    private static string NameOf(DocumentObject item, int index) =>
        item.Has("name") && item.Members["name"].ValueKind == JsonValueKind.String ? item.Members["name"].GetString()! : $"path {index + 1}"; // it is text

    private Step.Webhook Webhook(Head head)
    {
        var (reader, id, name, late, path) = head;
        var url = reader.Text("url", 2000, required: true);
        if (url is not null && !(Uri.TryCreate(Placeholders.Fill(url, _ => default), UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"))
        {
            reader.Add(reader.At("url"), $"\"{url}\" is not a web address.", "an absolute address: \"https://example.com/hook\"");
        }

        var method = OneOf(reader, "method", ["POST", "PUT", "PATCH", "GET", "DELETE"]) ?? "POST";
        var headers = new Dictionary<string, string>();
        foreach (var (header, value) in Members(Object(reader, "headers")))
        {
            if (value.ValueKind == JsonValueKind.String && header.Length > 0 && header.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            {
                headers[header] = value.GetString()!; // it is text
            }
            else
            {
                reader.Add(DocumentPath.Member(reader.At("headers"), header), "This is not a header.", "a header's name with text");
            }
        }

        var saveAs = reader.Text("saveAs", 64);
        if (saveAs is not null && !saveAs.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            reader.Add(reader.At("saveAs"), $"\"{saveAs}\" is not a name.", "letters, digits and _");
        }

        return new(id, name, late, path, url ?? "", method, headers, reader.Find("body", "any JSON") is { } body ? body.Clone() : default, saveAs);
    }

    private Step.Repeat Repeat(Head head)
    {
        var (reader, id, name, late, path) = head;
        var max = reader.Number("max", $"a whole number from 1 to {MaxRounds}", number => number is >= 1 and <= MaxRounds && number == Math.Floor(number), required: true);
        var @while = Condition(reader, "while", required: false, ConditionScope.JourneyEntry);
        var steps = Steps(reader, "steps", required: true);
        if (reader.Has("steps") && reader.Members["steps"].ValueKind == JsonValueKind.Array && reader.Members["steps"].GetArrayLength() == 0)
        {
            reader.Add(reader.At("steps"), "There is nothing to repeat.", "at least one step");
        }

        return new(id, name, late, path, (int)(max ?? 1), @while, steps);
    }

    private Lateness? Late(DocumentObject step)
    {
        if (step.Find("late", "{\"after\": \"2d\", \"do\": \"skip\"}") is not { } json)
        {
            return null;
        }

        var reader = new DocumentObject(json, step.At("late"), errors, ["after", "do"]);
        var after = reader.Duration("after", required: true);
        return OneOf(reader, "do", ["send", "skip", "exit"], required: true) is { } what && after is { } length
            ? new(length, what switch { "send" => WhenLate.Send, "skip" => WhenLate.Skip, _ => WhenLate.Exit })
            : null;
    }

    private IReadOnlyList<DayOfWeek> Days(DocumentObject reader)
    {
        const string expected = "a list of mon, tue, wed, thu, fri, sat, sun";
        if (!reader.Has("days"))
        {
            return LocalTimes.EveryDay;
        }

        var days = new List<DayOfWeek>();
        foreach (var (json, path) in reader.Items("days", expected, 7))
        {
            var day = json.ValueKind == JsonValueKind.String ? Array.IndexOf(DayNames, json.GetString()) : -1;
            if (day < 0)
            {
                reader.Add(path, $"{DocumentObject.Shown(json)} is not a day.", "one of mon, tue, wed, thu, fri, sat, sun");
            }
            else
            {
                days.Add((DayOfWeek)day);
            }
        }

        if (days.Count == 0 && reader.Members["days"] is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 0)
        {
            reader.Add(reader.At("days"), "There are no days.", expected);
        }

        return days.Count > 0 ? [.. days.Distinct()] : LocalTimes.EveryDay;
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

    private JsonElement Object(DocumentObject reader, string field, bool required = false)
    {
        if (reader.Find(field, "an object", required) is not { } json)
        {
            return default;
        }

        if (json.ValueKind == JsonValueKind.Object && (!required || json.EnumerateObject().Any()))
        {
            return json.Clone();
        }

        reader.Add(reader.At(field), json.ValueKind == JsonValueKind.Object ? "This is empty." : $"This is {DocumentObject.KindOf(json)}.", "an object with at least one member");
        return default;
    }

    private static IEnumerable<(string Name, JsonElement Value)> Members(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object ? json.EnumerateObject().Select(member => (member.Name, member.Value)) : [];

    private bool Flag(DocumentObject reader, string field)
    {
        if (reader.Find(field, "true or false") is not { } json)
        {
            return false;
        }

        if (json.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            reader.Add(reader.At(field), $"This is {DocumentObject.Shown(json)}.", "true or false");
        }

        return json.ValueKind == JsonValueKind.True;
    }

    private string? OneOf(DocumentObject reader, string field, IReadOnlyList<string> values, bool required = false)
    {
        var expected = $"one of {string.Join(", ", values.Select(value => $"\"{value}\""))}";
        if (reader.Find(field, expected, required) is not { } json)
        {
            return null;
        }

        if (json.ValueKind == JsonValueKind.String && values.Contains(json.GetString()))
        {
            return json.GetString();
        }

        errors.Add(new(reader.At(field), $"This is {DocumentObject.Shown(json)}.", expected));
        return null;
    }
}
