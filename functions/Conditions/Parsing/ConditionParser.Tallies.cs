using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;

namespace LeadFunctions.Conditions.Parsing;

/// <summary>
/// Events of the past by more than their names:
/// <c>{"event":"page","where":{"path":{"startsWith":"/pricing"}},"within":"14d","count":{"gte":2}}</c> · <c>"sum":{"property":"revenue","gte":100}</c> · <c>"distinct":{"property":"path","gte":3}</c> ·
/// <c>"first"</c> or <c>"last"</c>: <c>{"within":"7d"}</c> · <c>"then":{"event":"B","within":"2h"}</c> or <c>"then":{"not":{"event":"B","within":"2h"}}</c>.
/// </summary>
internal sealed partial class ConditionParser
{
    private static readonly string[] TallyOnly = ["where", "sum", "distinct", "first", "last", "then"];

    /// <summary>What may be asked of events of the past.</summary>
    public static readonly IReadOnlyList<string> TallyFields = ["event", "where", "within", "count", "sum", "distinct", "first", "last", "then"];

    /// <summary>What may be asked of the first and the last time of an event.</summary>
    public static readonly IReadOnlyList<string> TimeOperators = ["within", "before", "after", "between", "anniversaryWithin"];

    private readonly SortedDictionary<string, TallyDefinition> _tallies = new(StringComparer.Ordinal);

    private Node? Tallied(DocumentObject reader)
    {
        var before = DocumentError.Grave(_errors);
        var (names, where, within) = (Names(reader), Where(reader), Window(reader));
        Forbid(reader, names);
        var parts = new List<Func<string[], PropertyTest[], Node>>();
        if (reader.Has("then"))
        {
            foreach (var other in (string[])["count", "sum", "distinct", "first", "last"])
            {
                if (reader.Has(other))
                {
                    reader.Add(reader.At(other), $"\"{other}\" cannot stand beside \"then\".", "two conditions, combined with \"all\"");
                }
            }

            if (Then(reader) is var (next, gap, isAbsence))
            {
                parts.Add((events, tests) => new SequenceAtom(Define(events, tests, reader, TallyKind.Times, null), within, next, gap, isAbsence));
            }
        }

        if (reader.Has("count") && Operand(reader.Members["count"], reader.At("count"), TestParser.CountOperators) is { } count)
        {
            if (count.SelectMany(test => test.Levels).Any(level => double.IsFinite(level) && level > Tally.Most) && within is not null)
            {
                reader.Add(reader.At("count"), "So many are not kept one by one.", $"a number up to {Tally.Most}, or no \"within\"");
            }

            parts.Add((events, tests) => new TallyAtom(Define(events, tests, reader, TallyKind.Times, null), within, count));
        }

        foreach (var (field, kind) in ((string, TallyKind)[])[("sum", TallyKind.Amounts), ("distinct", TallyKind.Kinds)])
        {
            if (reader.Has(field) && Measure(reader, field) is var (property, measure))
            {
                parts.Add((events, tests) => new TallyAtom(Define(events, tests, reader, kind, property), within, measure));
            }
        }

        foreach (var field in (string[])["first", "last"])
        {
            if (reader.Has(field) && reader.Has("within"))
            {
                reader.Add(reader.At("within"), $"\"within\" says nothing of the {field} time of all.", $"\"within\" in \"{field}\"");
            }

            if (reader.Has(field) && Times(reader, field) is { } times)
            {
                parts.Add((events, tests) => new TallyTimeAtom(Define(events, tests, reader, TallyKind.Times, null), field == "first", times));
            }
        }

        if (names is null || where is null || DocumentError.Grave(_errors) > before)
        {
            return null;
        }

        _dependsOnTime = true;
        if (parts.Count == 0)
        {
            parts.Add((events, tests) => new TallyAtom(Define(events, tests, reader, TallyKind.Times, null), within, []));
        }

        Node[] atoms = [.. parts.Select(part => part(names, where))];
        return atoms is [var only] ? only : new Node.All(atoms);
    }

    private TallyDefinition Define(string[] names, PropertyTest[] where, DocumentObject reader, TallyKind kind, string? property)
    {
        IEnumerable<string> tests = reader.Has("where") ? reader.Members["where"].EnumerateObject().Select(test => $"{test.Name}={test.Value.GetRawText()}").Order(StringComparer.Ordinal) : [];
        var key = $"{TextHash.Of(string.Join('\n', [$"{kind}", property ?? "", .. names.Order(StringComparer.Ordinal), "", .. tests])):x16}";
        _history.UnionWith(names);
        return _tallies.TryGetValue(key, out var known) ? known : _tallies[key] = new(key, names, where, kind, property is null ? null : new(property));
    }

    private TimeSpan? Window(DocumentObject reader)
    {
        var within = reader.Duration("within")?.Length;
        if (within > TimeSpan.FromDays(Tally.Days))
        {
            reader.Add(reader.At("within"), "Events are not kept one by one for so long.", $"at most {Tally.Days}d, or no \"within\"");
        }

        return within;
    }

    private (string Property, Test[] Tests)? Measure(DocumentObject reader, string field)
    {
        var measure = new DocumentObject(reader.Members[field], reader.At(field), _errors, ["property", .. TestParser.CountOperators]);
        var property = measure.Text("property", MaxNameLength, required: true);
        return measure.IsObject && Tests(measure, TestParser.CountOperators) is { } tests && property is not null ? (property, tests) : null;
    }

