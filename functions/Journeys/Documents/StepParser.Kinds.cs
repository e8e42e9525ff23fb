using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Parsing;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Segments;

namespace LeadFunctions.Journeys.Documents;

/// <summary>The kinds of step with a shape of their own.</summary>
internal sealed partial class StepParser
{
    private const int MaxRounds = 1000;

    private static Step.Send Send(Head head)
    {
        var (reader, id, name, late, path) = head;
        var template = reader.Text("template", 100, required: true);
        var (topic, isService) = (reader.Text("topic", 64), reader.Flag("service"));
        if (topic is not null && isService)
        {
            reader.Add(reader.At("service"), "A message of a topic can be refused.", "\"topic\" or \"service\": true, not both");
        }

        return new(id, name, late, path, template ?? "", reader.Text("channel", 64) ?? "email", topic, reader.Object("data"), reader.Flag("urgent"),
            reader.OneOf("priority", ["low", "normal", "high"]), isService);
    }

    private static Step.AddPoints AddPoints(Head head)
    {
        var points = head.Reader.Number("points", "a number of points other than 0, up to a million", number => number != 0 && Math.Abs(number) <= 1e6, required: true);
        return new(head.Id, head.Name, head.Late, head.Path, points ?? 0, Reason(head));
    }

    private static Step.ChangeList ChangeList(Head head, bool adds) =>
        new(head.Id, head.Name, head.Late, head.Path, head.Reader.Text("list", SegmentMembership.NameLimit, required: true) ?? "", adds);

    private static string? Reason(Head head) => head.Reader.Text("reason", 500);

    private Step.Wait? Wait(Head head) => Time(head.Reader) is { } time ? new(head.Id, head.Name, head.Late, head.Path, time) : null;

    private WaitTime? Time(DocumentObject reader)
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
                return new DocumentObject(reader.Members["window"], reader.At("window"), errors, ["from", "to", "days"]).Window() is { } window ? new WaitTime.InWindow(window) : null;
            default:
                var json = reader.Members["until"];
                if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("time", out _))
                {
                    return Date(json, reader.At("until")) is { } rule ? new WaitTime.UntilDate(rule) : null;
                }

                var until = new DocumentObject(json, reader.At("until"), errors, ["time", "days"]);
                return until.Time("time") is { } time ? new WaitTime.UntilTime(time, until.Days()) : null;
        }
    }

    private Step.WaitFor? WaitFor(Head head)
    {
        var (reader, id, name, late, path) = head;
        var when = Condition(reader, "when", required: true);
        var timeout = reader.Duration("timeout");
        var since = reader.OneOf("since", ["entry", "step"]);
        var (then, @else) = (Steps(reader, "then"), Steps(reader, "else"));
        return when is null ? null : new(id, name, late, path, when, timeout, since == "step", then, @else);
    }

    /// <summary>A wait for a click, during which something to click on is offered.</summary>
    private Step.WaitFor? OnSite(Head head)
    {
        var (reader, id, name, late, path) = head;
        var content = reader.Text("content", 64, required: true);
        var timeout = reader.Duration("timeout");
        var (then, @else) = (Steps(reader, "then"), Steps(reader, "else"));
        if (content is null)
        {
            return null;
        }

        using var clicked = JsonDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["event"] = JourneyEvents.ContentClicked, ["where"] = new JsonObject { ["content"] = content } }));
        return ConditionParser.Parse(clicked.RootElement, reader.At("content"), ConditionScope.Journey, errors) is { } condition
            ? new(id, name, late, path, new(condition, clicked.RootElement.Clone(), reader.At("content")), timeout, OnlyFromHere: true, then, @else) { Content = content }
            : null;
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

        var method = reader.OneOf("method", ["POST", "PUT", "PATCH", "GET", "DELETE"]) ?? "POST";
        var headers = Headers(reader);

        var saveAs = reader.Text("saveAs", 64);
        if (saveAs is not null && !saveAs.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            reader.Add(reader.At("saveAs"), $"\"{saveAs}\" is not a name.", "letters, digits and _");
        }

        return new(id, name, late, path, url ?? "", method, headers, reader.Find("body", "any JSON") is { } body ? body.Clone() : default, saveAs);
    }

    private Dictionary<string, string> Headers(DocumentObject step)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in step.Object("headers").MembersOf())
        {
            var path = DocumentPath.Member(step.At("headers"), name);
            if (value.ValueKind != JsonValueKind.String || !WebhookHeaders.IsName(name))
            {
                step.Add(path, "This is not a header.", "a header's name with text");
                continue;
            }

            var text = value.GetString()!; // it is text
            var fault = WebhookHeaders.FaultOf(name, text) ?? (headers.ContainsKey(name) ? "This header is given twice: case does not tell headers apart." : null);
            if (fault is not null)
            {
                errors.Add(new(path, fault, "a header of your own, on one line") { IsForgivenIfStored = true });
            }

            headers[name] = text;
        }

        return headers;
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
}
