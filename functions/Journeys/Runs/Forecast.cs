using LeadFunctions.Journeys.Delivery;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Leads.State;
using LeadFunctions.Messaging;
using LeadFunctions.Messaging.Sending;

namespace LeadFunctions.Journeys.Runs;

/// <summary>What would happen at once if a paused journey were resumed: each run is decided on as it would be, until it waits.</summary>
internal sealed class Forecast(LeadRules rules, DateTimeOffset now)
{
    private const int ActLimit = 100;

    private readonly Dictionary<string, int> _sends = [];
    private readonly Dictionary<string, int> _ends = [];
    private int _runs;
    private int _waiting;
    private int _tooLate;

    public void Add(RunState run, LeadState? lead)
    {
        _runs++;
        if (rules.Journeys.Find(run.Journey, run.Version) is not { } journey)
        {
            return;
        }

        var (facts, lines) = (RunWorld.Facts(rules, journey, run, lead, now) with { IsPaused = false }, run.Log.Count);
        for (var acts = 0; acts < ActLimit; acts++)
        {
            (run, var next) = JourneyPlan.Decide(journey, run, facts, now);
            if (next is not Next.Act act)
            {
                break;
            }

            var step = journey.Find(act.Pending.Step)!; // it was just decided
            var result = step is Step.Send send ? Rehearse(run, act.Pending, send, facts, lead) : Acts.ResultOf(step);
            if (step is Step.NotifySales || result.What == "sent")
            {
                Count(_sends, (step as Step.Send)?.Template ?? OutgoingMessage.Sales);
            }

            run = JourneyPlan.Acted(journey, run, result, now);
        }

        _tooLate += run.Log.Skip(lines).Count(line => line.What == "skipped");
        if (run.Status == RunStatus.Active)
        {
            _waiting++;
        }
        else
        {
            Count(_ends, run.Status.Name());
        }
    }

    public ResumeForecast Answer() => new(_runs, _waiting, _sends.Values.Sum(), _sends, _tooLate, _ends);

    private ActResult Rehearse(RunState run, PendingAct act, Step.Send send, RunFacts facts, LeadState? lead) => Acts.ResultOf(
        send, Arbiter.Decide(Acts.RequestOf(run, act, send).OrderBy(""), lead?.Messages ?? LeadMessages.None, facts.Lead, rules.Messages, rules.Journeys.Zone, now) switch
        {
            Verdict.Hold hold => new SendResult.Held(hold.Until, hold.Reason),
            Verdict.Skip skip => new SendResult.Skipped(skip.Reason),
            _ => new SendResult.Sent(),
        });

    private static void Count(Dictionary<string, int> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;
}

/// <summary>What would happen at once if the journey were resumed now.</summary>
/// <param name="Sends">Messages, by template.</param>
/// <param name="TooLate">Steps that would be left out for being late.</param>
/// <param name="Ends">Runs that would end, by how.</param>
internal sealed record ResumeForecast(int Runs, int Waiting, int Messages, IReadOnlyDictionary<string, int> Sends, int TooLate, IReadOnlyDictionary<string, int> Ends);
