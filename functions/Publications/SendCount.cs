using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rehearsal;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Publications;

/// <summary>Counts what a journey sends in its first day to those whom it lets in: each is rehearsed, as long as the budget lasts.</summary>
/// <param name="rules">As they would be.</param>
internal sealed class SendCount(Journey journey, LeadRules rules, Func<string, string?, string?> topicOf, SimulationBudget budget, DateTimeOffset now)
{
    public static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Of this journey alone: what others send is no effect of it.</summary>
    private readonly LeadRules _rules = rules with { Journeys = new JourneyRules([journey], [], new Dictionary<string, JourneyState>(), rules.Journeys.Zone) { Holdout = rules.Journeys.Holdout }, Heard = null };

    private readonly SortedDictionary<string, int> _sends = new(StringComparer.Ordinal);

    public void Add(LeadState lead)
    {
        if (budget.Reason is not null)
        {
            return;
        }

        var own = lead.Copy();
        own.Outbox.Clear();
        var simulated = new SimulatedLead(own, _rules, budget, topicOf);
        simulated.Script(RunFunctions.Tick(own.Id, "start", now), now);
        simulated.RunUntil(now + Day);
        foreach (var message in simulated.Messages)
        {
            var name = message.Template ?? message.Channel;
            _sends[name] = _sends.GetValueOrDefault(name) + 1;
        }
    }

    public ComingSends Answer() => new(_sends.Values.Sum(), _sends, budget.Reason is not null);
}
