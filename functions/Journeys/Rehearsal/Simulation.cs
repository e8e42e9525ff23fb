using System.Globalization;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Leads.State;
using LeadFunctions.Messaging;
using LeadFunctions.Messaging.Sending;
using LeadFunctions.Scoring;
using LeadFunctions.Segments;
using NodaTime;

namespace LeadFunctions.Journeys.Rehearsal;

/// <summary>A lead to send through a simulated journey.</summary>
/// <param name="State">As it was when the simulation begins.</param>
/// <param name="Called">How a recorded person is called; null for a scripted one, and for whoever has no name.</param>
internal sealed record SimulatedPerson(string Name, LeadState State, IReadOnlyList<(LeadEvent Event, DateTimeOffset At)> Events, string? Called = null);

/// <summary>What decides about a rehearsed message beside the journey: the workspace's rules, and what topic a template brings to a step that names none.</summary>
internal sealed record RehearsedSending(MessagingRules Rules, Func<string, string?, string?> TopicOf);

/// <summary>Sends leads through a journey on a clock of its own, without effects, as far as its budget goes.</summary>
internal sealed class Simulation(
    Journey journey, DateTimeOffset from, DateTimeOffset to, ScoringModels scoring, DateTimeZone zone, SimulationBudget budget, SegmentRules? segments = null, RehearsedSending? sending = null, Holdout? holdout = null)
{
    /// <summary>Runs shown with their whole path; of the others only the sums.</summary>
    public const int PathsShown = 200;

    private readonly LeadRules _rules = new(scoring, new JourneyRules([journey], [], new Dictionary<string, JourneyState>(), zone) { Holdout = holdout }, segments ?? SegmentRules.None) { Messages = sending?.Rules ?? MessagingRules.Open };
    private readonly Tally _tally = new(journey);
    private SimulationCut? _cut;

    public static SimulationAnswer Run(
        Journey journey, IEnumerable<SimulatedPerson> people, DateTimeOffset from, DateTimeOffset to, ScoringModels scoring, DateTimeZone zone, SimulationBudget budget, SegmentRules? segments = null,
        RehearsedSending? sending = null, Holdout? holdout = null)
    {
        var simulation = new Simulation(journey, from, to, scoring, zone, budget, segments, sending, holdout);
        _ = people.All(simulation.TryAdd);
        return simulation.Answer();
    }

    /// <summary>False when the budget is spent: this lead was the last, and is shown as far as it came.</summary>
    public bool TryAdd(SimulatedPerson person)
    {
        var lead = new SimulatedLead(person.State, _rules, budget, sending?.TopicOf);
        foreach (var (e, at) in person.Events)
        {
            lead.Script(e, at < from ? from : at);
        }

        // A look at the start notes the dates that come up.
        lead.Script(RunFunctions.Tick(person.State.Id, "start", from), from);
        lead.RunUntil(to);
        _tally.Add(person, lead);
        _cut = budget.Reason is { } reason ? new(reason, person.Name, lead.Now > from ? lead.Now : from) : null;
        return _cut is null;
    }

    public SimulationAnswer Answer() => _tally.Answer(from, to, _cut ?? (budget.Reason is { } reason ? new(reason) : null));

    private sealed class Tally(Journey journey)
    {
        private readonly SortedDictionary<string, SortedDictionary<string, int>> _sends = new(StringComparer.Ordinal);
        private readonly Dictionary<string, Dictionary<string, int>> _paths = [];
        private readonly Dictionary<string, int> _reached = [];
        private readonly Dictionary<string, int> _ended = [];
        private readonly List<SimulatedRun> _runs = [];
        private readonly Dictionary<string, int> _notStarted = [];
        private readonly SortedDictionary<string, int> _unasked = new(StringComparer.Ordinal);
        private int _leads;
        private int _entered;

        public void Add(SimulatedPerson person, SimulatedLead lead)
        {
            _leads++;
            lead.NotStarted.ForEach(reason => Count(_notStarted, reason));
            foreach (var message in lead.Messages)
            {
                var day = message.SentAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
                var sends = _sends.TryGetValue(day, out var known) ? known : _sends[day] = new(StringComparer.Ordinal);
                Count(sends, message.Template ?? message.Channel);
                if (message is { Topic: null, Channel: not OutgoingMessage.Sales })
                {
                    Count(_unasked, message.Step);
                }
            }

            foreach (var run in lead.Runs.OrderBy(run => run.EnteredAt))
            {
                _entered += run.Status == RunStatus.HeldOut ? 0 : 1;
                Count(_ended, run.Status.Name());
                foreach (var step in run.Log.Select(line => line.Step).OfType<string>().Distinct())
                {
                    Count(_reached, step);
                }

                foreach (var line in run.Log.Where(line => line is { What: "path", Step: not null, Detail: not null }))
                {
                    Count(_paths.TryGetValue(line.Step!, out var paths) ? paths : _paths[line.Step!] = [], line.Detail!);
                }

                if (_runs.Count < PathsShown)
                {
                    _runs.Add(new(person.Name, run.Id, run.EnteredAt, run.Status, run.Step, run.EndedAt, run.EndReason, run.Log, person.Called));
                }
            }
        }

        public SimulationAnswer Answer(DateTimeOffset from, DateTimeOffset to, SimulationCut? cut) => new(
            from, to, _leads, _entered, _ended, _sends.Sum(day => day.Value.Values.Sum()), _sends,
            _paths.ToDictionary(step => step.Key, step => (IReadOnlyDictionary<string, PathShare>)step.Value.ToDictionary(path => path.Key, path => new PathShare(path.Value, Math.Round((double)path.Value / step.Value.Values.Sum(), 4)))),
            _reached, [.. journey.Steps.Select(step => step.Id).Where(id => !_reached.ContainsKey(id))], _runs, cut,
            _notStarted.Count > 0 ? _notStarted : null, _unasked.Count > 0 ? _unasked : null);

        private static void Count(IDictionary<string, int> counts, string name) => counts[name] = (counts.TryGetValue(name, out var count) ? count : 0) + 1;
    }
}

