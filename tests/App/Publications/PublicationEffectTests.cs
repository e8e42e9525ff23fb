using System.Text.Json;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.State;
using LeadFunctions.Publications;
using LeadFunctions.Scoring;
using LeadFunctions.Segments;
using LeadFunctions.Segments.Fill;
using LeadFunctions.Tests.Journeys;
using LeadFunctions.Tests.Lifecycle;
using LeadFunctions.Tests.Scoring;
using LeadFunctions.Tests.Segments;
using NodaTime;

namespace LeadFunctions.Tests.Publications;

/// <summary>What is said before a publication against what then happens, lead by lead.</summary>
public sealed class PublicationEffectTests
{
    private const string Stages = """
        {"stages":[{"id":"lead"},{"id":"mql","when":{"engagement":{"gte":MQL}},"demote":{"to":"lead","when":{"engagement":{"lt":DEMOTE}}}},
          {"id":"sal"},{"id":"customer","when":{"all":[{"segment":"hot"},{"grade":["A","B"]}]}}],"reopen":{"rise":5,"to":"lead"}}
        """;

    [Fact]
    public void What_a_publication_would_do_is_what_it_does_whatever_is_published()
    {
        var (moves, entries, scores, shifts) = (0, 0, 0, 0);
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new RandomModels(seed);
            var known = Known(random);
            var leads = Enumerable.Range(0, 10).Select(i => Lead(known, random, $"lead{i}")).ToList();
            var now = leads[0].Now;
            var (then, journey) = Changed(known, random, seed % 4);

            var count = new EffectCount(known, then, journey, now);
            leads.ForEach(lead => count.Add(lead.State, lead.State));
            var said = count.Answer(leads.Count, isPartial: false);

            // As if nothing were published, and then as the walks do that follow it: whatever is otherwise has come of the publication.
            var without = leads.ConvertAll(lead => Look(lead.State, known, now));
            var with = leads.ConvertAll(lead => Told(lead.State, then, now) ? Look(lead.State, then, now) : lead.State);
            Assert.Equal(Of(without, lead => [lead.Whole.Stage]).Except(Of(with, lead => [lead.Whole.Stage])), Said(said.Stages, shift => shift.Leaving));
            Assert.Equal(Of(with, lead => [lead.Whole.Stage]).Except(Of(without, lead => [lead.Whole.Stage])), Said(said.Stages, shift => shift.Entering));
            Assert.Equal(Of(without, In).Except(Of(with, In)), Said(said.Segments, shift => shift.Leaving));
            Assert.Equal(Of(with, In).Except(Of(without, In)), Said(said.Segments, shift => shift.Entering));
            Assert.Equal(Of(with, Entered).Except(Of(without, Entered)), said.Journeys.SelectMany(one => one.Entering.Select(lead => (one.Id, lead.LeadId))).Order());
            Assert.All(said.Stages.Concat(said.Segments), shift => Assert.Equal((shift.Enter, shift.Leave, shift.After), (shift.Entering.Count, shift.Leaving.Count, shift.Before + shift.Enter - shift.Leave)));
            Assert.Equal(said.Moves.Sum(move => move.Leads), said.Stages.Sum(stage => stage.Enter));
            if (said.Scores is { } shown)
            {
                Assert.Equal(leads.Count(lead => Points(lead, then, now) > Points(lead, known, now)), shown.Rise);
                Assert.Equal(leads.Count(lead => Points(lead, then, now) < Points(lead, known, now)), shown.Fall);
                Assert.All(shown.Engagement, band => Assert.Equal(leads.Count(lead => Points(lead, then, now) >= band.From && !(Points(lead, then, now) >= band.To)), band.After));
                Assert.Equal(leads.Count, shown.Engagement.Sum(band => band.Before));
                Assert.Equal(leads.Count, shown.Grades.Sum(grade => grade.After));
            }

            (moves, entries, scores) = (moves + said.Moves.Count, entries + said.Journeys.Sum(one => one.Enter), scores + (said.Scores is { Rise: 0, Fall: 0 } or null ? 0 : 1));
            shifts += said.Segments.Count;
        }

