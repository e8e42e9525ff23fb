using LeadFunctions.Leads.State;
using LeadFunctions.Segments.Fill;
using NodaTime;

namespace LeadFunctions.Publications;

/// <summary>
/// Counts what other rules would do, lead by lead, by the very code that would do it: each is judged as of now by the rules in effect and by those to come, so that what time was about to do anyhow is
/// no effect. Pure.
/// </summary>
/// <param name="published">The journey that is to be published; null: something else is.</param>
/// <param name="sends">Counts what that one sends; null where nothing is to be said of it.</param>
internal sealed class EffectCount(LeadRules known, LeadRules then, string? published, DateTimeOffset now, SendCount? sends = null)
{
    /// <summary>Of each kind, so many are named.</summary>
    private const int MostNamed = 20;

    private static readonly Period Soon = Period.FromDays(7);

    private readonly ShiftCount _stages = new(MostNamed);
    private readonly ShiftCount _segments = new(MostNamed);
    private readonly SortedDictionary<(string From, string To), int> _moves = [];
    private readonly ScoreCount? _scores = known.Scoring.Live == then.Scoring.Live ? null : new(MostNamed);
    private readonly SortedDictionary<string, (int Enter, List<NamedLead> Entering, int GoOn)> _journeys = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, int> _inside = [];
    private readonly SortedDictionary<LocalDate, int> _soon = [];
    private readonly LocalDate _today = Instant.FromDateTimeOffset(now).InZone(then.Journeys.Zone).Date;

    /// <param name="lead">With what is kept of its events for the rules in effect.</param>
    /// <param name="completed">With what those to come ask beyond that.</param>
    public void Add(LeadState lead, LeadState completed)
    {
        var (before, after) = (Judge(lead, known), Judge(completed, then));
        var (from, to) = (before.State.Whole.Stage, after.State.Whole.Stage);
        var rule = _scores is not null && from != to ? RuleBehind.Of(after.State, known.Scoring, then.Scoring, now) : null;
        var named = new Lazy<NamedLead>(() => NamedLead.Of(before.State, before.Score, after.State, after.Score, rule));
        _stages.Add([from], [to], named, rule);
        _segments.Add(before.State.Segments?.In.Keys ?? [], after.State.Segments?.In.Keys ?? [], named);
        if (from != to)
        {
            _moves[(from, to)] = _moves.GetValueOrDefault((from, to)) + 1;
        }

        _scores?.Add(before.Score, after.Score, named);
        AddJourneys(completed, before, after, named);
    }

    public PublicationEffect Answer(int looked, bool isPartial)
    {
        if (published is not null && !_journeys.ContainsKey(published))
        {
            _journeys[published] = (0, [], 0);
        }

        return new(
            looked, isPartial, _stages.Answer(), [.. _moves.Select(move => new StageMove(move.Key.From, move.Key.To, move.Value))], _segments.Answer(), _scores?.Answer(),
            [.. _journeys.Select(one => new JourneyShift(
                one.Key, one.Value.Enter, one.Value.Entering, one.Value.GoOn,
                one.Key == published ? [.. _inside.Select(version => new InsideVersion(version.Key, version.Value))] : null,
                one.Key == published ? [.. _soon.Select(day => new ComingDay(day.Key.ToDateOnly(), day.Value))] : null,
                one.Key == published ? sends?.Answer() : null))]);
    }

    private void AddJourneys(LeadState lead, Judged before, Judged after, Lazy<NamedLead> named)
    {
        foreach (var run in lead.Journeys?.Runs ?? [])
        {
            if (run.Journey == published && run.IsInside)
            {
                _inside[run.Version] = _inside.GetValueOrDefault(run.Version) + 1;
            }
        }

        // After a publication only these are told to look: whoever is to be in other segments or stages; of journeys that scores or dates start, known leads; and, when scores differ, who is inside.
        var isTold = lead.Whole.IsKnown || FillFunctions.IsNews(lead, after.State);
        foreach (var journey in isTold || _scores is not null ? after.Woken.Except(before.Woken).Select(run => RunJourney(after.State, run)).OfType<string>() : [])
        {
            _journeys[journey] = Journey(journey) with { GoOn = Journey(journey).GoOn + 1 };
        }

        if (!isTold)
        {
            return;
        }

        foreach (var journey in after.Entered.Except(before.Entered))
        {
            var (enter, entering, goOn) = Journey(journey);
            if (entering.Count < MostNamed)
            {
                entering.Add(named.Value);
            }

            _journeys[journey] = (enter + 1, entering, goOn);
        }

        var comes = published is not null && after.Entered.Except(before.Entered).Contains(published);
        foreach (var due in after.State.Journeys?.Due.Where(due => due.Key == published || due.Key.StartsWith($"{published}/", StringComparison.Ordinal)) ?? [])
        {
            if (due.Value < DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() && DateTimeOffset.FromUnixTimeMilliseconds(due.Value) is var at && at > now
                && Instant.FromDateTimeOffset(at).InZone(then.Journeys.Zone).Date is var day && day < _today + Soon)
            {
                _soon[day] = _soon.GetValueOrDefault(day) + 1;
                comes |= at < now + SendCount.Day;
            }
        }

        if (comes)
        {
            sends?.Add(lead);
        }
    }

    private (int Enter, List<NamedLead> Entering, int GoOn) Journey(string id) => _journeys.TryGetValue(id, out var counted) ? counted : (0, [], 0);

    private static string? RunJourney(LeadState lead, string run) => lead.Journeys?.Find(run) is { IsInside: true } found ? found.Journey : null;

    private Judged Judge(LeadState lead, LeadRules rules)
    {
        var reduced = Reducer.Apply(lead, [new Arrival(FillFunctions.TickOf(lead.Id, "rehearsal", now), now, [])], rules with { Heard = null }, now);
        var caused = reduced.State.Outbox.Skip(lead.Outbox.Count).ToList();
        return new(
            reduced.State, reduced.Score ?? Reducer.ScoreOf(lead, rules.Scoring, now),
            [.. caused.Where(effect => effect is { Kind: EffectKind.JourneyEntered, To: not null }).Select(effect => RunJourney(reduced.State, effect.To!)).OfType<string>()], // as asked
            [.. caused.Where(effect => effect is { Kind: EffectKind.JourneyWoken, To: not null }).Select(effect => effect.To!)]); // likewise
    }

    /// <param name="Entered">Journeys.</param>
    /// <param name="Woken">Runs.</param>
    private readonly record struct Judged(LeadState State, LeadScore Score, IReadOnlyList<string> Entered, IReadOnlyList<string> Woken);
}