/// <param name="Entered">Runs in all, without those who are held out.</param>
/// <param name="Ended">Runs by how they stand at the end; active ones are still inside, and who is held out never was.</param>
/// <param name="SendsPerDay">By UTC day and template.</param>
/// <param name="Paths">For each step that chooses, how many went which way.</param>
/// <param name="Reached">Runs that came to the step.</param>
/// <param name="Runs">The first runs, line by line.</param>
/// <param name="Partial">Not all was rehearsed, and why; absent when all was.</param>
/// <param name="NotStarted">Runs that did not begin because the journey starts itself without end, by the reason.</param>
/// <param name="Unasked">Messages that would go out without anybody having been asked for consent, by step; absent when there are none.</param>
internal sealed record SimulationAnswer(
    DateTimeOffset From, DateTimeOffset To, int Leads, int Entered, IReadOnlyDictionary<string, int> Ended, int Sends,
    IReadOnlyDictionary<string, SortedDictionary<string, int>> SendsPerDay, IReadOnlyDictionary<string, IReadOnlyDictionary<string, PathShare>> Paths,
    IReadOnlyDictionary<string, int> Reached, IReadOnlyList<string> NeverReached, IReadOnlyList<SimulatedRun> Runs, SimulationCut? Partial = null,
    IReadOnlyDictionary<string, int>? NotStarted = null, IReadOnlyDictionary<string, int>? Unasked = null);

/// <param name="Lead">The last one, which is among the counts as far as it came; the leads after it are not.</param>
/// <param name="Until">How far that lead came.</param>
internal sealed record SimulationCut(string Reason, string? Lead = null, DateTimeOffset? Until = null);

internal sealed record PathShare(int Runs, double Share);

/// <param name="Lead">The lead's id, or what the script calls it.</param>
/// <param name="Name">Of a recorded lead, where it has one.</param>
internal sealed record SimulatedRun(
    string Lead, string Run, DateTimeOffset EnteredAt, RunStatus Status, string? Step, DateTimeOffset? EndedAt, string? EndReason, IReadOnlyList<RunRecord> Log, string? Name = null);
