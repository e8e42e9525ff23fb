using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Parsing;
using LeadFunctions.Events;
using LeadFunctions.Scoring;

namespace LeadFunctions.Lifecycle;

/// <summary>
/// The lifecycle's part of the reducer: what moves a lead from stage to stage, and what becomes of the time that people have for it. Pure. As with segments, the moment at which time alone may matter is
/// noted, comes back as a tick, and is left noted when it moves later.
/// </summary>
internal sealed class LifecycleReducer
{
    /// <summary>Moments looked at that have passed since the last look.</summary>
    private const int MostMoments = 100;

    /// <summary>By then this instance knows the rules that others know already.</summary>
    private static readonly TimeSpan Behind = TimeSpan.FromSeconds(10);

    private readonly LifecycleRules _rules;
    private readonly LifecycleDocument _document;
    private readonly LifecycleChange _change;
    private readonly List<LifecycleNews> _news = [];
    private readonly HashSet<string> _left;
    private LeadLifecycle _state;

    private LifecycleReducer(LeadLifecycle before, LifecycleRules rules, LifecycleChange change, HashSet<string> left) =>
        (_state, _rules, _document, _change, _left) = (before, rules, rules.Document!, change, left); // not null: who calls has seen that there are rules

    /// <param name="left">Stages that rules took the lead out of with the same events: nothing leads into them again. Those that are left now are added.</param>
    /// <returns>The very state before when nothing changed.</returns>
    public static (LeadLifecycle After, IReadOnlyList<LifecycleNews> News) Apply(LeadLifecycle before, LifecycleRules rules, LifecycleChange change, HashSet<string> left, DateTimeOffset now)
    {
        if (rules.AreNone)
        {
            return (before, []);
        }

        var reducer = new LifecycleReducer(before, rules, change, left);
        if (before.Rules > rules.Revision || before.Scoring > change.Scoring.Revision)
        {
            // Another instance has judged it by rules that this one has yet to hear of. What somebody says is not left to it: it would not know who.
            _ = before.Now is not null && reducer.Follow(now);
            return before.Again ? (reducer._state, reducer._news) : (reducer._state with { Again = true }, [.. reducer._news, new LifecycleNews.Due(now + Behind)]);
        }

        reducer.Run(now);
        return (reducer._state, reducer._news);
    }

    private void Run(DateTimeOffset now)
    {
        var isPast = _state.Due <= now.ToUnixTimeMilliseconds();
        var isAnew = _state.Again || _state.Rules != _rules.Revision || _state.Scoring != _change.Scoring.Revision || _state.Stays.Count == 0;
        if (_change.Before is { } before && _state.Stays.Count > 0 && Moments.Earliest(isPast ? Time(_state.Due.GetValueOrDefault()) : null, SegmentsMove(DateTimeOffset.MinValue)) is { } first)
        {
            // What time alone did before the events at hand came, each at its own moment; but not what somebody had decided otherwise by then, though it was on its way.
            var until = _change.Events.Where(IsStage).Select(e => e.At.AddMilliseconds(-1)).Append(now).Min();
            Moments.CatchUp(first.ToUnixTimeMilliseconds(), until, MostMoments, moment => Moments.Earliest(Look(before(moment), moment, isEarlier: true), SegmentsMove(moment)));
        }

        var isMoved = Follow(now);
        if (!isPast && !isAnew && !isMoved && !MayConcern())
        {
            return;
        }

        if (isAnew)
        {
            _state = _state with { Rules = _rules.Revision, Scoring = _change.Scoring.Revision, Again = false };
        }

        Note(isPast ? null : _state.Due, Look(_change.After, now, isEarlier: false), now);
    }

    private DateTimeOffset? SegmentsMove(DateTimeOffset after) => _change.SegmentMoments.Cast<DateTimeOffset?>().FirstOrDefault(moment => moment > after);

    private bool MayConcern() => _change.MayConcern || _change.Events.Any(e => !e.IsOrder
        && (_rules.AskSeen || _rules.Counted.Contains(e.Name) || (_rules.AskScores && _change.Scoring.Counted.Contains(e.Name)) || e.Type is EventType.Merge or EventType.Unmerge));

