using System.Text.Json.Serialization;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Facts;
using LeadFunctions.OnSite;
using LeadFunctions.Segments;

namespace LeadFunctions.Leads.State;

/// <summary>
/// What segments ask of a lead's events beyond their names. A tally that is there is complete. One that is not is known all the same, and empty, where none of its events ever came; else the
/// lead has such events from before it was asked for, and they have to be read from its timeline once.
/// </summary>
internal sealed partial class LeadRecord
{
    /// <summary>By the question's key.</summary>
    [JsonPropertyName("y"), JsonConverter(typeof(TalliesJson))]
    public IReadOnlyDictionary<string, Tally>? Tallies { get; set; }

    /// <summary>Those that this is the union of.</summary>
    [JsonIgnore]
    public IReadOnlyList<LeadRecord> Parts { get; private init; } = [];

    private int TalliesKept => Tallies?.Values.Sum(tally => tally.Times.Length) ?? 0;

    /// <summary>To be called before the event is counted: a tally whose first event this is begins with it.</summary>
    public void Note(LeadEvent e, LeadRules rules)
    {
        NoteTallies(e, rules.Segments);
        NoteLooks(e, rules.Scoring.Interests);
        Contents = SeenContent.With(Contents, e);
    }

    private void NoteTallies(LeadEvent e, SegmentRules rules)
    {
        var asked = rules.TalliesOf(e.Name);
        if (asked.Count == 0 && (Tallies is null || Tallies.Keys.All(rules.IsTallied)))
        {
            return;
        }

        // One that these rules do not ask for would miss this event: it is read anew should it be asked for again, or by an instance that knows of it already.
        Dictionary<string, Tally> tallies = Tallies is null ? [] : new(Tallies.Where(known => rules.IsTallied(known.Key)));
        foreach (var tally in asked)
        {
            var known = tallies.GetValueOrDefault(tally.Key) ?? (NeverHad(tally.Names) ? Tally.Empty : null);
            if (known is not null)
            {
                tallies[tally.Key] = tally.ValueOf(e) is { } value ? known.With(e.At.ToUnixTimeMilliseconds(), value) : known;
            }
        }

        Tallies = tallies.Count == 0 ? null : tallies;
    }

    /// <summary>Something of what is asked is not known: it is to be read from the timeline.</summary>
    public bool Lacks(AskedHistory asked)
    {
        foreach (var tally in asked.Tallies)
        {
            if (!((ILeadFacts)this).TryTally(tally.Key, tally.Names, out _))
            {
                return true;
            }
        }

        foreach (var dimension in asked.Interests.Dimensions)
        {
            if (FindLooks(dimension) is null)
            {
                return true;
            }
        }

        return false;
    }

    bool ILeadFacts.TryTally(string key, IReadOnlyList<string> names, out Tally tally)
    {
        tally = Tally.Empty;
        if (Parts.Count == 0)
        {
            return Tallies?.TryGetValue(key, out tally!) == true || (tally = Tally.Empty) is not null && NeverHad(names);
        }

        foreach (ILeadFacts part in Parts)
        {
            if (!part.TryTally(key, names, out var more))
            {
                return false;
            }

            tally = Tally.Union(tally, more);
        }

        return true;
    }

    /// <summary>As a record that can be kept: what all its parts know is known of it. A union itself is of the moment.</summary>
    public LeadRecord AsOne(LeadRules rules)
    {
        if (Parts.Count == 0)
        {
            return this;
        }

        var one = Copy();
        var tallies = rules.Segments.Tallies.Where(tally => Parts.Any(part => part.Tallies?.ContainsKey(tally.Key) == true))
            .Select(tally => (tally.Key, Known: ((ILeadFacts)this).TryTally(tally.Key, tally.Names, out var all) ? all : null))
            .Where(tally => tally.Known is not null).ToDictionary(tally => tally.Key, tally => tally.Known!); // as the filter says
        var looks = rules.Scoring.Interests.Dimensions.Where(dimension => Parts.Any(part => part.Looked?.ContainsKey(dimension.Key) == true))
            .Select(dimension => (dimension.Key, Known: FindLooks(dimension)))
            .Where(dimension => dimension.Known is not null).ToDictionary(dimension => dimension.Key, dimension => dimension.Known!); // likewise
        one.Tallies = tallies.Count == 0 ? null : tallies;
        one.Looked = looks.Count == 0 ? null : looks;
        return one;
    }

    private void FoldTallies(LeadRecord other, SegmentRules rules)
    {
        var union = Union(this, other);
        Tallies = rules.Tallies.Where(tally => Tallies?.ContainsKey(tally.Key) == true || other.Tallies?.ContainsKey(tally.Key) == true)
            .Select(tally => (tally.Key, Known: ((ILeadFacts)union).TryTally(tally.Key, tally.Names, out var all) ? all : null))
            .Where(tally => tally.Known is not null).ToDictionary(tally => tally.Key, tally => tally.Known!); // as the filter says
    }

    private bool NeverHad(IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (Activity.ContainsKey(name))
            {
                return false;
            }
        }

        return !Activity.ContainsKey(OtherNames);
    }
}
