using System.Text.Json;
using LeadFunctions.Conditions.Documents;

namespace LeadFunctions.Conditions.Parsing;

/// <summary>
/// The expression language of scoring rules (and of segments and journeys):
/// <c>{"all":[…]} {"any":[…]} {"not":…}</c> ·
/// <c>{"event":"page" | ["a","b"], "where":{"path":{"startsWith":"/pricing"},"context.campaign.source":"ads"}}</c>, this event ·
/// <c>{"event":"page","within":"90d","count":{"gte":3}}</c>, the lead's history ·
/// <c>{"trait":"company.employees","gte":50}</c>.
/// </summary>
internal sealed partial class ConditionParser
{
    public const int MaxDepth = 20;
    public const int MaxNodes = 500;
    public const int MaxEventAtoms = 64;
    private const int MaxNames = 50;
    private const int MaxNameLength = 200;

    private static readonly string[] Kinds = ["all", "any", "not", "event", "trait"];
    private static readonly string[] ProfileKinds = [.. Kinds, "engagement", "fit", "grade", "stage", "segment", "list", "interest", "consent"];
    /// <summary>All kinds of conditions that a segment may be made of.</summary>
    public static readonly IReadOnlyList<string> SegmentKinds = [.. ProfileKinds, "bucket", "rfm"];

    private readonly ConditionScope _scope;
    private readonly List<DocumentError> _errors;
    private readonly List<EventAtom> _eventAtoms = [];
    private readonly SortedSet<string> _history = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _traits = new(StringComparer.Ordinal);
    private bool _dependsOnTime;
    private int _nodes;

    private ConditionParser(ConditionScope scope, List<DocumentError> errors)
    {
        _scope = scope;
        _errors = errors;
    }

    /// <summary>Null after every mistake has been added to <paramref name="errors"/>.</summary>
    public static Condition? Parse(JsonElement json, string path, ConditionScope scope, List<DocumentError> errors)
    {
        var before = DocumentError.Grave(errors);
        var parser = new ConditionParser(scope, errors);
        var root = parser.Node(json, path, 1);
        if (parser._nodes > MaxNodes)
        {
            errors.Add(new(path, "This condition is too large.", $"at most {MaxNodes} parts"));
        }
        if (parser._eventAtoms.Count > MaxEventAtoms)
        {
            errors.Add(new(path, $"This condition asks the event {parser._eventAtoms.Count} times.", $"at most {MaxEventAtoms} parts with \"event\""));
        }
        if (root is null || DocumentError.Grave(errors) > before)
        {
            return null;
        }
        if (scope.NeedsEvent && root.CanHold.AllBut)
        {
            errors.Add(new(path, $"This can hold without an event; {scope.Place} is about something that happened.", "an \"event\" that every way to fulfil the condition requires"));
        }
        else if (scope.Events && root.CanHold is { AllBut: false, Names.Count: 0 })
        {
            errors.Add(new(path, "No event can fulfil this: one event has one name.", "\"any\" of the events, or \"within\" for those that happened before"));
        }
        return DocumentError.Grave(errors) > before ? null : new(root, [.. parser._eventAtoms], [.. parser._history], [.. parser._traits], parser._dependsOnTime, [.. parser._tallies.Values]);
    }

    private IReadOnlyList<string> KnownKinds => _scope.Tallies ? SegmentKinds : _scope.Profile ? ProfileKinds : Kinds;

    private string AnyKind => $"an object with one of {string.Join(", ", KnownKinds)}";