    /// <summary>What people, journeys and merges did: the lead's stage is another than at the last look.</summary>
    private bool Follow(DateTimeOffset now)
    {
        var stage = StageIn(_change.After);
        if (_state.Now is null)
        {
            var first = _change.Events.Where(e => !e.IsOrder).Select(e => e.At).DefaultIfEmpty(now).Min();
            Begin(new Stay(stage, _change.After.SetAt(Stages.Path) ?? first.ToUnixTimeMilliseconds(), 1), _change.After, now);
            return true;
        }

        if (_state.Now.Stage == stage || (_change.Before is { } before && StageIn(before(now)) == stage && !_change.Events.Any(IsStage)))
        {
            return false;
        }

        var former = _state.Now.Stage;
        var cause = _change.Events.LastOrDefault(e => IsStage(e) && EventText.Of(e.Properties, "stage") == stage);
        foreach (var e in _change.Events.Where(e => IsStage(e) && EventText.Of(e.Properties, "cause") != "rule" && e.At < cause?.At && e.At.ToUnixTimeMilliseconds() > _state.Now.At).OrderBy(e => e.At).ToList())
        {
            // Several words that came together: each was a stay.
            if (EventText.Of(e.Properties, "stage") is { } said && said != _state.Now!.Stage && Stages.All.Contains(said)) // the first look makes a stay
            {
                Begin(StayOf(said, e, now), _change.After, now);
            }
        }

        Begin(StayOf(stage, cause, now), _change.After, now);

        // Who takes a lead out of a stage, or passes one over, knows better than its conditions: they count again when they have ceased to hold.
        // So of the stage that a lead was in whose person, known by another name, somebody had put elsewhere.
        var held = _rules.After(stage).Where(rule => (cause is not null || rule.Id == former) && Holds(rule.When!, _change.After, now)); // After gives those that have a condition
        _state = _state with { Held = NullIfEmpty([.. held.Select(rule => rule.Id)]) };
        return true;
    }

    /// <param name="cause">Null: another lead brought it along.</param>
    private Stay StayOf(string stage, LeadEvent? cause, DateTimeOffset now)
    {
        var at = Math.Max((cause?.At ?? now).ToUnixTimeMilliseconds(), _state.Now!.At); // who follows has one
        var journey = Text("journey");
        return new(
            stage, at, _state.Now.Number + 1, cause is null ? "merge" : journey is null ? "person" : "journey", Text("reason"), journey ?? Text("by"), Text("outcome"),
            cause is not null && cause.Properties.TryGetProperty("amount", out var amount) && amount.ValueKind == JsonValueKind.Number ? amount.GetDouble() : null, Text("currency"));

        string? Text(string name) => cause is null ? null : EventText.Of(cause.Properties, name);
    }

    /// <summary>Looks at the lead as of a moment; answers with when time alone may next matter.</summary>
    private DateTimeOffset? Look(ILeadFacts lead, DateTimeOffset at, bool isEarlier)
    {
        Release(new LeadInStage(lead, _state.Now!.Stage), at); // there is a stay: the first look makes one
        while (Move(new LeadInStage(lead, _state.Now!.Stage), at, isEarlier)) // as above
        {
        }

        var stay = _state.Now!;
        var facts = new LeadInStage(lead, stage: stay.Stage);
        DateTimeOffset? next = null;
        foreach (var rule in _rules.After(stay.Stage).Concat(Held.Where(held => !_rules.After(stay.Stage).Contains(held))))
        {
            next = Moments.Earliest(next, rule.When!.Compiled.NextChange(facts, at, next)); // as above
        }

        var own = _rules.Find(stay.Stage);
        next = Moments.Earliest(next, own?.DemoteWhen?.Compiled.NextChange(facts, at));
        return Moments.Earliest(next, Moments.Earliest(Remind(own, stay, at, isEarlier), Miss(stay, facts, at, isEarlier)));
    }

    /// <summary>Stages that are held, as the rules have them.</summary>
    private IEnumerable<StageRule> Held => (_state.Held ?? []).Select(_rules.Find).OfType<StageRule>().Where(rule => rule.When is not null);

    /// <summary>What was held counts again once its condition has ceased to hold, wherever the lead is then.</summary>
    private void Release(LeadInStage facts, DateTimeOffset at)
    {
        if (Held.Where(rule => !Holds(rule.When!, facts, at)).Select(rule => rule.Id).ToList() is [_, ..] released) // those have one
        {
            _state = _state with { Held = NullIfEmpty([.. _state.Held!.Except(released)]) }; // some were
        }
    }

    /// <summary>Whether the lead was moved, at most once out of each stage.</summary>
    private bool Move(LeadInStage facts, DateTimeOffset at, bool isEarlier)
    {
        var stage = facts.Stage;
        foreach (var rule in _rules.After(stage))
        {
            if (_state.Held?.Contains(rule.Id) != true && !_left.Contains(rule.Id) && Holds(rule.When!, facts, at)) // After gives those that have a condition
            {
                MoveTo(rule.Id, Why(rule.When!, facts, at), facts, at, isEarlier);
                return true;
            }
        }

        if (_rules.Find(stage) is { DemoteWhen: { } demote, DemoteTo: { } to } && !_left.Contains(to) && Holds(demote, facts, at))
        {
            MoveTo(to, Why(demote, facts, at), facts, at, isEarlier);
            return true;
        }

        return stage == Stages.Recycled && _document.Reopen is { } reopen && Reopen(reopen, facts, at, isEarlier);
    }

