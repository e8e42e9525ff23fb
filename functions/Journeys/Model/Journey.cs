using System.Collections.Frozen;
using System.Text.Json;
using LeadFunctions.Conditions;

namespace LeadFunctions.Journeys.Model;

/// <summary>One immutable version of a journey, with its steps at hand by id.</summary>
internal sealed class Journey
{
    private readonly FrozenDictionary<string, Place> _places;

    public Journey(string id, int version, JourneyDocument document)
    {
        (Id, Version, Document) = (id, version, document);
        var places = new Dictionary<string, Place>();
        Add(document.Steps, parent: null, into: places);
        _places = places.ToFrozenDictionary();
        Steps = [.. places.Values.OrderBy(place => place.Order).Select(place => place.Step)];
        Waits = [.. Steps.OfType<Step.WaitFor>()];
        Bound = [.. Waits.Select(wait => wait.When).Append(document.Goal).Append(document.Exit).SelectMany(condition => condition?.Placeholders ?? []).Distinct()];
    }

    /// <summary>Names of the events whose history its conditions ask for.</summary>
    public IEnumerable<string> Counted => Steps.SelectMany(ConditionsOf).Concat([Document.EntryWhen, Document.Goal, Document.Exit]).SelectMany(condition => condition?.Compiled.History ?? []);

    /// <summary>A change of the lead's score can let it in.</summary>
    public bool IsStartedByScores => Document.Trigger is Trigger.Engagement;

    /// <summary>A change of the lead's score can make a run go on or end, whatever step it is at.</summary>
    public bool WaitsForScores => Waits.Select(wait => wait.When).Append(Document.Goal).Append(Document.Exit).Any(condition => condition is { IsEvent: false } && condition.Compiled.Traits.Any(ProfileFacts.ComesOfModel));

    public string Id { get; }

    public int Version { get; }

    /// <summary>"welcome@3".</summary>
    public string Reference => $"{Id}@{Version}";

    public JourneyDocument Document { get; }

    /// <summary>All of them, in the order of the document.</summary>
    public IReadOnlyList<Step> Steps { get; }

    public IReadOnlyList<Step.WaitFor> Waits { get; }

    /// <summary>Placeholders in conditions that are asked whenever the lead does something: their values are kept with the lead.</summary>
    public IReadOnlyList<string> Bound { get; }

    /// <summary>Their values for a run that this let in.</summary>
    public IReadOnlyDictionary<string, JsonElement> BoundBy(JsonElement trigger) => Bound
        .Select(path => (path, Value: path.StartsWith("trigger.", StringComparison.Ordinal) ? RunView.Inside(trigger, path[8..]) : default))
        .Where(pair => pair.Value.ValueKind != JsonValueKind.Undefined)
        .ToDictionary(pair => pair.path, pair => pair.Value.Clone());

    public Step? Find(string? id) => id is not null && _places.TryGetValue(id, out var place) ? place.Step : null;

    /// <summary>The step that comes after this one is done: its neighbour, or that of the step around it; a repeat comes again. Null at the end.</summary>
    public Step? After(string id)
    {
        var place = _places[id];
        while (true)
        {
            if (place.Next is { } next)
            {
                return next;
            }

            if (place.Parent is null or { Step: Step.Repeat })
            {
                return place.Parent?.Step;
            }

            place = place.Parent;
        }
    }

    /// <summary>The message that comes next for whoever stands at this step, once the wait there is over; null where there is none, or nobody knows: what happens meanwhile decides, or another wait comes first.</summary>
    public Step.Send? NextSend(string id)
    {
        var step = Find(id);
        if (step is not (Step.Send or Step.Wait))
        {
            return null;
        }

        for (var looks = 0; step is not (null or Step.Send) && looks < _places.Count; looks++)
        {
            step = step is Step.Branch or Step.Split or Step.WaitFor or Step.Repeat or Step.Exit || (step is Step.Wait && step.Id != id) ? null : After(step.Id);
        }

        return step as Step.Send;
    }

    /// <summary>Ids of the repeats around a step, innermost first.</summary>
    public IEnumerable<string> RepeatsAround(string id)
    {
        for (var place = _places[id].Parent; place is not null; place = place.Parent)
        {
            if (place.Step is Step.Repeat)
            {
                yield return place.Step.Id;
            }
        }
    }

    private static IEnumerable<JourneyCondition?> ConditionsOf(Step step) => step switch
    {
        Step.WaitFor wait => [wait.When],
        Step.Repeat repeat => [repeat.While],
        Step.Branch branch => branch.Paths.Select(path => (JourneyCondition?)path.When),
        _ => [],
    };

    private static void Add(IReadOnlyList<Step> steps, Place? parent, Dictionary<string, Place> into)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            var place = new Place(steps[i], parent, i + 1 < steps.Count ? steps[i + 1] : null, into.Count);
            into.Add(steps[i].Id, place);
            foreach (var block in steps[i].Blocks)
            {
                Add(block.Steps, place, into);
            }
        }
    }

    private sealed record Place(Step Step, Place? Parent, Step? Next, int Order);
}
