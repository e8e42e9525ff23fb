using System.Text.Json;
using LeadFunctions.Conditions;

namespace LeadFunctions.Lifecycle;

/// <summary>The lifecycle in effect.</summary>
/// <param name="revision">Grows with every publication; 0: the one that comes with the app.</param>
internal sealed class LifecycleRules(long revision, LifecycleDocument? document)
{
    /// <summary>Nothing moves a lead by itself.</summary>
    public static readonly LifecycleRules None = new(0, null);

    private static readonly Lazy<(JsonElement Json, LifecycleDocument Document)> Own = new(() =>
    {
        using var stream = typeof(LifecycleRules).Assembly.GetManifestResourceStream("lifecycle.json") ?? throw new InvalidOperationException("The app was built without its lifecycle.");
        using var parsed = JsonDocument.Parse(stream);
        var json = parsed.RootElement.Clone();
        return (json, LifecycleDocument.Parse(json).Document ?? throw new InvalidDataException("The lifecycle that comes with the app is not valid."));
    });

    private readonly Dictionary<string, StageRule> _byId = (document?.Stages ?? []).ToDictionary(stage => stage.Id);
    private readonly Dictionary<string, IReadOnlyList<StageRule>> _after = Stages.All.ToDictionary(
        stage => stage, stage => (IReadOnlyList<StageRule>)[.. (document?.Stages ?? []).Where(rule => rule.When is not null && rule.From.Contains(stage)).Reverse()]);

    public static LifecycleRules BuiltIn => new(0, Own.Value.Document);

    public static JsonElement BuiltInJson => Own.Value.Json;

    public long Revision => revision;

    public LifecycleDocument? Document => document;

    public bool AreNone => document is null;

    /// <summary>Names of the events whose history a condition asks for.</summary>
    public IReadOnlySet<string> Counted { get; } = Conditions(document).SelectMany(condition => condition.Compiled.History).ToHashSet(StringComparer.Ordinal);

    /// <summary>Some ask for engagement, fit, grade or interests: another scoring model changes who is in which stage.</summary>
    public bool AskScores { get; } = document?.Reopen is not null || Conditions(document).Any(condition => condition.Compiled.Traits.Any(ProfileFacts.ComesOfModel));

    /// <summary>Some ask what leads look at.</summary>
    public bool AskInterests { get; } = Conditions(document).Any(condition => condition.Compiled.Interests.Count > 0);

    /// <summary>Some ask when the person was last seen.</summary>
    public bool AskSeen { get; } = Conditions(document).Any(condition => condition.Compiled.Traits.Contains(ProfileFacts.LastSeen));

    public StageRule? Find(string stage) => _byId.GetValueOrDefault(stage);

    /// <summary>The stages that a lead in this one may be moved to by itself, the highest first.</summary>
    public IReadOnlyList<StageRule> After(string stage) => _after.GetValueOrDefault(stage, []);

    private static IEnumerable<StageCondition> Conditions(LifecycleDocument? document) => document is null ? [] :
        document.Stages.SelectMany(stage => new[] { stage.When, stage.DemoteWhen }).Append(document.Neglect?.When).Concat(document.Owners.Select(owner => owner.When)).OfType<StageCondition>();
}
