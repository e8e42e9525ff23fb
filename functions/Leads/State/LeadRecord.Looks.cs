using System.Text.Json.Serialization;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Interests;

namespace LeadFunctions.Leads.State;

/// <summary>What the lead looks at. As with tallies: what is there is complete; what is not is empty where none of the dimension's events ever came, and else to be read from the timeline once.</summary>
internal sealed partial class LeadRecord
{
    /// <summary>By the dimension's key.</summary>
    [JsonPropertyName("v"), JsonConverter(typeof(LooksJson))]
    public IReadOnlyDictionary<string, Looks>? Looked { get; set; }

    private int LooksKept => Looked?.Values.Sum(looks => looks.Count) ?? 0;

    /// <summary>To be called before the event is counted.</summary>
    private void NoteLooks(LeadEvent e, InterestRules rules)
    {
        var asked = rules.DimensionsOf(e.Name);
        if (asked.Count == 0 && (Looked is null || Looked.Keys.All(rules.IsKept)))
        {
            return;
        }

        // One that these rules do not keep would miss this event.
        Dictionary<string, Looks>? kept = Looked is null || Looked.Keys.All(rules.IsKept) ? null : new(Looked.Where(known => rules.IsKept(known.Key)));
        foreach (var dimension in asked)
        {
            var standing = (kept ?? Looked)?.GetValueOrDefault(dimension.Key);
            var looks = (standing ?? (NeverHad(dimension.Events) ? Looks.None : null))?.With(dimension.LooksOf(e));
            if (looks is not null && !ReferenceEquals(looks, standing))
            {
                (kept ??= Looked is null ? [] : new(Looked))[dimension.Key] = looks;
            }
        }

        if (kept is not null)
        {
            Looked = kept.Count == 0 ? null : kept;
        }
    }

    /// <summary>False when it has such events from before they were kept.</summary>
    public bool TryInterests(InterestRules rules, string dimension, DateTimeOffset at, out InterestView interests)
    {
        interests = InterestView.None;
        if (rules.Find(dimension) is not { } known)
        {
            return true;
        }

        if (FindLooks(known) is not { } looks)
        {
            return false;
        }

        interests = rules.Of(known, looks, at);
        return true;
    }

    /// <summary>Null when it has such events from before they were kept.</summary>
    internal Looks? FindLooks(InterestDimension dimension)
    {
        if (Parts.Count == 0)
        {
            return Looked?.GetValueOrDefault(dimension.Key) ?? (NeverHad(dimension.Events) ? Looks.None : null);
        }

        var all = Looks.None;
        foreach (var part in Parts)
        {
            if (part.FindLooks(dimension) is not { } more)
            {
                return null;
            }

            all = Looks.Union(all, more);
        }

        return all;
    }

    private void FoldLooks(LeadRecord other, InterestRules rules)
    {
        var union = Union(this, other);
        var kept = new Dictionary<string, Looks>();
        foreach (var dimension in rules.Dimensions.Where(dimension => Looked?.ContainsKey(dimension.Key) == true || other.Looked?.ContainsKey(dimension.Key) == true))
        {
            if (union.FindLooks(dimension) is { } looks)
            {
                kept[dimension.Key] = looks;
            }
        }

        Looked = kept.Count == 0 ? null : kept;
    }

    /// <summary>What a record lacks of what is asked, made of all events of its timeline.</summary>
    public sealed class Recollection
    {
        private readonly LeadRecord _record;
        private readonly Dictionary<TallyDefinition, Tally> _tallies;
        private readonly Dictionary<InterestDimension, Looks> _looks;

        public Recollection(LeadRecord record, AskedHistory asked)
        {
            _record = record;
            _tallies = asked.Tallies.Where(tally => !((ILeadFacts)record).TryTally(tally.Key, tally.Names, out _)).DistinctBy(tally => tally.Key).ToDictionary(tally => tally, _ => Tally.Empty);
            _looks = asked.Interests.Dimensions.Where(dimension => record.FindLooks(dimension) is null).DistinctBy(dimension => dimension.Key).ToDictionary(dimension => dimension, _ => Looks.None);
        }

        /// <summary>Something is lacking.</summary>
        public bool IsNeeded => _tallies.Count + _looks.Count > 0;

        public void Add(LeadEvent e)
        {
            if (e.IsOrder || e.Type is EventType.Merge or EventType.Unmerge)
            {
                return;
            }

            foreach (var (tally, known) in _tallies)
            {
                _tallies[tally] = tally.ValueOf(e) is { } value ? known.With(e.At.ToUnixTimeMilliseconds(), value) : known;
            }

            foreach (var (dimension, known) in _looks)
            {
                _looks[dimension] = known.With(dimension.LooksOf(e));
            }
        }

        public LeadRecord Complete()
        {
            var copy = _record.Copy();
            if (_tallies.Count > 0)
            {
                copy.Tallies = (_record.Tallies ?? new Dictionary<string, Tally>()).Concat(_tallies.Select(made => KeyValuePair.Create(made.Key.Key, made.Value))).DistinctBy(tally => tally.Key).ToDictionary();
            }

            if (_looks.Count > 0)
            {
                copy.Looked = (_record.Looked ?? new Dictionary<string, Looks>()).Concat(_looks.Select(made => KeyValuePair.Create(made.Key.Key, made.Value))).DistinctBy(looks => looks.Key).ToDictionary();
            }

            return copy;
        }
    }
}
