using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Events;
using LeadFunctions.Feedback;
using LeadFunctions.Feedback.Api;
using LeadFunctions.Integrations;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle;
using LeadFunctions.Messaging;
using LeadFunctions.Scoring;
using LeadFunctions.Tests.Leads;
using LeadFunctions.Tests.Scoring;

namespace LeadFunctions.Tests.Integrations;

/// <summary>What a lead's commit tells the world.</summary>
public sealed class HappeningsTests
{
    private static readonly DateTimeOffset Now = LeadEvents.Start.AddDays(1);

    private static readonly ScoringModels Levels = ScoringModels.None.WithLive(Shop.Compile("""
        {"name":"m","thresholds":[50,100],"engagement":{"rules":[
          {"id":"up","when":{"event":"up"},"points":40,"halfLife":"10d"},{"id":"firm","when":{"event":"firm"},"points":15},{"id":"down","when":{"event":"down"},"points":-30,"halfLife":"1d"}]}}
        """));

    [Fact]
    public void Nothing_is_told_nor_numbered_while_nobody_listens()
    {
        var (state, told) = Apply(LeadEvents.NewLead(), [Stage("mql")], Hearing());

        Assert.Empty(told);
        Assert.Equal(0, state.Told);
    }

    [Fact]
    public void What_is_told_is_numbered_lead_by_lead_with_the_lead_as_it_is_then()
    {
        var lead = LeadEvents.NewLead();
        IReadOnlyList<LeadEvent> events = [LeadEvents.Identify("i", 0, "u1", traits: new { email = "a@example.com", name = "Ann", company = "Lee" }), Stage("mql"), LeadEvents.InSegment("s1", "vip", true, 0)];
        var (first, told) = Apply(lead, events, Hearing(HappeningTypes.StageChanged, HappeningTypes.SegmentEntered, HappeningTypes.SegmentLeft));
        var (second, then) = Apply(first, [LeadEvents.InSegment("s2", "vip", false, 1), Stage("sql")], Hearing(HappeningTypes.SegmentLeft));

        Assert.Equal(["1 StageChanged", "2 SegmentEntered"], told.Select(Named));
        Assert.Equal(["3 SegmentLeft"], then.Select(Named)); // nobody heard of the stage
        Assert.Equal(("lead", "mql", "for a test"), (Text(told[0], "from"), Text(told[0], "to"), Text(told[0], "reason")));
        Assert.Equal("vip", Text(told[1], "segment"));
        var picture = told[1].Data.GetProperty("lead");
        Assert.Equal(["id", "userId", "email", "name", "company", "stage", "engagement", "fit", "grade"], picture.EnumerateObject().Select(member => member.Name));
        Assert.Equal((lead.Id, "u1", "Ann", "Lee", "mql"), (Text(picture, "id"), Text(picture, "userId"), Text(picture, "name"), Text(picture, "company"), Text(picture, "stage")));
        Assert.Equal(3, second.Told);
    }

    [Fact]
    public void Applied_again_it_tells_nothing_again()
    {
        var (state, _) = Apply(LeadEvents.NewLead(), [Stage("mql")], Everything);

        Assert.Empty(Apply(state, [Stage("mql")], Everything).Told);
    }

    [Fact]
    public void Of_moves_within_one_commit_each_is_told_and_what_an_older_event_says_is_none()
    {
        var told = Apply(LeadEvents.NewLead(), [Stage("mql", 1), LeadEvents.InSegment("a", "vip", true, 0), LeadEvents.InSegment("b", "vip", false, 1), Stage("lead"), Stage("sql", 2)], Everything).Told;

        Assert.Equal(["1 StageChanged mql", "2 StageChanged sql", "3 SegmentEntered ", "4 SegmentLeft "], told.Select(one => $"{Named(one)} {Text(one, "to")}"));
        Assert.Equal("mql", Text(told[1], "from"));
    }

