using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;

namespace LeadFunctions.Scoring;

/// <summary>One immutable version of a scoring model, compiled and indexed by event name.</summary>
internal sealed class ScoringModel
{
    private const int MaxKeyLength = 48;

    private readonly FrozenDictionary<string, Earner[]> _byEvent;
    private readonly FrozenDictionary<string, int> _byRule;

    public ScoringModel(string id, int version, ScoringModelDocument document)
    {
        Id = id;
        Version = version;
        Reference = $"{id}@{version}";
        Document = document;
        var earners = document.Rules.Select(rule => new Earner(rule, rule.Repeat is Repeat.OncePer per ? new(per.Path) : null, rule.ByAmount is { } by ? new(by.Path) : null)).ToArray();
        _byEvent = earners
            .SelectMany(earner => (earner.Rule.When.Events ?? []).Select(name => (Name: name, Earner: earner))) // An engagement rule always names events.
            .GroupBy(pair => pair.Name, pair => pair.Earner)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        _byRule = document.Rules.Select((rule, i) => KeyValuePair.Create(rule.Id, i)).ToFrozenDictionary(StringComparer.Ordinal);
    }

    public string Id { get; }

    public int Version { get; }

    /// <summary>"shop@3": how ledger entries refer to it.</summary>
    public string Reference { get; }

    public ScoringModelDocument Document { get; }

    /// <summary>Adds an entry for each engagement rule whose event part this event meets. Touches only rules that name the event; allocates nothing when none does.</summary>
    public void Earn(LeadEvent @event, List<LedgerEntry> into)
    {
        if (!_byEvent.TryGetValue(@event.Name, out var earners))
        {
            return;
        }
        foreach (var (rule, key, amount) in earners)
        {
            var verdict = rule.When.Arrive(@event, out var mask);
            if (verdict != Verdict.False)
            {
                var entry = new LedgerEntry(Reference, rule.Id, @event.At, @event.Id, @event.Name, KeyOf(key, @event), verdict == Verdict.Depends ? mask : 0);
                into.Add(amount is null ? entry : Measured(entry, rule, amount, @event));
            }
        }
    }

    /// <summary>A pure function of what is known about the lead now.</summary>
    public Fit FitOf(ILeadFacts facts, DateTimeOffset now)
    {
        if (Document.Fit is not { } fit)
        {
            return Fit.None;
        }
        var score = 0.0;
        var contributions = new List<FitContribution>();
        foreach (var rule in fit.Rules)
        {
            if (rule.When.Holds(null, facts, now))
            {
                score += rule.Points;
                contributions.Add(new(rule.Id, rule.Points));
            }
        }
        var shown = ShownScore.Of(score);
        return new(shown, fit.Grades.Of(shown), contributions);
    }

    /// <summary>Fit rules that do not hold, and traits that they ask for and nobody has said: what is worth finding out.</summary>
    public IReadOnlyList<MissingFit> MissingOf(ILeadFacts facts, DateTimeOffset now) =>
    [
        .. from rule in Document.Fit?.Rules ?? []
           where !rule.When.Holds(null, facts, now)
           let unknown = rule.When.Traits.Where(path => path[0] != '$' && facts.Trait(path).Kind is ValueKind.Missing or ValueKind.Null).ToList()
           where unknown.Count > 0
           select new MissingFit(rule.Id, rule.Points, unknown),
    ];

    /// <summary>When, after a time, a fit rule may first have another answer through time alone; null: never.</summary>
    public DateTimeOffset? NextFit(ILeadFacts facts, DateTimeOffset after)
    {
        DateTimeOffset? next = null;
        foreach (var rule in Document.Fit?.Rules ?? [])
        {
            next = Moments.Earliest(next, rule.When.NextChange(facts, after));
        }
        return next;
    }

    /// <summary>The position of the rule in <see cref="ScoringModelDocument.Rules"/>; -1 when there is no such rule.</summary>
    public int IndexOf(string rule) => _byRule.TryGetValue(rule, out var index) ? index : -1;

    private static LedgerEntry Measured(LedgerEntry entry, ScoringRule rule, PropertyPath path, LeadEvent @event) =>
        Numbers.TryRead(EventReader.Of(@event).Read(path, out _), out var amount) ? entry with { Units = rule.UnitsOf(amount), Amount = amount } : entry with { Units = 0 };

    // Long values are hashed, so that an entry stays small.
    private static string? KeyOf(PropertyPath? path, LeadEvent @event)
    {
        if (path?.Find(@event) is not { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } element)
        {
            return null;
        }
        var key = Value.From(element).ToString();
        return key.Length <= MaxKeyLength ? key : Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(..18));
    }

    private sealed record Earner(ScoringRule Rule, PropertyPath? Key, PropertyPath? Amount);
}

/// <summary>How well the lead matches the ideal customer.</summary>
/// <param name="Grade">A to F; null when the model has no fit part.</param>
internal sealed record Fit(double Score, string? Grade, IReadOnlyList<FitContribution> Contributions)
{
    public static readonly Fit None = new(0, null, []);
}

internal sealed record FitContribution(string Rule, double Points);

/// <param name="Traits">Dotted paths.</param>
internal sealed record MissingFit(string Rule, double Points, IReadOnlyList<string> Traits);