    private bool Reopen(ReopenRule rule, LeadInStage facts, DateTimeOffset at, bool isEarlier)
    {
        var engagement = Engagement(facts);
        var low = Math.Min(Math.Min(_state.Low ?? engagement, engagement), _change.Before is { } before && _state.Now!.Number == _change.Stay ? Engagement(before(at)) : engagement); // it is in a stage
        if (!isEarlier && engagement >= ShownScore.Of(low + rule.Rise) && !_left.Contains(rule.To))
        {
            var recycled = _state.Now!; // as above
            _state = _state with { Reopened = _state.Reopened + 1 };
            _news.Add(new LifecycleNews.Reopened(_state.Reopened, low, engagement, recycled, at.ToUnixTimeMilliseconds()));
            MoveTo(rule.To, FormattableString.Invariant($"Reopened: engagement rose from {low:0.##} to {engagement:0.##}."), facts, at, isEarlier);
            return true;
        }

        if (low != _state.Low)
        {
            _state = _state with { Low = low };
        }

        return false;
    }

    private void MoveTo(string stage, string reason, LeadInStage facts, DateTimeOffset at, bool isEarlier)
    {
        _left.Add(facts.Stage);
        var stay = new Stay(stage, Math.Max(at.ToUnixTimeMilliseconds(), _state.Now!.At), _state.Now.Number + 1, "rule", reason); // as above
        _news.Add(new LifecycleNews.Moved(facts.Stage, stay, isEarlier));
        Begin(stay, facts, at);
    }

    private void Begin(Stay stay, ILeadFacts lead, DateTimeOffset at)
    {
        _state = _state with
        {
            Stays = [.. _state.Stays.TakeLast(LeadLifecycle.StaysKept - 1), stay],
            IsOverdue = false,
            IsNeglected = false,
            Low = stay.Stage == Stages.Recycled ? Engagement(lead) : null,
        };
        if (stay.Stage == _document.AssignAt && string.IsNullOrEmpty(lead.Trait(Stages.OwnerPath).Text))
        {
            _news.Add(new LifecycleNews.OwnerWanted(stay, OwnersFor(_document, new LeadInStage(lead, stay.Stage), at)));
        }
    }

    /// <summary>Those whose conditions hold, in the document's order.</summary>
    public static IReadOnlyList<string> OwnersFor(LifecycleDocument document, ILeadFacts lead, DateTimeOffset at) =>
        [.. document.Owners.Where(owner => owner.When is null || Holds(owner.When, lead, at)).Select(owner => owner.Id)];

    private DateTimeOffset? Remind(StageRule? rule, Stay stay, DateTimeOffset at, bool isEarlier)
    {
        if (rule?.Sla is not { } sla || _state.IsOverdue)
        {
            return null;
        }

        var due = Time(stay.At) + sla.Length;
        if (due > at)
        {
            return due;
        }

        _state = _state with { IsOverdue = true };
        _news.Add(new LifecycleNews.SlaMissed(stay, sla.Text, due.ToUnixTimeMilliseconds(), isEarlier));
        return null;
    }

    private DateTimeOffset? Miss(Stay stay, LeadInStage facts, DateTimeOffset at, bool isEarlier)
    {
        if (_document.Neglect is not { } neglect || !neglect.Stages.Contains(stay.Stage))
        {
            _state = _state.IsNeglected ? _state with { IsNeglected = false } : _state;
            return null;
        }

        var begins = Time(stay.At) + neglect.After.Length;
        var isNeglected = at >= begins && Holds(neglect.When, facts, at);
        if (isNeglected && !_state.IsNeglected)
        {
            _news.Add(new LifecycleNews.Neglected(stay, neglect.After.Text, at.ToUnixTimeMilliseconds(), isEarlier));
        }

        _state = _state.IsNeglected == isNeglected ? _state : _state with { IsNeglected = isNeglected };
        return Moments.Earliest(begins > at ? begins : null, neglect.When.Compiled.NextChange(facts, at));
    }

    /// <param name="stands">What is noted and has not passed.</param>
    private void Note(long? stands, DateTimeOffset? next, DateTimeOffset now)
    {
        if (Moments.IsNews(next, stands, now, out var at))
        {
            stands = at.ToUnixTimeMilliseconds();
            _news.Add(new LifecycleNews.Due(at));
        }

        _state = stands == _state.Due ? _state : _state with { Due = stands };
    }

    private static bool Holds(StageCondition condition, ILeadFacts facts, DateTimeOffset at) => condition.Compiled.Holds(null, facts, at);

    private static string Why(StageCondition condition, ILeadFacts facts, DateTimeOffset at) => ConditionWords.Of(ConditionExplanation.Of(condition.Json, ConditionScope.Lifecycle, facts, at));

    private static bool IsStage(LeadEvent e) => e.Type == EventType.Stage;

    private static string StageIn(ILeadFacts lead) => lead.Trait(Stages.Path).Text ?? Stages.Lead;

    private static double Engagement(ILeadFacts lead) => lead.Trait(ProfileFacts.Engagement).Number ?? 0;

    private static DateTimeOffset Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
    private static IReadOnlyList<string>? NullIfEmpty(IReadOnlyList<string> held) => held.Count == 0 ? null : held;
}
