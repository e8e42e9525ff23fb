using System.Text.Json;
using System.Text.RegularExpressions;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Parsing;
using LeadFunctions.Interests;

namespace LeadFunctions.Scoring;

/// <summary>Reads a scoring model, collecting every mistake.</summary>
internal sealed partial class ScoringModelParser
{
    public const int MaxRules = 1000;
    public const int MaxGroups = 100;
    public const int MaxThresholds = 20;

    /// <summary>A compacted ledger keeps this many entries of a rule with a window, so it is not large.</summary>
    public const int MaxPerWindow = 100;

    private const double MaxPoints = 1_000_000;
    private const double LeastEach = 0.0001;
    private const double MostEach = 1e9;
    private const string Points = "a number other than 0, between -1000000 and 1000000";
    private const string EngagementPoints = Points + ", or {\"per\": \"revenue\", \"points\": 1, \"each\": 10, \"max\": 50}";
    private const string Cap = "a number, 0 or more";
    private const string RepeatShape = "\"always\", \"once\", {\"oncePer\": \"property\"} or {\"max\": 3, \"per\": \"7d\"}";

    public List<DocumentError> Errors { get; } = [];

    public ScoringModelDocument? Parse(JsonElement json)
    {
        var model = new DocumentObject(json, "$", Errors, ["name", "description", "engagement", "fit", "thresholds", "interests", "$schema"]);
        if (!model.IsObject)
        {
            return null;
        }
        var name = model.Text("name", 200, required: true);
        var description = model.Text("description", 2000);
        _ = model.Text("$schema", 200); // for editors
        if (model.Lacks("engagement") && model.Lacks("fit"))
        {
            model.Add("$", "This model scores nothing.", "\"engagement\", \"fit\" or both");
        }
        double? cap = null;
        Dictionary<string, ScoringGroup> groups = [];
        IReadOnlyList<ScoringRule> rules = [];
        if (model.Find("engagement", "an object") is { } engagementJson)
        {
            var engagement = new DocumentObject(engagementJson, "$.engagement", Errors, ["cap", "groups", "rules"]);
            cap = engagement.Number("cap", Cap, number => number >= 0);
            groups = Groups(engagement);
            rules = Rules(engagement, (rule, id) => EngagementRule(rule, id, groups));
        }
        var fit = model.Find("fit", "an object") is { } fitJson ? Fit(new(fitJson, "$.fit", Errors, ["grades", "rules"])) : null;
        return new(name ?? "", description, cap, groups, rules, fit, Thresholds(model), new InterestParser(Errors).Parse(model));
    }

    private static IReadOnlyList<double> Thresholds(DocumentObject model)
    {
        const string expected = "numbers above 0, up to 1000000, each greater than the one before";
        var levels = new List<double>();
        foreach (var (json, path) in model.Items("thresholds", expected, MaxThresholds))
        {
            if (json.ValueKind != JsonValueKind.Number || !json.TryGetDouble(out var level) || level is not (> 0 and <= MaxPoints))
            {
                model.Add(path, $"This is {DocumentObject.Shown(json)}.", expected);
            }
            else if (levels.Count > 0 && level <= levels[^1])
            {
                model.Add(path, $"{level} is not greater than the one before.", expected);
            }
            else
            {
                levels.Add(level);
            }
        }
        return levels;
    }

    private Dictionary<string, ScoringGroup> Groups(DocumentObject engagement)
    {
        var groups = new Dictionary<string, ScoringGroup>(StringComparer.Ordinal);
        if (engagement.Find("groups", "an object") is not { } json)
        {
            return groups;
        }
        var all = new DocumentObject(json, engagement.At("groups"), Errors, null);
        if (all.Members.Count > MaxGroups)
        {
            all.Add(all.Path, $"There are {all.Members.Count} groups.", $"at most {MaxGroups}");
        }
        foreach (var (name, member) in all.Members)
        {
            if (name.Trim().Length == 0 || name.Length > 64)
            {
                all.Add(all.At(name), "This is not a group's name.", "1 to 64 characters");
            }
            var cap = new DocumentObject(member, all.At(name), Errors, ["cap"]).Number("cap", Cap, number => number >= 0, required: true);
            groups[name] = new(name, cap ?? 0);
        }
        return groups;
    }

    private List<TRule> Rules<TRule>(DocumentObject owner, Func<DocumentObject, string, TRule?> read)
        where TRule : class
    {
        var rules = new List<TRule>();
        var ids = new Dictionary<string, string>();
        var fields = typeof(TRule) == typeof(ScoringRule) ? EngagementFields : FitFields;
        foreach (var (json, path) in owner.Items("rules", "a list of rules", MaxRules, required: true))
        {
            var rule = new DocumentObject(json, path, Errors, fields);
            if (!rule.IsObject)
            {
                continue;
            }
            var id = Id(rule)?.ToLowerInvariant();
            if (id is not null && !ids.TryAdd(id, path))
            {
                rule.Add(rule.At("id"), $"The rule {ids[id]} has the id \"{id}\" too.", "an id that no other rule of the list has; case does not tell ids apart");
            }
            if (read(rule, id ?? "") is { } valid)
            {
                rules.Add(valid);
            }
        }
        return rules;
    }

    private static readonly string[] EngagementFields = ["id", "name", "when", "points", "halfLife", "group", "cap", "repeat"];

    private static readonly string[] FitFields = ["id", "name", "when", "points"];

