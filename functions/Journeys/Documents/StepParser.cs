using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Parsing;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Lifecycle;

namespace LeadFunctions.Journeys.Documents;

/// <summary>Reads the steps of a journey, nested ones included.</summary>
internal sealed partial class StepParser(List<DocumentError> errors)
{
    public const int MaxSteps = 500;
    private const int MaxDepth = 10;

    /// <summary>A kind of step: a line here, a record of <see cref="Step"/> (in a file of its own: it is partial), what it does in <c>Acts</c> or, if it waits or chooses, <c>JourneyPlan</c>, and its shape in the schema.</summary>
    private static readonly Kind[] Kinds =
    [
        new("send", ["template", "channel", "topic", "service", "data", "urgent", "priority"], (_, step) => Send(step)),
        new("wait", ["for", "until", "window"], (parser, step) => parser.Wait(step)),
        new("waitFor", ["when", "timeout", "since", "then", "else"], (parser, step) => parser.WaitFor(step)),
        new("onSite", ["content", "timeout", "then", "else"], (parser, step) => parser.OnSite(step)),
        new("branch", ["paths", "else"], (parser, step) => parser.Branch(step)),
        new("split", ["paths", "salt"], (parser, step) => parser.Split(step)),
        new("setTraits", ["traits"], (_, step) => new Step.SetTraits(step.Id, step.Name, step.Late, step.Path, step.Reader.Object("traits", required: true))),
        new("addPoints", ["points", "reason"], (_, step) => AddPoints(step)),
        new("addToList", ["list"], (_, step) => ChangeList(step, adds: true)),
        new("removeFromList", ["list"], (_, step) => ChangeList(step, adds: false)),
        new("setStage", ["stage", "reason"], (_, step) => new Step.SetStage(step.Id, step.Name, step.Late, step.Path, step.Reader.OneOf("stage", Stages.All, required: true) ?? "", Reason(step))),
        new("notifySales", ["reason"], (_, step) => new Step.NotifySales(step.Id, step.Name, step.Late, step.Path, Reason(step))),
        new("webhook", ["url", "method", "headers", "body", "saveAs"], (parser, step) => parser.Webhook(step)),
        new("startJourney", ["journey", "data"], (_, step) => new Step.StartJourney(step.Id, step.Name, step.Late, step.Path, step.Reader.Text("journey", 64, required: true) ?? "", step.Reader.Object("data"))),
        new("repeat", ["max", "while", "steps"], (parser, step) => parser.Repeat(step)),
        new("track", ["event", "properties"], (_, step) => new Step.Track(step.Id, step.Name, step.Late, step.Path, step.Reader.Text("event", 200, required: true) ?? "", step.Reader.Object("properties"))),
        new("exit", ["reason"], (_, step) => new Step.Exit(step.Id, step.Name, step.Late, step.Path, Reason(step))),
    ];

    public static readonly IReadOnlyList<string> Types = [.. Kinds.Select(kind => kind.Type)];

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
        if (Array.Find(Kinds, kind => kind.Type == type) is not { } kind)
        {
            Id(new(json, path, [], null), report: true);
            errors.Add(given.ValueKind == JsonValueKind.Undefined
                ? new(DocumentPath.Member(path, "type"), "\"type\" is missing.", $"one of {string.Join(", ", Types)}")
                : new(DocumentPath.Member(path, "type"), $"There is no step {DocumentObject.Shown(given)}.", DocumentPath.Suggest(type ?? "", Types)));
            return null;
        }

        var reader = new DocumentObject(json, path, errors, [.. Common, .. kind.Fields]);
        var id = Id(reader, report: true) ?? "";
        errors.AddRange(FilledIn(kind.Type).Where(reader.Has).SelectMany(field => Placeholders.FaultsIn(reader.Members[field], reader.At(field))));
        return kind.Read(this, new(reader, id, reader.Text("name", 200), Late(reader), path));
    }

    private static string[] FilledIn(string type) => type == "notifySales" ? ["reason"] : ["data", "traits", "url", "headers", "body", "properties"];

    private readonly record struct Head(DocumentObject Reader, string Id, string? Name, Lateness? Late, string Path);

    /// <param name="Fields">Beside those that every step has.</param>
    /// <param name="Read">Null when it cannot be read; why is among the errors then.</param>
    private sealed record Kind(string Type, string[] Fields, Func<StepParser, Head, Step?> Read);

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
