using System.Runtime.InteropServices;

namespace LeadFunctions.Reports.Stored;

/// <summary>All facts in this instance's memory, by person. In whatever order and however often facts come, the same ones make the same book.</summary>
internal sealed class FactBook
{
    /// <summary>A lead is merged into another that is merged into a third …; nobody comes that far.</summary>
    private const int MostHops = 100;

    private readonly HashSet<ulong> _known = [];
    private readonly Dictionary<string, List<KnownFact>> _leads = [];
    private readonly HashSet<ValueSet> _values = [];
    private readonly HashSet<string> _texts = [];

    /// <summary>By lead, the last word about where it belongs: the lead that absorbed it, or null since that was taken back.</summary>
    private readonly Dictionary<string, (string? Into, long At, long ArrivedAt)> _places = [];
    private readonly HashSet<string> _unsorted = [];
    private (ulong Revision, IReadOnlyList<Person> People)? _people;

    public int Count => _known.Count;

    /// <summary>The same for the same facts, on whatever instance.</summary>
    public ulong Revision { get; private set; }

    /// <summary>Of a lead by itself, but of one kind.</summary>
    public int CountOf(string leadId, FactKind without) => _leads.TryGetValue(leadId, out var facts) ? facts.Count(fact => fact.Kind != without) : 0;

    public bool Knows(Fact fact) => _known.Contains(fact.Key);

    /// <summary>Whether any fact says so, whosever it is and whenever that was.</summary>
    public bool Says(string dimension, string value) => _values.Any(set => set[dimension] == value);

    public void Add(IEnumerable<Fact> facts)
    {
        foreach (var fact in facts)
        {
            if (!_known.Add(fact.Key))
            {
                continue;
            }

            Revision ^= fact.Key;
            if (fact is { Kind: FactKind.Merged or FactKind.Unmerged, Subject: { } part })
            {
                Place(part, fact);
                continue;
            }

            ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(_leads, fact.LeadId, out _);
            list ??= [];
            var known = new KnownFact(fact.Kind, fact.At, fact.ArrivedAt, fact.Order, fact.Subject is { } subject ? Events.TextHash.Of(subject) : 0, fact.Number ?? 0, Shared(fact.Values));
            if (list.Count > 0 && list[^1].CompareTo(known) > 0)
            {
                _unsorted.Add(fact.LeadId);
            }

            list.Add(known);
        }
    }

    /// <summary>Everybody of whom there are facts, in no order, but those of our own and those made up for tests.</summary>
    public IReadOnlyList<Person> People()
    {
        if (_people is { } known && known.Revision == Revision)
        {
            return known.People;
        }

        foreach (var lead in _unsorted)
        {
            _leads[lead].Sort();
        }

        _unsorted.Clear();
        var (people, joined) = (new List<Person>(_leads.Count), new Dictionary<string, List<KnownFact>>());
        foreach (var (lead, facts) in _leads)
        {
            if (RootOf(lead) is var root && root != lead)
            {
                ref var together = ref CollectionsMarshal.GetValueRefOrAddDefault(joined, root, out _);
                (together ??= []).AddRange(facts);
            }
        }

        foreach (var (lead, facts) in _leads)
        {
            if (joined.TryGetValue(lead, out var together))
            {
                together.AddRange(facts);
            }
            else if (RootOf(lead) == lead && !IsInternal(facts))
            {
                people.Add(new(lead, facts));
            }
        }

        foreach (var (lead, facts) in joined)
        {
            facts.Sort();
            if (!IsInternal(facts))
            {
                people.Add(new(lead, facts));
            }
        }

        _people = (Revision, people);
        return people;
    }

    /// <summary>What was said last is what was known then, of all that was said before, and so what holds: whenever it was true.</summary>
    private static bool IsInternal(List<KnownFact> facts)
    {
        var (isInternal, last) = (false, (long.MinValue, 0));
        foreach (ref readonly var fact in CollectionsMarshal.AsSpan(facts))
        {
            if (fact.Kind == FactKind.Internal && (fact.ArrivedAt, fact.Order).CompareTo(last) >= 0)
            {
                (isInternal, last) = (fact.Number > 0, (fact.ArrivedAt, fact.Order));
            }
        }

        return isInternal;
    }

    private void Place(string part, Fact fact)
    {
        var place = (fact.Kind == FactKind.Merged ? fact.LeadId : null, fact.At, fact.ArrivedAt);
        if (!_places.TryGetValue(part, out var known) || (known.At, known.ArrivedAt).CompareTo((place.At, place.ArrivedAt)) <= 0)
        {
            _places[part] = place;
        }
    }

    private string RootOf(string lead)
    {
        for (var hops = 0; hops < MostHops && _places.TryGetValue(lead, out var place) && place.Into is { } into && into != lead; hops++)
        {
            lead = into;
        }

        return lead;
    }

    private FactValues Shared(IReadOnlyDictionary<string, string>? values) => values is null or { Count: 0 }
        ? FactValues.None
        : new(Shared(values.Where(value => Dimensions.OfPeople.Contains(value.Key))), Shared(values.Where(value => !Dimensions.OfPeople.Contains(value.Key))));

    private ValueSet Shared(IEnumerable<KeyValuePair<string, string>> values)
    {
        // The keys are a few, and the values not many: one text for each, and comparing is cheap.
        var set = new ValueSet([.. values.Select(value => KeyValuePair.Create(string.Intern(value.Key), Shared(value.Value))).OrderBy(value => value.Key, StringComparer.Ordinal)]);
        if (_values.TryGetValue(set, out var known))
        {
            return known;
        }

        _values.Add(set);
        return set;
    }

    private string Shared(string text)
    {
        if (_texts.TryGetValue(text, out var known))
        {
            return known;
        }

        _texts.Add(text);
        return text;
    }
}