    private ScoringRule? EngagementRule(DocumentObject rule, string id, Dictionary<string, ScoringGroup> groups)
    {
        var name = rule.Text("name", 200);
        var when = When(rule, ConditionScope.Engagement);
        var (points, byAmount) = EngagementPointsOf(rule);
        var halfLife = rule.Duration("halfLife");
        var group = rule.Text("group", 64);
        if (group is not null && !groups.ContainsKey(group))
        {
            rule.Add(rule.At("group"), $"There is no group \"{group}\".", groups.Count > 0 ? DocumentPath.Suggest(group, [.. groups.Keys]) : "a group of $.engagement.groups");
        }
        var cap = rule.Number("cap", Cap, number => number >= 0);
        var repeat = RepeatOf(rule);
        return when is null || points is null ? null : new(id, name, when, points.Value, halfLife, group, cap, repeat, byAmount);
    }

    private (double? Points, PointsByAmount? ByAmount) EngagementPointsOf(DocumentObject rule)
    {
        if (!rule.Has("points") || rule.Members["points"].ValueKind != JsonValueKind.Object)
        {
            return (rule.Number("points", EngagementPoints, IsPoints, required: true), null);
        }
        var amount = new DocumentObject(rule.Members["points"], rule.At("points"), Errors, ["per", "points", "each", "max"]);
        var path = amount.Text("per", 200, required: true);
        var points = amount.Number("points", Points, IsPoints, required: true);
        var each = amount.Number("each", "a number from 0.0001 to 1000000000", number => number is >= LeastEach and <= MostEach) ?? 1;
        var max = amount.Number("max", "a number above 0, up to 1000000", number => number is > 0 and <= MaxPoints) ?? MaxPoints;
        return (points, path is null ? null : new(path, (decimal)each, max));
    }

    private FitRule? FitRule(DocumentObject rule, string id)
    {
        var name = rule.Text("name", 200);
        var when = When(rule, ConditionScope.Fit);
        var points = rule.Number("points", Points, IsPoints, required: true);
        return when is null || points is null ? null : new(id, name, when, points.Value);
    }

    private Repeat RepeatOf(DocumentObject rule)
    {
        if (rule.Find("repeat", RepeatShape) is not { } json)
        {
            return new Repeat.Always();
        }
        if (json.ValueKind == JsonValueKind.String && json.GetString() is "always" or "once")
        {
            return json.GetString() == "once" ? new Repeat.Once() : new Repeat.Always();
        }
        if (json.ValueKind != JsonValueKind.Object)
        {
            rule.Add(rule.At("repeat"), $"This is {DocumentObject.Shown(json)}.", RepeatShape);
            return new Repeat.Always();
        }
        var repeat = new DocumentObject(json, rule.At("repeat"), Errors, ["oncePer", "max", "per"]);
        if (repeat.Has("oncePer") == (repeat.Has("max") || repeat.Has("per")))
        {
            if (repeat.IsClean)
            {
                repeat.Add(repeat.Path, "This is neither \"oncePer\" nor \"max\" with \"per\".", RepeatShape);
            }
            return new Repeat.Always();
        }
        if (repeat.Has("oncePer"))
        {
            return repeat.Text("oncePer", 200, required: true) is { } path ? new Repeat.OncePer(path) : new Repeat.Always();
        }
        var max = repeat.Number("max", $"a whole number from 1 to {MaxPerWindow}", number => number is >= 1 and <= MaxPerWindow && number == Math.Floor(number), required: true);
        var per = repeat.Duration("per", required: true);
        return max is { } most && per is { } window ? new Repeat.Limited((int)most, window) : new Repeat.Always();
    }

    private FitDocument Fit(DocumentObject fit)
    {
        var grades = fit.Find("grades", "an object") is { } json ? Grades(new(json, fit.At("grades"), Errors, ["A", "B", "C", "D"])) : FitGrades.Default;
        return new(grades, Rules(fit, FitRule));
    }

    private static FitGrades Grades(DocumentObject grades)
    {
        const string expected = "the lowest score of the grade, a number";
        string[] names = ["A", "B", "C", "D"];
        var least = names.Select(name => grades.Number(name, expected, _ => true, required: true)).ToArray();
        for (var i = 1; i < least.Length; i++)
        {
            if (least[i] >= least[i - 1])
            {
                grades.Add(grades.At(names[i]), $"{names[i]} begins at {least[i]}, {names[i - 1]} at {least[i - 1]}.", $"less than {names[i - 1]}");
            }
        }
        return new(least[0] ?? 0, least[1] ?? 0, least[2] ?? 0, least[3] ?? 0);
    }

    private Condition? When(DocumentObject rule, ConditionScope scope) =>
        rule.Find("when", "a condition", required: true) is { } json ? ConditionParser.Parse(json, rule.At("when"), scope, Errors) : null;

    private static string? Id(DocumentObject rule)
    {
        const string expected = "1 to 64 letters, digits, \".\", \"_\" and \"-\", the first a letter or digit";
        if (rule.Find("id", expected, required: true) is not { } json)
        {
            return null;
        }
        if (json.ValueKind == JsonValueKind.String && json.GetString() is { } id && IdPattern.IsMatch(id))
        {
            return id;
        }
        rule.Add(rule.At("id"), $"{DocumentObject.Shown(json)} is not an id.", expected);
        return null;
    }

    private static bool IsPoints(double points) => points != 0 && Math.Abs(points) <= MaxPoints;

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex IdPattern { get; }
}
