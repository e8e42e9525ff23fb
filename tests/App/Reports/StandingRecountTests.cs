using LeadFunctions.Events;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle;
using LeadFunctions.Messaging;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Reports.Metrics;
using LeadFunctions.Reports.Stored;
using LeadFunctions.Scoring;
using LeadFunctions.Segments;
using LeadFunctions.Tests.Leads;
using LeadFunctions.Tests.Scoring;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace LeadFunctions.Tests.Reports;

/// <summary>How new leads stood at their month's end, of random lives that go on while months end and models change, and counted again by hand.</summary>
public sealed class StandingRecountTests
{
    private const int Lives = 36;

    /// <summary>Each with other points, another cap, and another opinion of the home market.</summary>
    private static readonly (DateTimeOffset Since, ScoringModel Model, double Points, double HalfLife, double Cap, string AtHome)[] Models =
    [
        (DateTimeOffset.MinValue, Model(1, 6, 14, 60, 30), 6, 14, 60, "D"),
        (PlainLife.Start.AddDays(41), Model(2, 11, 30, 45, 50), 11, 30, 45, "C"),
        (PlainLife.Start.AddDays(77), Model(3, 8, 10, 90, 70), 8, 10, 90, "B"),
    ];

    [Theory]
    [InlineData(1127)]
    [InlineData(2)]
    public async Task How_they_stood_is_what_somebody_counts_by_hand_who_knew_no_more_than_was_known_then(int seed)
    {
        var clock = new FakeTimeProvider(PlainLife.Start);
        var pipeline = await BarePipeline.StartAsync(clock, RulesOf(0));
        var storage = StorageClients.From(new ConfigurationManager { ["AzureWebJobsStorage"] = pipeline.Account });
        await storage.Table(FactStore.Name).CreateIfNotExistsAsync();
        var store = new FactStore(new LeadsTable(storage), storage, TimeSpan.FromMinutes(-1), fewRows: 1);
        var reader = new FactReader(store);

        var random = new Random(seed);
        var lives = Enumerable.Range(0, Lives).Select(number => new PlainLife(number, random)).ToList();
        var moves = lives.SelectMany(life => life.Moves.Select(move => (Life: life, Move: move))).OrderBy(one => one.Move.Arrives).ToList();
        var (model, looked) = (0, new HashSet<string>());
        foreach (var (life, move) in moves)
        {
            while (model + 1 < Models.Length && Models[model + 1].Since <= move.Arrives)
            {
                pipeline.Rules = RulesOf(++model);
            }

            // Whoever looks between two things that happen sees what was known by then.
            if (random.Next(25) == 0)
            {
                clock.AdjustTime(move.Arrives);
                await CompareAsync(move.Arrives);
            }

            clock.AdjustTime(move.Arrives);
            if (move.What == "erased")
            {
                await pipeline.BuryAsync(life.Id(move.ByOther));
                await store.RenameAsync(new Dictionary<string, string> { [life.Id(false)] = Identity.User($"nobody {life.Id(false)}").Hash(), [life.Id(true)] = Identity.User($"nobody {life.Id(true)}").Hash() }, CancellationToken.None);
                reader = new FactReader(store);
            }
            else
            {
                await pipeline.ApplyAsync(life.EventOf(move));
            }
        }

        clock.AdjustTime(moves[^1].Move.Arrives.AddDays(1));
        await CompareAsync(clock.GetUtcNow());
        Assert.Superset((HashSet<string>)["2026-02", "2026-03", "2026-04"], looked);

        async Task CompareAsync(DateTimeOffset now)
        {
            // What a listing holds of everybody; the clock of storage, by which listings follow what is new, does not go with ours.
            var (states, models) = ((await pipeline.LiveAsync()).Where(state => !state.IsErased).ToDictionary(state => state.Id), pipeline.Rules.Scoring);
            var sources = ReportSources.None with
            {
                StandingAt = (id, at) => states.TryGetValue(id, out var state) && DateTimeOffset.FromUnixTimeMilliseconds(at) is var moment
                    ? new Standing(Engagement.Value(state.Whole.Ledger, models.WithLive(models.LiveAt(moment)), state.Whole, moment), state.Grade, state.ListingVersion) : null,
            };
            var people = lives.SelectMany(life => life.People(now)).ToList();
            foreach (var (from, to) in ((string, string)[])[("2026-02-01", "2026-02-28"), ("2026-03-01", "2026-03-31"), ("2026-04-01", "2026-04-30"), ("2026-05-01", "2026-05-31")])
            {
                var zone = Facts.Ljubljana;
                var (begin, end) = (At(from, 0), At(to, 1));
                foreach (var isToday in (bool[])[false, true])
                {
                    var expected = people.Where(person => person.NewAt >= begin && person.NewAt < end).Select(person => isToday || end > now ? person.StandsAt(now, isNow: true, Standing) : person.StandsAt(end.AddMilliseconds(-1), isNow: false, Standing)).ToList();
                    var query = Facts.Query("score-profile", from, to, ["band", "grade"]) with { Options = new Dictionary<string, string> { ["model"] = isToday ? ScoreProfile.Today : ScoreProfile.Then } };
                    var (report, listed) = await reader.ReadAsync(book => (Report.Of(query, book.People(), zone, now, sources), Report.PeopleOf(query, book.People(), zone, now, onlyPart: false, sources)), CancellationToken.None);
                    Assert.Equal(
                        $"{from} at {now:u} {(isToday ? "today" : "then")}: " + string.Join(", ", expected.OfType<(double, string)>().GroupBy(one => (PlainLife.Band(one.Item1), one.Item2)).Select(group => $"{group.Key} {group.Count()}").Order()),
                        $"{from} at {now:u} {(isToday ? "today" : "then")}: " + string.Join(", ", report.Rows.Where(row => row.Part > 0).Select(row => $"{(row.By[0], row.By[1])} {row.Part}").Order()));
                    Assert.Equal((expected.Count(one => one is not null), expected.Count(one => one is null), expected.Count(one => one is not null)), (report.Total.Part, Facts.Apart(report.Total), listed.Count));
                    if (!isToday && end <= now && expected.Count(one => one is not null) > 5)
                    {
                        looked.Add(from[..7]);
                    }
                }
            }
        }

        static DateTimeOffset At(string day, int days) => Facts.Ljubljana.AtStartOfDay(Facts.Day(day).PlusDays(days)).ToDateTimeOffset();
    }