    [Theory]
    [InlineData("completed", true)]
    [InlineData("goal", true)]
    [InlineData("exited", true)]
    [InlineData("cancelled", false)]
    [InlineData("failed", false)]
    [InlineData(null, false)] // as they were told before there was a reason
    public void The_end_of_a_run_is_told_unless_it_was_broken_off(string? outcome, bool isTold)
    {
        var ended = Inside(EventType.Journey, RunOrder.Ended, new { run = "j.l.k", reason = outcome, journey = "j", version = 2 });

        var told = Apply(LeadEvents.NewLead(), [ended], Everything).Told;

        Assert.Equal(isTold ? [$"1 JourneyCompleted {outcome} j 2"] : [], told.Select(one => $"{Named(one)} {Text(one, "outcome")} {Text(one, "journey")} {one.Data.GetProperty("version")}"));
    }

    [Fact]
    public void A_message_counts_when_a_journey_sent_it_and_not_when_somebody_says_so()
    {
        var sent = Inside(EventType.Track, "Message Sent", new { messageId = "m1", channel = "email", template = "hello", topic = "news", journey = "j", version = 1, run = "r", step = "s" });
        var forged = LeadEvents.Track("f", "Message Sent", 0, "u1", properties: new { messageId = "m2", channel = "email", template = "hello" });

        Assert.Equal(["1 MessageSent m1"], Apply(LeadEvents.NewLead(), [forged, sent], Everything).Told.Select(one => $"{Named(one)} {Text(one, "messageId")}"));
    }

    /// <summary>Links and carriers know a message's id at most: what the lead knows of it goes along.</summary>
    [Fact]
    public void What_comes_back_of_a_message_is_told_with_what_the_lead_knows_of_it()
    {
        var lead = LeadEvents.NewLead();
        lead.Messages = LeadMessages.None.With(new("m1", "email", MessageState.Sent, 0, 0, Topic: "news", Template: "hello", Journey: "welcome", Step: "s1"));
        var click = Hits.EventOf(new(LinkKind.Click, lead.Id, "m1", LeadEvents.Start, "email", "news", 2, 3, "https://example.com/"), new(0.9, []), 0.5, "", null, LeadEvents.Start);
        var report = new DeliveryReport("r1", ReportKind.HardBounce, "a@example.com", [], LeadEvents.Start, "5.1.1", "No such mailbox.");
        var bounces = ReportEvents.Of(report, "ses", lead.Id, new("m1", lead.Id, LeadEvents.Start), 0.5).Concat(ReportEvents.Of(report with { Id = "r2" }, "ses", lead.Id, null, 0.5));

        var told = Apply(lead, [click, .. bounces], Everything).Told;

        Assert.Equal(
            ["MessageClicked m1 hello welcome s1 ", "MessageBounced m1 hello welcome s1 5.1.1", "MessageBounced     5.1.1"],
            told.Select(one => $"{one.Type} {Text(one, "messageId")} {Text(one, "template")} {Text(one, "journey")} {Text(one, "step")} {Text(one, "code")}"));
        Assert.All(told, one => Assert.Null(EventSchemaTests.FaultOf(JsonElement.Parse(one.ToJson()))));
    }

    [Fact]
    public void What_somebody_should_have_done_by_now_is_told()
    {
        var (stay, at) = (new Stay("mql", 0, 2, "rule", "no budget"), LeadEvents.Start.ToUnixTimeMilliseconds());
        IReadOnlyList<LifecycleNews> news = [new LifecycleNews.SlaMissed(stay, "2d", at, false), new LifecycleNews.Reopened(1, 20.126, 45, stay, at), new LifecycleNews.Neglected(stay, "30d", at, false)];

        var told = Apply(LeadEvents.NewLead(), [.. news.Select(item => StageEvents.Of("l", item, "bob", null)).OfType<LeadEvent>()], Everything).Told;

        Assert.Equal(["1 SlaMissed 2d", "2 LeadReopened no budget", "3 Neglected 30d"], told.Select(one => $"{Named(one)} {Text(one, "sla") ?? Text(one, "reason") ?? Text(one, "after")}"));
        Assert.All(told, one => Assert.Null(EventSchemaTests.FaultOf(JsonElement.Parse(one.ToJson()))));
    }

