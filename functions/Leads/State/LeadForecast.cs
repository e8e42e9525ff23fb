using LeadFunctions.Conditions;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Lifecycle;
using LeadFunctions.Segments;

namespace LeadFunctions.Leads.State;

/// <summary>
/// How a lead goes on if nothing happens to it but time passing, by the very code that will decide it: what a condition alone would say of the future is wrong where it asks for segments or stages that
/// time changes too. Journeys are left out of account: what they do is no matter of time alone. Pure.
/// </summary>
internal sealed class LeadForecast
{
    /// <summary>Looks at the lead that are foreseen: what comes after them counts as if its segments and stage stayed.</summary>
    private const int MostLooks = 200;

    /// <summary>Moments at which a condition may change that are tried.</summary>
    private const int MostMoments = 1_000;

    private static readonly IReadOnlyList<string> Decided = [.. SegmentEvents.Names, .. StageEvents.Names, "stage"];

    private readonly LeadRules _rules;
    private readonly DateTimeOffset _now;
    private readonly List<(DateTimeOffset At, LeadState State)> _course = [];

    public LeadForecast(LeadState lead, LeadRules rules, DateTimeOffset now)
    {
        (_rules, _now) = (rules with { Journeys = JourneyRules.None, Heard = null }, now);
        _course.Add((now, Look(lead, now)));
        Now = LeadProfile.Of(_course[0].State, _rules, now);
    }

    /// <summary>The lead as it is now, after what time has done since somebody looked last.</summary>
    public ILeadFacts Now { get; }

    /// <summary>The moment, to the millisecond, at which time alone makes a condition's answer another one. Null: it never does, or not in as many moments as are looked at.</summary>
    public DateTimeOffset? ChangesAt(Condition condition)
    {
        var (holds, at) = (condition.Holds(null, Now, _now), _now);
        var isDecided = condition.Traits.Any(path => path == ProfileFacts.Stage || path.StartsWith(ProfileFacts.Segment, StringComparison.Ordinal)) || condition.History.Any(Decided.Contains);
        for (var moments = 0; moments < MostMoments; moments++)
        {
            if (Moments.Earliest(condition.NextChange(At(at), at), isDecided ? NextLook(at) : null) is not { Year: < 9999 } next)
            {
                return null;
            }

            at = Moments.UpToMillisecond(next);
            if (condition.Holds(null, At(at), at) != holds)
            {
                return at;
            }
        }

        return null;
    }

    private ILeadFacts At(DateTimeOffset at)
    {
        if (at == _now)
        {
            return Now;
        }

        while (_course[^1].At < at && LookAgain())
        {
        }

        return LeadProfile.Of(_course.FindLast(look => look.At <= at).State, _rules, at);
    }

    private DateTimeOffset? NextLook(DateTimeOffset after)
    {
        while (_course[^1].At <= after && LookAgain())
        {
        }

        return _course.Find(look => look.At > after) is { State: not null } next ? next.At : null;
    }

    /// <summary>False when time has nothing more to do, or that is not looked at any more.</summary>
    private bool LookAgain()
    {
        var (at, lead) = _course[^1];
        var dues = ((IEnumerable<long?>)[lead.Segments?.Due, lead.Lifecycle?.Due]).Where(due => due > at.ToUnixTimeMilliseconds());
        if (_course.Count > MostLooks || dues.Min() is not { } due)
        {
            return false;
        }

        var next = DateTimeOffset.FromUnixTimeMilliseconds(due);
        _course.Add((next, Look(lead, next)));
        return true;
    }

    private LeadState Look(LeadState lead, DateTimeOffset at)
    {
        var tick = new LeadEvent { Id = $"forecast/{lead.Id}/{at.UtcTicks}", Type = EventType.Journey, Name = RunOrder.Tick, At = at, LeadId = lead.Id };
        return Reducer.Apply(lead, [new Arrival(tick, at, [])], _rules, at).State;
    }
}