    private Test[]? Times(DocumentObject reader, string field)
    {
        var times = new DocumentObject(reader.Members[field], reader.At(field), _errors, TimeOperators);
        var before = DocumentError.Grave(_errors);
        var given = times.Members.Where(member => TimeOperators.Contains(member.Key)).ToArray();
        var tests = given.Select(member => TestParser.Parse(member.Key == "within" ? "withinLast" : member.Key, member.Value, times.At(member.Key), _errors)).OfType<Test>().ToArray();
        if (given.Length == 0 && times.IsClean)
        {
            times.Add(times.Path, "There is no operator.", $"one of {string.Join(", ", TimeOperators)}");
        }

        return DocumentError.Grave(_errors) == before && tests.Length > 0 ? tests : null;
    }

    private (TallyDefinition Next, TimeSpan Gap, bool IsAbsence)? Then(DocumentObject reader)
    {
        const string expected = "{\"event\": …, \"within\": \"2h\"}, or that in {\"not\": …}";
        var (json, path) = (reader.Members["then"], reader.At("then"));
        var isAbsence = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("not", out _);
        if (isAbsence)
        {
            var outer = new DocumentObject(json, path, _errors, ["not"]);
            (json, path) = (outer.Members["not"], outer.At("not"));
        }

        var then = new DocumentObject(json, path, _errors, ["event", "where", "within"]);
        if (!then.IsObject || !then.Has("event"))
        {
            _ = then.IsObject && then.Find("event", expected, required: true) is null;
            return null;
        }

        var (names, where, gap) = (Names(then), Where(then), then.Duration("within", required: true));
        Forbid(then, names);
        return names is not null && where is not null && gap is { } length ? (Define(names, where, then, TallyKind.Times, null), length.Length, isAbsence) : null;
    }

    private BucketAtom? Bucket(JsonElement json, string path)
    {
        var outer = new DocumentObject(json, path, _errors, ["bucket"]);
        var before = DocumentError.Grave(_errors);
        var reader = new DocumentObject(outer.Members["bucket"], outer.At("bucket"), _errors, ["salt", "from", "to"]);
        const string share = "a number from 0 to 100";
        var (salt, from, to) = (reader.Text("salt", 64, required: true), reader.Number("from", share, number => number is >= 0 and <= 100), reader.Number("to", share, number => number is >= 0 and <= 100, required: true));
        if (DocumentError.Grave(_errors) == before && to <= (from ?? 0))
        {
            reader.Add(reader.At("to"), $"The share ends at {to}, where it begins or before.", "more than \"from\"");
        }

        return salt is null || to is not { } end || DocumentError.Grave(_errors) > before ? null : new(salt, from ?? 0, end);
    }

    // A group, a list of groups, or an object with scores.
    private RfmAtom? Rfm(JsonElement json, string path)
    {
        var outer = new DocumentObject(json, path, _errors, ["rfm"]);
        var (asked, before) = (outer.Members["rfm"], DocumentError.Grave(_errors));
        string[]? groups = null;
        var scores = new Dictionary<string, Test[]>();
        if (asked.ValueKind == JsonValueKind.Object)
        {
            string[] fields = ["recency", "frequency", "monetary"];
            var reader = new DocumentObject(asked, outer.At("rfm"), _errors, ["group", .. fields]);
            groups = reader.Has("group") ? Groups(reader, "group") : null;
            foreach (var field in fields.Where(reader.Has))
            {
                scores[field] = Operand(reader.Members[field], reader.At(field), TestParser.CountOperators) ?? [];
            }

            if (reader is { IsClean: true, Members.Count: 0 })
            {
                reader.Add(reader.Path, "This asks nothing.", "\"group\", \"recency\", \"frequency\" or \"monetary\"");
            }
        }
        else
        {
            groups = Groups(outer, "rfm");
        }

        if (DocumentError.Grave(_errors) > before)
        {
            return null;
        }

        _history.UnionWith(RfmAtom.Orders.Names);
        _tallies[RfmAtom.Orders.Key] = RfmAtom.Orders;
        _dependsOnTime = true;
        return new(groups, scores.GetValueOrDefault("recency", []), scores.GetValueOrDefault("frequency", []), scores.GetValueOrDefault("monetary", []));
    }

    private static string[] Groups(DocumentObject reader, string field)
    {
        var json = reader.Members[field];
        var items = json.ValueKind == JsonValueKind.Array ? reader.Items(field, "a list of groups", RfmScore.Groups.Count) : [(json, reader.At(field))];
        var groups = new List<string>();
        foreach (var (item, path) in items)
        {
            if (item.ValueKind == JsonValueKind.String && item.GetString() is { } group && RfmScore.Groups.Contains(group))
            {
                groups.Add(group);
            }
            else
            {
                reader.Add(path, $"There is no group {DocumentObject.Shown(item)}.", item.ValueKind == JsonValueKind.String ? DocumentPath.Suggest(item.GetString() ?? "", RfmScore.Groups) : $"one of {string.Join(", ", RfmScore.Groups)}");
            }
        }

        if (json.ValueKind == JsonValueKind.Array && json.GetArrayLength() == 0)
        {
            reader.Add(reader.At(field), "This list is empty.", "at least one group");
        }

        return [.. groups];
    }

    private void Forbid(DocumentObject reader, string[]? names)
    {
        if (names?.FirstOrDefault(_scope.Forbidden.Contains) is { } forbidden)
        {
            reader.Add(reader.At("event"), $"\"{forbidden}\" cannot be asked in {_scope.Place}: it comes of the answer.", "{\"segment\": …}, which holds for those inside");
        }
    }
}