    [Fact]
    public void Of_a_merge_the_lead_that_stays_tells_and_the_one_that_goes_is_silent()
    {
        var (kept, gone) = (LeadEvents.NewLead("u1"), LeadEvents.NewLead("u2"));
        var (frozen, silent) = Apply(gone, [Merges.Freeze(gone.Id, kept.Id, 0, Now), Stage("mql")], Everything);
        var absorb = new Arrival(Merges.Absorb(kept.Id, gone.Id, "x", Now), Now, [], frozen);

        var state = Reducer.Apply(kept, [absorb], Everything, Now).State;

        Assert.Empty(silent);
        Assert.Equal(["1 StageChanged", "2 LeadMerged"], Told(kept, state).Select(Named)); // the stage that the other brought along
        Assert.Equal(gone.Id, Text(Told(kept, state)[1], "merged"));
    }

    [Fact]
    public void Levels_are_told_as_engagement_passes_them_up_by_events_and_down_by_decay()
    {
        var (state, up) = Apply(LeadEvents.NewLead(), [At("up", "a", 0), At("up", "b", 0), At("up", "c", 0)], Scored, LeadEvents.Start);
        var due = Assert.Single(Dues(state)); // the earliest: 120 falls to 100
        var (after, down) = Apply(state, [Tick(due)], Scored, due);
        var later = Dues(after)[^1];
        var (_, low) = Apply(after, [Tick(later)], Scored, later);

        Assert.Equal(["50 up", "100 up"], up.Select(Crossing));
        Assert.InRange(due, LeadEvents.Start.AddDays(2.62), LeadEvents.Start.AddDays(2.64)); // 10 d × log2(1.2)
        Assert.Equal(["100 down"], down.Concat(Apply(after, [Tick(due.AddMinutes(1))], Scored, due.AddMinutes(1)).Told).Select(Crossing));
        Assert.InRange(later, LeadEvents.Start.AddDays(12.62), LeadEvents.Start.AddDays(12.64));
        Assert.Equal(["50 down"], low.Concat(Apply(after, [Tick(later.AddMinutes(1))], Scored, later.AddMinutes(1)).Told).Select(Crossing).Distinct());
    }

    [Fact]
    public void A_moment_that_moved_later_is_not_noted_again()
    {
        var (first, _) = Apply(LeadEvents.NewLead(), [At("up", "a", 0), At("up", "b", 0)], Scored, LeadEvents.Start);
        var (second, _) = Apply(first, [At("up", "c", 1)], Scored, LeadEvents.Start.AddMinutes(1)); // 120 falls to 100 before 80 would have fallen to 50

        Assert.Single(Dues(first));
        Assert.Equal(2, Dues(second).Count);
        Assert.Equal(2, Dues(Apply(second, [At("firm", "d", 2)], Scored, LeadEvents.Start.AddMinutes(2)).State).Count);
    }

    [Fact]
    public void Who_begins_to_listen_hears_of_what_happens_from_then_on()
    {
        var deaf = Apply(LeadEvents.NewLead(), [At("up", "a", 0), At("up", "b", 0)], Hearing() with { Scoring = Levels }, LeadEvents.Start).State;

        var (state, told) = Apply(deaf, [At("up", "c", 1)], Scored, LeadEvents.Start.AddMinutes(1));

        Assert.Equal(["100 up"], told.Select(Crossing)); // that it was over 50 is no news
        Assert.Null(Apply(state, [At("firm", "d", 2)], Hearing() with { Scoring = Levels }, LeadEvents.Start.AddMinutes(2)).State.Level);
    }

