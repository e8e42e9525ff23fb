using System.Collections.Frozen;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Segments;

/// <summary>All live segments at one moment, compiled, in an order in which each comes after those that it asks for; and which of them what can change.</summary>
internal sealed class SegmentRules
{
    public static readonly SegmentRules None = new(0, []);

    private readonly FrozenDictionary<string, int> _places;
    private readonly FrozenDictionary<string, SegmentSet> _byEvent;
    private readonly (string Path, SegmentSet Segments)[] _byTrait;
    private readonly FrozenDictionary<string, IReadOnlyList<TallyDefinition>> _talliesByEvent;
    private readonly FrozenSet<string> _tallied;
    private readonly SegmentSet[] _dependents;
    private readonly SegmentSet _scored;
    private readonly SegmentSet _fit;
    private readonly SegmentSet _seen;
    private readonly SegmentSet _interested;
    private readonly SegmentSet _consented;

    /// <param name="revision">Grows with every publication.</param>
    /// <param name="rfm">Where the fifths of all buyers end; null before they were computed.</param>
    public SegmentRules(long revision, IReadOnlyList<Segment> live, RfmBoundaries? rfm = null)
    {
        (Revision, Rfm) = (revision, rfm);
        (All, Circular) = InOrder(live);
        _places = All.Select((segment, place) => (segment.Id, place)).ToFrozenDictionary(pair => pair.Id, pair => pair.place, StringComparer.Ordinal);
        _byEvent = All.SelectMany(segment => segment.Document.When.History).Distinct()
            .ToFrozenDictionary(name => name, name => Those(segment => segment.Document.When.History.Contains(name)), StringComparer.Ordinal);
        _byTrait = [.. All.SelectMany(segment => segment.Document.When.Traits).Distinct().Where(path => !ProfileFacts.ComesOfModel(path) && path is not (ProfileFacts.LastSeen or ProfileFacts.Consent))
            .Select(path => (path, Those(segment => segment.Document.When.Traits.Contains(path))))];
        _dependents = [.. All.Select(segment => Those(other => other.Document.When.Traits.Contains(ProfileFacts.Segment + segment.Id)))];
        _scored = Those(segment => segment.Document.When.Traits.Contains(ProfileFacts.Engagement));
        _fit = Those(segment => segment.Document.When.Traits.Any(path => path is ProfileFacts.Fit or ProfileFacts.Grade));
        _seen = Those(segment => segment.Document.When.Traits.Contains(ProfileFacts.LastSeen));
        _interested = Those(segment => segment.Document.When.Interests.Count > 0);
        _consented = Those(segment => segment.Document.When.Traits.Contains(ProfileFacts.Consent));
        Timed = Those(segment => segment.Document.When.DependsOnTime);
        Every = Those(_ => true);
        Quiet = [.. All.Where(segment => segment.QuietSince is not null).Select(segment => (Those(other => other.Id == segment.Id), segment.QuietSince!.Value))]; // as just asked
        Tallies = [.. All.SelectMany(segment => segment.Document.When.Tallies).Concat(rfm is null ? [] : [RfmAtom.Orders]).DistinctBy(tally => tally.Key)];
        _talliesByEvent = Tallies.SelectMany(tally => tally.Names).Distinct().ToFrozenDictionary(name => name, name => (IReadOnlyList<TallyDefinition>)[.. Tallies.Where(tally => tally.Names.Contains(name))], StringComparer.Ordinal);
        _tallied = Tallies.Select(tally => tally.Key).ToFrozenSet(StringComparer.Ordinal);
        Counted = All.SelectMany(segment => segment.Document.When.History).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>As they would be were this one published: a revision that nobody has been judged by.</summary>
    public SegmentRules With(Segment draft) => new(long.MaxValue, [.. All.Concat(Circular).Where(segment => segment.Id != draft.Id), draft], Rfm);

    public long Revision { get; }

    public RfmBoundaries? Rfm { get; }

    /// <summary>What leads keep of their events beyond their names.</summary>
    public IReadOnlyList<TallyDefinition> Tallies { get; }

    public IReadOnlyList<Segment> All { get; }

    /// <summary>Those that, published at the same moment on two instances, ask for each other: nobody is in them.</summary>
    public IReadOnlyList<Segment> Circular { get; }

    public bool AreNone => All.Count == 0;

    /// <summary>Names of the events whose history a condition asks for.</summary>
    public IReadOnlySet<string> Counted { get; }

    /// <summary>Those that were published quietly, each by itself, and when.</summary>
    public IReadOnlyList<(SegmentSet Segment, DateTimeOffset Since)> Quiet { get; }

    /// <summary>Those that time alone can change.</summary>
    public SegmentSet Timed { get; }

    public SegmentSet Every { get; }

    /// <summary>Some ask for engagement, fit, grade or interests: another scoring model changes who is in them.</summary>
    public bool AskScores => !_scored.IsEmpty || !_fit.IsEmpty || !_interested.IsEmpty;

    /// <summary>Some ask how a buyer stands beside all others.</summary>
    public bool AskRfm => All.Any(segment => segment.Document.When.Tallies.Contains(RfmAtom.Orders));

    /// <summary>Some ask what leads look at.</summary>
    public bool AskInterests => !_interested.IsEmpty;

    public IReadOnlyList<TallyDefinition> TalliesOf(string eventName) => _talliesByEvent.GetValueOrDefault(eventName, []);

    public bool IsTallied(string key) => _tallied.Contains(key);

    public bool IsLive(string id) => _places.ContainsKey(id);

    public Segment? Find(string id) => _places.TryGetValue(id, out var place) ? All[place] : null;

    public SegmentSet DependentsOf(int place) => _dependents[place];

    /// <summary>Adds those that these events, and what they did to the lead, can change.</summary>
    public void AddTouched(SegmentSet touched, SegmentChange change, bool isOtherModel)
    {
        if (change.IsWhole)
        {
            touched.Add(Every);
            return;
        }

        var mayScore = isOtherModel || change.HasEarned;
        foreach (var e in change.Events)
        {
            if (e.IsOrder)
            {
                continue;
            }

            if (_byEvent.TryGetValue(e.Name, out var asked))
            {
                touched.Add(asked);
            }

            touched.Add(_seen);
            mayScore |= change.Scoring.Counted.Contains(e.Name);
        }

        if (isOtherModel)
        {
            touched.Add(_fit);
        }

        if (isOtherModel || change.HasLooked)
        {
            touched.Add(_interested);
        }

        if (change.HasAnswered)
        {
            touched.Add(_consented);
        }

        if (change.TraitsMayDiffer)
        {
            var (before, after) = change.Known();
            foreach (var (path, asking) in _byTrait)
            {
                if (!before.Trait(path).Equals(after.Trait(path)))
                {
                    touched.Add(asking);
                }
            }

            touched.Add(_fit);
            mayScore = true; // a rule may ask traits
        }

        if (mayScore)
        {
            touched.Add(_scored);
        }
    }

    /// <summary>A way from a segment back to itself, as it would be with this draft; null when there is none.</summary>
    public static IReadOnlyList<string>? CircleOf(Segment draft, IEnumerable<Segment> live)
    {
        var asks = live.Where(segment => segment.Id != draft.Id).Append(draft).ToDictionary(segment => segment.Id, segment => segment.Document.Asks.ToList(), StringComparer.Ordinal);
        var from = new Dictionary<string, string>(StringComparer.Ordinal);
        var open = new Queue<string>([draft.Id]);
        while (open.TryDequeue(out var id))
        {
            foreach (var asked in asks.GetValueOrDefault(id, []))
            {
                if (asked == draft.Id)
                {
                    var circle = new List<string> { draft.Id };
                    for (var at = id; at != draft.Id; at = from[at])
                    {
                        circle.Insert(0, at);
                    }

                    return [draft.Id, .. circle];
                }

                if (from.TryAdd(asked, id))
                {
                    open.Enqueue(asked);
                }
            }
        }

        return null;
    }

    private SegmentSet Those(Func<Segment, bool> are)
    {
        var set = new SegmentSet(All.Count);
        for (var place = 0; place < All.Count; place++)
        {
            if (are(All[place]))
            {
                set.Add(place);
            }
        }

        return set;
    }

    private static (IReadOnlyList<Segment> Ordered, IReadOnlyList<Segment> Left) InOrder(IReadOnlyList<Segment> live)
    {
        var left = live.OrderBy(segment => segment.Id, StringComparer.Ordinal).ToList();
        var ordered = new List<Segment>(left.Count);
        while (left.FindIndex(segment => segment.Document.Asks.All(asked => left.TrueForAll(other => other.Id != asked))) is >= 0 and var next)
        {
            ordered.Add(left[next]);
            left.RemoveAt(next);
        }

        return (ordered, left);
    }
}