    private Node? Node(JsonElement json, string path, int depth)
    {
        if (++_nodes > MaxNodes)
        {
            return null;
        }
        if (depth > MaxDepth)
        {
            _errors.Add(new(path, "This is nested too deeply.", $"at most {MaxDepth} levels"));
            return null;
        }
        if (json.ValueKind != JsonValueKind.Object)
        {
            _errors.Add(new(path, $"This is {DocumentObject.KindOf(json)}.", AnyKind));
            return null;
        }
        var kinds = KnownKinds.Where(kind => json.TryGetProperty(kind, out _)).ToArray();
        if (kinds.Length > 1)
        {
            _errors.Add(new(path, $"This has {string.Join(" and ", kinds.Select(kind => $"\"{kind}\""))}.", "one of them; combine conditions with \"all\" or \"any\""));
            return null;
        }
        return kinds is [var only] ? only switch
        {
            "all" => Parts(json, "all", path, depth) is { } parts ? new Node.All(parts) : null,
            "any" => Parts(json, "any", path, depth) is { } parts ? new Node.Any(parts) : null,
            "not" => Negation(json, path, depth),
            "event" => Event(json, path),
            "trait" => Trait(json, path),
            "segment" or "list" => Membership(json, only, path),
            "consent" => Consented(json, path),
            "bucket" => Bucket(json, path),
            "interest" => Interest(json, path),
            "rfm" => Rfm(json, path),
            _ => Profile(json, only, path),
        } : Unknown(json, path);
    }

    private Node? Unknown(JsonElement json, string path)
    {
        if (json.EnumerateObject().FirstOrDefault() is { Value.ValueKind: not JsonValueKind.Undefined } first)
        {
            _errors.Add(new(DocumentPath.Member(path, first.Name), $"There is no condition \"{first.Name}\".", DocumentPath.Suggest(first.Name, KnownKinds)));
        }
        else
        {
            _errors.Add(new(path, "This condition is empty.", AnyKind));
        }
        return null;
    }

    private Node[]? Parts(JsonElement json, string kind, string path, int depth)
    {
        var reader = new DocumentObject(json, path, _errors, [kind]);
        var items = reader.Items(kind, "a list of conditions", MaxNodes).ToArray();
        if (items.Length == 0 && reader.Members[kind] is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 0)
        {
            _errors.Add(new(reader.At(kind), $"\"{kind}\" is empty.", "at least one condition"));
        }
        var parts = items.Select(item => Node(item.Json, item.Path, depth + 1)).ToArray();
        return parts.Length > 0 && parts.All(part => part is not null) ? [.. parts.OfType<Node>()] : null;
    }

    private Node.Not? Negation(JsonElement json, string path, int depth)
    {
        var reader = new DocumentObject(json, path, _errors, ["not"]);
        return Node(reader.Members["not"], reader.At("not"), depth + 1) is { } part ? new(part) : null;
    }

    private TraitAtom? Trait(JsonElement json, string path)
    {
        var isNumber = json.GetProperty("trait") is { ValueKind: JsonValueKind.String } name && ProfileFacts.AreNumbers.Contains(name.GetString());
        var operators = isNumber ? TestParser.CountOperators : TestParser.Operators;
        var reader = new DocumentObject(json, path, _errors, ["trait", .. operators]);
        var trait = reader.Text("trait", MaxNameLength, required: true);
        var tests = Tests(reader, operators);
        if (trait is null || tests is null)
        {
            return null;
        }
        _traits.Add(trait);
        _dependsOnTime |= ProfileFacts.Move.Contains(trait) || tests.Any(test => test.DependsOnTime);
        return new(trait, tests);
    }

    private Node? Event(JsonElement json, string path)
    {
        var reader = new DocumentObject(json, path, _errors, _scope.Tallies ? TallyFields : ["event", "where", "within", "count"]);
        if (_scope.Tallies && TallyOnly.Any(reader.Has))
        {
            return Tallied(reader);
        }
        var names = Names(reader);
        var asksHistory = reader.Has("within") || reader.Has("count");
        if (!_scope.Events && !(asksHistory && _scope.History))
        {
            reader.Add(reader.At("event"), $"Events cannot be asked in {_scope.Place}.", _scope.History ? "\"within\" or \"count\" with it, to ask the lead's history" : "\"trait\"");
        }
        if (!asksHistory)
        {
            var where = Where(reader);
            if (names is null || where is null)
            {
                return null;
            }
            var atom = new EventAtom(names, where, _eventAtoms.Count % MaxEventAtoms);
            _eventAtoms.Add(atom);
            return atom;
        }
        if (_scope is { Events: true, History: false })
        {
            reader.Add(reader.At("event"), $"History cannot be asked in {_scope.Place}.", "\"event\" without \"within\" and \"count\"");
        }
        if (reader.Has("where"))
        {
            reader.Add(reader.At("where"), "History is counted by event name; \"where\" cannot narrow it.", "\"where\" without \"within\" and \"count\", to ask this event");
        }
        var within = reader.Duration("within");
        var count = reader.Has("count") ? Operand(reader.Members["count"], reader.At("count"), TestParser.CountOperators) : [];
        Forbid(reader, names);
        if (names is null || count is null)
        {
            return null;
        }
        _history.UnionWith(names);
        _dependsOnTime = true;
        return new HistoryAtom(names, within?.Length, count);
    }

    private string[]? Names(DocumentObject reader)
    {
        if (reader.Members["event"].ValueKind != JsonValueKind.Array)
        {
            return reader.Text("event", MaxNameLength, required: true) is { } name ? [name] : null;
        }
        var names = new List<string>();
        foreach (var (json, path) in reader.Items("event", "an event's name, or a list of names", MaxNames))
        {
            if (json.ValueKind == JsonValueKind.String && json.GetString() is { Length: > 0 and <= MaxNameLength } name)
            {
                names.Add(name);
            }
            else
            {
                reader.Add(path, $"This is {DocumentObject.Shown(json)}.", $"an event's name of 1 to {MaxNameLength} characters");
            }
        }
        if (reader.Members["event"].GetArrayLength() == 0)
        {
            reader.Add(reader.At("event"), "This list of events is empty.", "at least one event's name");
        }
        return names.Count > 0 ? [.. names.Distinct()] : null;
    }

    private PropertyTest[]? Where(DocumentObject reader)
    {
        if (!reader.Has("where"))
        {
            return [];
        }
        var where = new DocumentObject(reader.Members["where"], reader.At("where"), _errors, null);
        if (where is { IsObject: true, Members.Count: 0 })
        {
            where.Add(where.Path, "\"where\" is empty.", "at least one property, or no \"where\"");
        }
        var tests = new List<PropertyTest>();
        var before = DocumentError.Grave(_errors);
        foreach (var (path, json) in where.Members)
        {
            _nodes++;
            if (path.Length is 0 or > MaxNameLength)
            {
                where.Add(where.At(path), "This is not a property's path.", $"a dotted path of 1 to {MaxNameLength} characters");
            }
            else if (Operand(json, where.At(path), TestParser.Operators) is { } operators)
            {
                tests.Add(new(new(path), operators));
            }
        }
        return DocumentError.Grave(_errors) == before && tests.Count > 0 ? [.. tests] : null;
    }

    // An object holds operators; anything else is short for equals.
    private Test[]? Operand(JsonElement json, string path, IReadOnlyList<string> operators) => json.ValueKind == JsonValueKind.Object
        ? Tests(new(json, path, _errors, operators), operators)
        : TestParser.Parse("equals", json, path, _errors) is { } test ? [test] : null;

    private Test[]? Tests(DocumentObject reader, IReadOnlyList<string> operators)
    {
        var before = DocumentError.Grave(_errors);
        var given = reader.Members.Where(member => operators.Contains(member.Key)).ToArray();
        var tests = given.Select(member => TestParser.Parse(member.Key, member.Value, reader.At(member.Key), _errors)).OfType<Test>().ToArray();
        if (given.Length == 0 && reader.IsClean)
        {
            reader.Add(reader.Path, "There is no operator.", $"one of {string.Join(", ", operators)}");
        }
        return DocumentError.Grave(_errors) == before && tests.Length > 0 ? tests : null;
    }
}