    /// <summary>Of a lead that is looked at whenever it asks to be, and no oftener: what was told is what is.</summary>
    [Fact]
    public void Whoever_adds_up_what_was_told_knows_which_levels_are_reached() => Prop.ForAll(
        (from steps in Gen.ListOf(from name in Gen.Elements("up", "down", "firm") from hours in Gen.Choose(1, 400) select (name, hours)) select steps).ToArbitrary(),
        steps =>
        {
            var (state, now, reached, dues) = (LeadEvents.NewLead(), LeadEvents.Start, new HashSet<double>(), new SortedSet<DateTimeOffset>());
            var number = 0;
            foreach (var (name, hours) in steps.Append(("firm", 1)))
            {
                var next = now.AddHours(hours);
                while (dues.Count > 0 && dues.Min <= next)
                {
                    now = dues.Min;
                    dues.Remove(now);
                    Take(Tick(now));
                }

                now = next;
                Take(new() { Id = $"e{number++}", Type = EventType.Track, Name = name, At = now, UserId = "u1" });

                var score = Reducer.ScoreOf(state, Levels, now).Engagement;
                if (!reached.SetEquals(new[] { 50.0, 100.0 }.Where(level => score >= level)))
                {
                    return false;
                }
            }

            return true;

            void Take(LeadEvent e)
            {
                var before = state;
                (state, var told) = Apply(before, [e], Scored, now);
                foreach (var one in told)
                {
                    var level = one.Data.GetProperty("level").GetDouble();
                    Assert.True(Text(one, "direction") == "up" ? reached.Add(level) : reached.Remove(level), "It was told what was known.");
                }

                dues.UnionWith(Dues(state).Skip(Dues(before).Count).Where(due => due > now));
            }
        }).QuickCheckThrowOnFailure();

    private static LeadRules Everything => Hearing([.. HappeningTypes.All]);

    private static LeadRules Scored => Hearing(HappeningTypes.ScoreThresholdCrossed) with { Scoring = Levels };

    private static LeadRules Hearing(params IReadOnlyList<string> types) => new(Shop.Models, JourneyRules.None) { Heard = types.ToHashSet() };

    private static (LeadState State, IReadOnlyList<WorldEvent> Told) Apply(LeadState before, IReadOnlyList<LeadEvent> events, LeadRules rules, DateTimeOffset? now = null)
    {
        var at = now ?? Now;
        var state = Reducer.Apply(before, [.. events.Select(e => new Arrival(e, at, Identity.Of(e)))], rules, at).State;
        return (state, Told(before, state));
    }

    private static IReadOnlyList<WorldEvent> Told(LeadState before, LeadState after) => [.. after.Outbox.Skip(before.Outbox.Count).Where(effect => effect.Kind == EffectKind.Told)
        .Select(effect => new WorldEvent(effect.To!, effect.LeadId, effect.Data!.Value.GetProperty("number").GetInt64(), effect.At, effect.Data!.Value.GetProperty("data")))]; // as those are

    private static IReadOnlyList<DateTimeOffset> Dues(LeadState state) => [.. state.Outbox.Where(effect => effect.Kind == EffectKind.LeadDue).Select(effect => DateTimeOffset.Parse(effect.To!))]; // as those are

    private static LeadEvent At(string name, string id, int minute) => LeadEvents.Track(id, name, minute, "u1");

    private static LeadEvent Tick(DateTimeOffset at) => new() { Id = $"tick/{at:O}", Type = EventType.Journey, Name = RunOrder.Tick, At = at, LeadId = "l" };

    private static LeadEvent Stage(string stage, int minute = 0) => Inside(EventType.Stage, "stage", new { stage, reason = "for a test" }) with { Id = $"stage/{stage}", At = LeadEvents.Start.AddMinutes(minute) };

    private static LeadEvent Inside(EventType type, string name, object properties) =>
        new() { Id = $"{name}/1", Type = type, Name = name, At = LeadEvents.Start, LeadId = "l", Properties = JsonSerializer.SerializeToElement(properties) };

    private static string Named(WorldEvent e) => $"{e.Number} {e.Type}";

    private static string Crossing(WorldEvent e) => $"{e.Data.GetProperty("level")} {Text(e, "direction")}";

    private static string? Text(WorldEvent e, string name) => Text(e.Data, name);

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var text) ? text.GetString() : null;
}