        Assert.True(moves > 5 && entries > 20 && scores > 4 && shifts > 15, $"{moves} moves, {entries} entries, {scores} other scores, {shifts} segments: too little to learn from.");
    }

    [Fact]
    public void What_time_was_about_to_do_anyhow_is_no_effect()
    {
        var known = SegmentLead.Rules([SegmentLead.Parse("late", """{"not":{"event":"Visit","within":"7d"}}""")]);
        var lead = new SegmentLead(known).Track("Visit");
        var then = known with { Segments = known.Segments.With(SegmentLead.Parse("visitors", """{"event":"Visit","count":{"gte":1}}""")) };

        var count = new EffectCount(known, then, null, lead.Now.AddDays(8)); // it has yet to be looked at
        count.Add(lead.State, lead.State);

        var shift = Assert.Single(count.Answer(1, isPartial: false).Segments);
        Assert.Equal(("visitors", 1, 0, 0, 1), (shift.Id, shift.Enter, shift.Leave, shift.Before, shift.After));
    }

    [Fact]
    public void Of_a_journey_it_is_said_who_is_inside_and_whom_time_brings_on_which_day()
    {
        const string Renewal = """{"name":"x","trigger":{"date":{"trait":"renewsAt","offset":"-1d"}},"steps":[{"id":"w","type":"wait","for":"20d"}]}""";
        var rules = new JourneyRules([Rehearsal.Parse(Renewal, "renewal")], [], new Dictionary<string, JourneyState>(), DateTimeZone.Utc);
        var known = new LeadRules(ScoringModels.None, rules);
        var leads = new[] { "2026-06-03", "2026-06-05", "2026-06-05", "2026-06-09", "2026-07-01" }.Select((day, i) => new SegmentLead(known, $"lead{i}").Identify(new { email = "a@b.c", renewsAt = day })).ToList();
        leads.ForEach(lead => lead.Advance(TimeSpan.FromDays(2)));
        var then = known with { Journeys = rules.With(Rehearsal.Parse(Renewal.Replace("-1d", "-2d", StringComparison.Ordinal), "renewal", 2)) };

        var count = new EffectCount(known, then, "renewal", leads[0].Now);
        leads.ForEach(lead => count.Add(lead.State, lead.State));

        var said = Assert.Single(count.Answer(5, isPartial: false).Journeys);
        Assert.Equal([new InsideVersion(1, 1)], said.Inside);
        Assert.Equal([new ComingDay(new(2026, 6, 4), 2), new ComingDay(new(2026, 6, 7), 1)], said.Soon!.Where(day => day.Day >= new DateOnly(2026, 6, 4)));
        Assert.Equal(0, said.Enter);
    }

    private static LeadRules Known(RandomModels random)
    {
        Segment[] segments =
        [
            SegmentLead.Parse("hot", $$"""{"engagement":{"gte":{{random.Random.Next(1, 30)}} } }"""), SegmentLead.Parse("warm", """{"all":[{"not":{"segment":"hot"}},{"event":"a","within":"30d"}]}"""),
            SegmentLead.Parse("ours", """{"stage":["mql","customer"]}"""),
        ];
        Journey[] journeys =
        [
            OnStart("hot", """{"segment":"hot"}"""), OnStart("mql", """{"stage":["mql"]}"""), OnStart("crossed", """{"engagement":{"crosses":12}}"""),
            OnStart("aims", """{"event":["a","b"],"maxAge":"200d"}""", """ "goal":{"grade":["A","B"]},"""),
        ];
        return new(
            ScoringModels.None.WithLive(Model(random, 1)).WithRevision(1), new JourneyRules(journeys, [], new Dictionary<string, JourneyState>(), DateTimeZone.Utc), new SegmentRules(1, segments),
            LifecycleReducerTests.Rules(Lifecycle(random)));
    }

    private static (LeadRules Then, string? Journey) Changed(LeadRules known, RandomModels random, int kind) => kind switch
    {
        0 => (known with { Scoring = known.Scoring.WithDraft(Model(random, 2)) }, null),
        1 => (known with { Segments = known.Segments.With(SegmentLead.Parse("hot", $$"""{"engagement":{"gte":{{random.Random.Next(1, 30)}} } }""", 2)) }, null),
        2 => (known with { Lifecycle = LifecycleReducerTests.Rules(Lifecycle(random), revision: 2) }, null),
        _ => (known with { Journeys = known.Journeys.With(OnStart("crossed", $$"""{"engagement":{"crosses":{{random.Random.Next(2, 20)}},"direction":"{{(random.Random.Next(2) == 0 ? "up" : "down")}}" } }""", version: 2)) }, "crossed"),
    };

    /// <summary>Past events keep their points, so that models differ in what caps and fits.</summary>
    private static ScoringModel Model(RandomModels random, int version)
    {
        var json = random.Document(4);
        json["engagement"]!["cap"] = random.Random.Next(8, 60); // it was just written
        json["fit"] = JsonSerializer.SerializeToNode(new { rules = new[] { new { id = "x", when = new { trait = "x", equals = random.Random.Next(2) }, points = random.Random.Next(10, 100) } } });
        return Shop.Compile(json.ToJsonString(), "m", version);
    }

    private static string Lifecycle(RandomModels random) => Stages.Replace("MQL", $"{random.Random.Next(2, 18)}", StringComparison.Ordinal).Replace("DEMOTE", $"{random.Random.Next(1, 10)}", StringComparison.Ordinal);

    private static Journey OnStart(string id, string trigger, string more = "", int version = 1) =>
        Rehearsal.Parse($$"""{"name":"x","trigger":{{trigger}},{{more}}"entry":{"reentry":"afterExit"},"steps":[{"id":"w","type":"wait","for":"1d"}]}""", id, version);

    private static SegmentLead Lead(LeadRules known, RandomModels random, string id)
    {
        var lead = new SegmentLead(known, id);
        var isKnown = random.Random.Next(3) > 0;
        foreach (var e in random.History(random.Random.Next(1, 15), days: 92, step: 1000).Select(RandomModels.ToEvent).OrderBy(e => e.At))
        {
            lead.Apply(e with { UserId = isKnown ? "u1" : null, AnonymousId = isKnown ? null : "browser" });
        }

        if (isKnown)
        {
            lead.Identify(new { x = random.Random.Next(2), y = random.Random.Next(2) });
        }

        return lead.Advance(TimeSpan.FromDays(2));
    }

    private static LeadState Look(LeadState lead, LeadRules rules, DateTimeOffset now) =>
        Reducer.Apply(lead, [new Arrival(FillFunctions.TickOf(lead.Id, "rehearsal", now), now, [])], rules, now).State;

    private static bool Told(LeadState lead, LeadRules then, DateTimeOffset now) => lead.Whole.IsKnown || FillFunctions.IsNews(lead, FillFunctions.TickOf(lead.Id, "fill", now), then, now);

    private static IEnumerable<(string, string)> Of(IReadOnlyList<LeadState> leads, Func<LeadState, IEnumerable<string>> what) => leads.SelectMany(lead => what(lead).Select(one => (one, lead.Id))).Distinct().Order();

    private static IEnumerable<string> In(LeadState lead) => lead.Segments?.In.Keys ?? [];

    private static IEnumerable<string> Entered(LeadState lead) => lead.Outbox.Where(effect => effect.Kind == EffectKind.JourneyEntered).Select(effect => RunId.Parse(effect.To!)!.Value.Journey);

    private static IEnumerable<(string, string)> Said(IReadOnlyList<Shift> shifts, Func<Shift, IReadOnlyList<NamedLead>> who) => shifts.SelectMany(shift => who(shift).Select(lead => (shift.Id, lead.LeadId))).Order();

    private static double Points(SegmentLead lead, LeadRules rules, DateTimeOffset now) => Engagement.Of(lead.State.Whole.Ledger, rules.Scoring, lead.State.Whole, now).Engagement;
}
