using LeadFunctions.Interests;

namespace LeadFunctions.Scoring;

/// <summary>The live model and the versions that ledgers may refer to, as one immutable snapshot.</summary>
internal sealed class ScoringModels
{
    /// <summary>Nothing is scored.</summary>
    public static readonly ScoringModels None = new([], [], [], [], [], null);

    private readonly Dictionary<string, Known> _versions;

    // A rule or group keeps its number from version to version of its model: that is its identity for repeats and caps.
    private readonly Dictionary<(string Model, string Rule), int> _rules;
    private readonly Dictionary<(string Model, string Group), int> _groups;

    // Numbers of the rules that have a cap of their own in any version.
    private readonly HashSet<int> _capped;

    // Numbers of the rules of which, in any version, one event can change what another earns: by a repeat policy, or a cap of its own or of its group.
    private readonly HashSet<int> _entangled;

    private ScoringModels(
        Dictionary<string, Known> versions, Dictionary<(string, string), int> rules, Dictionary<(string, string), int> groups, HashSet<int> capped, HashSet<int> entangled, ScoringModel? live)
    {
        (_capped, _entangled) = (capped, entangled);
        _versions = versions;
        Counted = versions.Values.SelectMany(known => known.Model.Document.Rules).SelectMany(rule => rule.When.History).ToHashSet(StringComparer.Ordinal);
        _rules = rules;
        _groups = groups;
        Live = live;
    }

    /// <summary>What new events are scored by; null: nothing.</summary>
    public ScoringModel? Live { get; }

    /// <summary>What was live, oldest first; empty where nobody noted it.</summary>
    public IReadOnlyList<(DateTimeOffset Since, ScoringModel Model)> Past { get; private init; } = [];

    /// <summary>What events were scored by then; the live one where nobody noted it.</summary>
    public ScoringModel? LiveAt(DateTimeOffset at)
    {
        for (var i = Past.Count - 1; i >= 0; i--)
        {
            if (Past[i].Since <= at)
            {
                return Past[i].Model;
            }
        }

        return Live;
    }

    /// <summary>The most points that somebody could have then.</summary>
    public double CapAt(DateTimeOffset at) => LiveAt(at)?.Document.Cap ?? double.PositiveInfinity;

    /// <summary>How interests are seen: as the live model says, or as the app does where it says nothing.</summary>
    public InterestRules Interests => Live?.Document.Interests ?? InterestRules.Default;

    /// <summary>Grows with every publication.</summary>
    public long Revision { get; private init; }

    public IEnumerable<ScoringModel> All => _versions.Values.Select(known => known.Model);

    /// <summary>How many distinct rules, and groups, the versions have together.</summary>
    internal (int Rules, int Groups) Distinct => (_rules.Count, _groups.Count);

    /// <summary>Names of the events whose history a rule of some version asks for.</summary>
    public IReadOnlySet<string> Counted { get; }

    /// <summary>A snapshot that also knows this version.</summary>
    public ScoringModels With(ScoringModel model)
    {
        var versions = new Dictionary<string, Known>(_versions);
        var rules = new Dictionary<(string, string), int>(_rules);
        var groups = new Dictionary<(string, string), int>(_groups);
        versions[model.Reference] = new(
            model,
            [.. model.Document.Rules.Select(rule => Number(rules, (model.Id, rule.Id)))],
            [.. model.Document.Rules.Select(rule => rule.Group is { } group ? Number(groups, (model.Id, group)) : -1)],
            [.. model.Document.Rules.Select(rule => rule.Group is { } group ? model.Document.Groups[group].Cap : double.PositiveInfinity)]);
        var capped = model.Document.Rules.Where(rule => rule.Cap is not null).Select(rule => rules[(model.Id, rule.Id)]);
        var entangled = model.Document.Rules.Where(rule => rule is not { Cap: null, Group: null, Repeat: Repeat.Always }).Select(rule => rules[(model.Id, rule.Id)]);
        return new(versions, rules, groups, [.. _capped, .. capped], [.. _entangled, .. entangled], Live) { Past = Past };

        static int Number(Dictionary<(string, string), int> numbers, (string, string) key) =>
            numbers.TryGetValue(key, out var number) ? number : numbers[key] = numbers.Count;
    }

    /// <summary>A snapshot in which this version (which it then also knows) is live.</summary>
    public ScoringModels WithLive(ScoringModel? model)
    {
        if (ReferenceEquals(model, Live))
        {
            return this;
        }

        var known = model is null || ReferenceEquals(FindKnown(model.Reference)?.Model, model) ? this : With(model);
        return new(known._versions, known._rules, known._groups, known._capped, known._entangled, model) { Past = Past };
    }

    /// <summary>As they would be were this one published.</summary>
    public ScoringModels WithDraft(ScoringModel draft) => WithLive(draft).WithRevision(Revision + 1);

    public ScoringModels WithRevision(long revision) => new(_versions, _rules, _groups, _capped, _entangled, Live) { Revision = revision, Past = Past };

    /// <param name="past">Oldest first.</param>
    public ScoringModels WithPast(IReadOnlyList<(DateTimeOffset Since, ScoringModel Model)> past) => new(_versions, _rules, _groups, _capped, _entangled, Live) { Revision = Revision, Past = past };

    public ScoringModel? Find(string id, int version) => Find($"{id}@{version}");

    /// <summary>By reference, "shop@3".</summary>
    public ScoringModel? Find(string reference) => FindKnown(reference)?.Model;

    internal bool IsCapped(int rule) => _capped.Contains(rule);

    /// <summary>The definition that an entry counts by; null when there is none.</summary>
    internal ScoringRule? FindRule(FoldedKind kind) => FindKnown(kind.Model) is { } known && known.Model.IndexOf(kind.Rule) is var index and >= 0 ? known.Model.Document.Rules[index] : null;

    /// <summary>Of an entry's rule, every event earns what it earns, whatever else happens, but for traits: a sum of such entries is as good as the entries.</summary>
    internal bool IsPlain(FoldedKind kind) => kind.Model == LedgerEntry.GivenModel
        || (FindKnown(kind.Model) is { } known && known.Model.IndexOf(kind.Rule) is var index and >= 0
            && !_entangled.Contains(known.Rules[index]) && (kind.Mask == 0 || !known.Model.Document.Rules[index].When.DependsOnTime));

    internal Known? FindKnown(string reference) => _versions.GetValueOrDefault(reference);

    /// <summary>A version with, for each of its rules by position, the rule's number, its group's number (-1: none) and its group's cap.</summary>
    internal sealed record Known(ScoringModel Model, int[] Rules, int[] Groups, double[] GroupCaps);
}
