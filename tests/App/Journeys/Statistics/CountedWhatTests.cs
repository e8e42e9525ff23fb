using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Statistics;
using LeadFunctions.Messaging;
using static LeadFunctions.Tests.Journeys.Rehearsal;

namespace LeadFunctions.Tests.Journeys.Statistics;

/// <summary>Each number of the statistics is that of the people who are listed behind it.</summary>
public sealed class CountedWhatTests
{
    private const string Document = """
        {"name":"x","trigger":{"event":"Start"},"goal":{"event":"Buy"},"steps":[
          {"id":"w","type":"wait","for":"1d"},
          {"id":"f","type":"waitFor","when":{"event":"Click"},"timeout":"3d","then":[{"id":"a","type":"addPoints","points":1}],"else":[{"id":"b","type":"exit"}]},
          {"id":"r","type":"repeat","max":2,"steps":[{"id":"in","type":"wait","for":"1h"}]},
          {"id":"l","type":"send","template":"t","topic":"news"},
          {"id":"s","type":"send","template":"t"},
          {"id":"e","type":"wait","for":"9d"}]}
        """;

    [Fact]
    public void Whoever_walks_by_the_plan_is_listed_as_often_as_counted()
    {
        List<RunState> runs = [];
        foreach (var (lead, until) in new (Func<Rehearsal, Rehearsal>, double)[]
        {
            (lead => lead, 0.5), (lead => lead, 9), (lead => lead.Track("Click", Days(2)), 4), (lead => lead.Track("Click", Days(2)).Track("Buy", Days(5)), 9), (lead => lead.Track("Buy", Days(2)), 9), (lead => lead.Track("Click", Days(2)), 40),
        })
        {
            runs.AddRange(lead(new Rehearsal(MessagingRules.BuiltIn, Parse(Document)).Identify(new { email = "a@b.c" }).Track("Start", TimeSpan.Zero)).Run(Days(until)).Runs);
        }

        var asked = Agree(runs);

        Assert.Superset(
            new HashSet<string> { "left f goal", "left b exit", "skipped l consent", "way f then to goal", "way f else", "ended completed", "waited in", "inside e", "through r since" },
            asked.Where(one => one.Value > 0).Select(one => one.Key).ToHashSet());
    }

    [Fact]
    public void So_is_whoever_is_moved_about_at_random()
    {
        var random = new Random(7);
        var last = new Dictionary<int, RunState>();
        for (var i = 0; i < 2000; i++)
        {
            var number = random.Next(60);
            last[number] = last.TryGetValue(number, out var before) ? RunCountsTests.Moved(before, random) : RunCountsTests.New(number, random);
        }

        Assert.True(Agree([.. last.Values])["heldOut"] > 0);
    }

    [Fact]
    public void What_came_after_the_number_was_read_is_not_listed_behind_it()
    {
        var run = Assert.Single(new Rehearsal(MessagingRules.BuiltIn, Parse(Document)).Identify(new { email = "a@b.c" }).Track("Start", TimeSpan.Zero).Track("Click", Days(2)).Run(Days(9)).Runs);

        Assert.Single(CountedWhat.Through("in").Of(run, run.Log.First(line => line is { Step: "in", What: "done" or "passed" }).At));
        Assert.Equal(2, CountedWhat.Through("in").Of(run, DateTimeOffset.MaxValue).Count);
    }

    /// <summary>Asks for everything that the statistics tell of these runs; what was asked, and how many there are.</summary>
    private static Dictionary<string, long> Agree(IReadOnlyList<RunState> runs)
    {
        var sums = new Dictionary<string, Counters>();
        foreach (var (part, counted) in runs.SelectMany(RunCounts.Of))
        {
            sums[part] = WaitTimes.Bounded(sums.GetValueOrDefault(part, new Counters()).Add(counted));
        }

        var (all, asked) = (JourneyStats.Of(sums), new Dictionary<string, long>());
        foreach (var (version, stats) in all.Versions!.Select(one => ((int?)int.Parse(one.Key, System.Globalization.CultureInfo.InvariantCulture), one.Value)).Append((null, all))) // of these there are some
        {
            Ask("entered", stats.Entered, CountedWhat.Entered);
            Ask("inside", stats.Active, CountedWhat.Inside(null));
            Ask("heldOut", stats.HeldOut, CountedWhat.HeldOut);
            Ask("sent", stats.Sent, CountedWhat.Sent);
            Ask("ended", stats.Left.Values.Sum(), CountedWhat.Ended([]));
            foreach (var (status, count) in stats.Left)
            {
                Ask($"ended {status}", count, CountedWhat.Ended([status]));
            }

            Ask("left anywhere exit", stats.Steps.Values.Sum(step => step.Left.GetValueOrDefault("exit")), CountedWhat.Left(null, ["exit"]));
            Ask("skipped anywhere", stats.Steps.Values.Sum(step => step.Skipped.Values.Sum()), CountedWhat.Skipped(null, null));
            foreach (var (step, one) in stats.Steps)
            {
                Ask($"inside {step}", one.Here, CountedWhat.Inside(step));
                Ask($"through {step}", one.Through, CountedWhat.Through(step));
                Ask($"left {step}", one.Left.Values.Sum(), CountedWhat.Left(step, []));
                Ask($"skipped {step}", one.Skipped.Values.Sum(), CountedWhat.Skipped(step, null));
                Ask($"waited {step}", one.Waited?.Count ?? 0, CountedWhat.Waited(step));
                foreach (var (how, count) in one.Left)
                {
                    Ask($"left {step} {how}", count, CountedWhat.Left(step, [how]));
                }

                foreach (var (why, count) in one.Skipped)
                {
                    Ask($"skipped {step} {why}", count, CountedWhat.Skipped(step, why));
                }
            }

            foreach (var (step, way, counts) in stats.Paths.SelectMany(step => step.Value.Select(way => (step.Key, way.Key, way.Value))))
            {
                Ask($"way {step} {way}", counts.Runs, CountedWhat.Way(step, way, toGoal: false));
                Ask($"way {step} {way} to goal", counts.Goals, CountedWhat.Way(step, way, toGoal: true));
            }

            void Ask(string name, long count, CountedWhat what) => Said(name, count, what, version);
        }

        var from = DayCounts.Day(Start.AddDays(2));
        var recent = DayCounts.Since(from, DayCounts.In(sums));
        Said("entered since", recent.Entered, CountedWhat.EnteredSince(from), null);
        Said("sent since", recent.Sent, CountedWhat.SentSince(from), null);
        foreach (var (step, one) in recent.Steps)
        {
            Said($"through {step} since", one.Through, CountedWhat.ThroughSince(from, step), null);
            foreach (var (how, count) in one.Left)
            {
                Said($"left {step} {how} since", count, CountedWhat.LeftSince(from, step, [how]), null);
            }
        }

        return asked;

        void Said(string name, long count, CountedWhat what, int? version)
        {
            asked[name] = count;
            Assert.True(
                count == what.In(sums, version) && count == runs.Where(run => version is null || run.Version == version).Sum(run => what.Of(run, DateTimeOffset.MaxValue).Count),
                $"{name} of version {version}: {count}, as a sum {what.In(sums, version)}, listed {runs.Where(run => version is null || run.Version == version).Sum(run => what.Of(run, DateTimeOffset.MaxValue).Count)}");
        }
    }
}
