using LeadFunctions.Conditions;

namespace LeadFunctions.Segments;

/// <summary>
/// The segments' part of the reducer: which ones the lead is in now, and when time alone may change that. Pure. Only what an event touches is looked at. The moment that is noted comes back
/// as a tick; one that moved later is left noted, and its tick finds out, so that one that moves with every event ("inactive for 30 days") is written once in that time.
/// </summary>
internal sealed class SegmentReducer
{
    /// <summary>Moments looked at that have passed since the last look. More pass only while nothing ran for weeks; then the last ones count as now.</summary>
    private const int MostMoments = 200;

    /// <summary>By then the walk that follows a publication has looked at everybody. What lets a segment differ later, such as other fifths of all buyers, is news.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromHours(6);

    /// <summary>By then this instance knows the rules that others know already.</summary>
    private static readonly TimeSpan Behind = TimeSpan.FromSeconds(10);

    private readonly SegmentRules _rules;
    private readonly SegmentChange _change;
    private readonly SegmentSet _touched;
    private readonly List<SegmentNews> _news = [];
    private LeadSegments _state;
    private bool _lacks;
    private int _number;

    private SegmentReducer(LeadSegments before, SegmentRules rules, SegmentChange change, int number) =>
        (_state, _rules, _change, _number, _touched) = (before, rules, change, number, new SegmentSet(rules.All.Count));

    /// <param name="number">How many changes the lead has caused so far: those made here are numbered on from there.</param>
    /// <returns>The very segments before when nothing changed.</returns>
    public static (LeadSegments After, IReadOnlyList<SegmentNews> News) Apply(LeadSegments before, SegmentRules rules, SegmentChange change, int number, DateTimeOffset now)
    {
        if (before.Rules > rules.Revision || before.Scoring > change.Scoring.Revision)
        {
            // Another instance has judged it by rules that this one has yet to hear of.
            return before.Again ? (before, []) : (before with { Again = true }, [new SegmentNews.Due(now + Behind)]);
        }

        var reducer = new SegmentReducer(before, rules, change, number);
        reducer.Run(now);
        return (reducer._state, reducer._news);
    }

    private void Run(DateTimeOffset now)
    {
        var isAnew = _state.Again || _state.Rules != _rules.Revision;
        var isOtherModel = _state.Scoring != _change.Scoring.Revision;
        var isPast = _state.Due <= now.ToUnixTimeMilliseconds();
        if (isAnew && !_change.IsNew && _change.Before is { } known)
        {
            // As things were before the events at hand: what differs then comes of the publication, with what asks for it, and of nothing that the lead did.
            var at = isPast ? DateTimeOffset.FromUnixTimeMilliseconds(_state.Due.GetValueOrDefault()) : now;
            _touched.Clear();
            foreach (var (segment, since) in _rules.Quiet)
            {
                if (now < since + Quiet)
                {
                    _touched.Add(segment);
                }
            }

            Judge(segments => known(segments, at), at, isEarlier: true, isQuiet: true);
        }

        if (isPast && _change.Before is { } before)
        {
            // What time alone did before the events at hand came, each change at its own moment.
            Moments.CatchUp(_state.Due.GetValueOrDefault(), now, MostMoments, moment =>
            {
                _touched.Clear();
                _touched.Add(isAnew ? _rules.Every : _rules.Timed);
                return Judge(segments => before(segments, moment), moment, isEarlier: true);
            });
        }

        _touched.Clear();
        if (isAnew)
        {
            LeaveGone(now);
            _touched.Add(_rules.Every);
        }
        else if (isPast)
        {
            _touched.Add(_rules.Timed);
        }

        if (isAnew || isOtherModel)
        {
            _state = _state with { Rules = _rules.Revision, Scoring = _change.Scoring.Revision, Again = false };
        }

        _rules.AddTouched(_touched, _change, isOtherModel);
        if (_change.Staged is { } staged)
        {
            // What follows from a stage that time changed, or from a missed time, bears the moment of that change, and so on from there.
            Moments.CatchUp(staged.At.ToUnixTimeMilliseconds(), now, MostMoments, moment => Judge(segments => staged.Lead(segments, moment), moment, isEarlier: true));
        }

        var stands = isPast ? null : _state.Due;
        Note(stands, Judge(_change.After, now, isEarlier: false, stands is { } due ? DateTimeOffset.FromUnixTimeMilliseconds(due) : null), now);
    }

    /// <summary>Looks at what is touched, dependencies first; answers with when time alone may next change one of these.</summary>
    /// <param name="noted">What comes then or later need not be told: the lead is looked at then anyhow.</param>
    private DateTimeOffset? Judge(Func<LeadSegments, ILeadFacts> lead, DateTimeOffset at, bool isEarlier, DateTimeOffset? noted = null, bool isQuiet = false)
    {
        var place = _touched.Next(0);
        if (place < 0)
        {
            return null;
        }

        var facts = lead(_state);
        DateTimeOffset? next = null;
        for (; place >= 0; place = _touched.Next(place + 1))
        {
            var segment = _rules.All[place];
            var when = segment.Document.When;
            if (when.Lacks(facts, at))
            {
                _lacks = true; // the lead stays where it is until its timeline was read
                continue;
            }

            var holds = when.Holds(null, facts, at);
            if (holds != _state.In.ContainsKey(segment.Id))
            {
                Change(segment.Id, segment.Version, holds, at, isEarlier, isQuiet);
                _touched.Add(_rules.DependentsOf(place)); // they come after it
                facts = lead(_state);
            }

            next = Moments.Earliest(next, when.NextChange(facts, at, next ?? noted));
        }

        return next;
    }

    private void LeaveGone(DateTimeOffset now)
    {
        foreach (var id in _state.In.Keys.Where(id => !_rules.IsLive(id)).Order(StringComparer.Ordinal).ToList())
        {
            Change(id, null, enters: false, now, isEarlier: false);
        }
    }

    private void Change(string segment, int? version, bool enters, DateTimeOffset at, bool isEarlier, bool isQuiet = false)
    {
        var (ms, number) = (at.ToUnixTimeMilliseconds(), ++_number);
        var stays = new Dictionary<string, Membership>(_state.In);
        var stay = enters ? number : stays[segment].Number;
        if (enters)
        {
            stays.Add(segment, new(ms, number));
        }
        else
        {
            stays.Remove(segment);
        }

        _state = _state with { In = stays };
        _news.Add(new SegmentNews.Changed(segment, version, enters, ms, number, stay, isEarlier, isQuiet));
    }

    /// <param name="stands">What is noted and has not passed.</param>
    private void Note(long? stands, DateTimeOffset? next, DateTimeOffset now)
    {
        var due = stands;
        if (Moments.IsNews(next, stands, now, out var at))
        {
            due = at.ToUnixTimeMilliseconds();
            _news.Add(new SegmentNews.Due(at));
        }

        if (_lacks)
        {
            _news.Add(new SegmentNews.Due(now + Behind));
        }

        if (due != _state.Due || _lacks != _state.Again)
        {
            _state = _state with { Due = due, Again = _lacks };
        }
    }
}