    /// <summary>Of visits (when they were, and when somebody heard of them) and of whether they are of the home market, judged last at some moment.</summary>
    private static (double Points, string Grade) Standing(IEnumerable<(DateTimeOffset At, DateTimeOffset Heard)> visits, bool isAtHome, DateTimeOffset judged, DateTimeOffset at)
    {
        var points = visits.Where(visit => visit.At <= at).Sum(visit => LiveAt(visit.Heard) is var then ? then.Points * Math.Pow(2, -(at - visit.At).TotalDays / then.HalfLife) : 0);
        return (Math.Min(points, LiveAt(at).Cap), isAtHome ? LiveAt(judged).AtHome : "F");
    }

    private static (DateTimeOffset Since, ScoringModel Model, double Points, double HalfLife, double Cap, string AtHome) LiveAt(DateTimeOffset at) => Models.Last(model => model.Since <= at);

    private static LeadRules RulesOf(int model) =>
        new(Models[..(model + 1)].Aggregate(ScoringModels.None, (known, one) => known.WithLive(one.Model)).WithPast([.. Models[..(model + 1)].Select(one => (one.Since, one.Model))]), new JourneyRules([], [], new Dictionary<string, JourneyState>(), Facts.Ljubljana), SegmentRules.None, LifecycleRules.BuiltIn) { Messages = MessagingRules.BuiltIn };

    private static ScoringModel Model(int version, int points, int halfLife, int cap, int home) => Shop.Compile(
        $$"""
        { "name": "m", "engagement": { "cap": {{cap}}, "rules": [ { "id": "visit", "when": { "event": "Visited" }, "points": {{points}}, "halfLife": "{{halfLife}}d" } ] },
          "fit": { "rules": [ { "id": "home", "when": { "trait": "country", "equals": "SI" }, "points": {{home}} } ] } }
        """, "m", version);
}
