using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Leads.State;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Leads;

/// <summary>Two were one for a while: what was refused then, either of them may have said, and the no holds for both.</summary>
public sealed class UnmergedConsentTests
{
    [Fact]
    public void What_was_refused_meanwhile_is_refused_by_both_and_what_was_refused_before_only_by_who_did()
    {
        var freed = Parted(Changed("before", 5, new { news = false }), Changed("meanwhile", 20, new { marketing = false, offers = true }));

        Assert.Equal(["marketing"], Refused(freed));
    }

    [Fact]
    public void It_makes_no_difference_when_the_no_says_that_it_was_said() => // a phone that was offline
        Assert.Equal(["marketing"], Refused(Parted(Changed("before", 5, new { news = false }), Changed("meanwhile", 1, new { marketing = "no" }))));

    [Fact]
    public void The_same_no_once_more_is_one_said_meanwhile() =>
        Assert.Equal(["news"], Refused(Parted(Changed("before", 5, new { news = false }), Changed("meanwhile", 20, new { news = false }))));

    [Fact]
    public void A_no_that_was_taken_back_meanwhile_is_none() =>
        Assert.Empty(Refused(Parted(Changed("before", 5, new { news = true }), Changed("meanwhile", 20, new { marketing = false }), Changed("later", 21, new { marketing = true }))));

    [Fact]
    public void A_later_yes_of_their_own_stands() =>
        Assert.Equal(["news"], Refused(Parted(Changed("before", 5, new { x = true }), Changed("meanwhile", 20, new { marketing = false, news = false })), Changed("own", 30, new { marketing = true })));

    /// <summary>Whoever agreed meanwhile may have been the other one, who was taken for this one by mistake.</summary>
    [Fact]
    public void What_who_stays_had_refused_before_is_refused_still_whoever_agreed_meanwhile()
    {
        var (before, meanwhile) = (Changed("before", 5, new { news = false, offers = true }), new[] { Changed("meanwhile", 20, new { news = true, sms = true }), Changed("again", 21, new { news = true }) });

        var (stays, freed) = Part(before, meanwhile);

        Assert.Equal(["news"], Refused(stays));
        Assert.Equal(["offers", "sms"], stays.Whole.Traits.Answers.Where(answer => answer.Value.Truth == true).Select(answer => answer.Path).Order());
        Assert.Empty(Refused(freed)); // that was the other's
        Assert.Empty(Refused(stays, Changed("own", 30, new { news = true })));
    }

    [Fact]
    public void So_is_what_another_part_of_them_had_refused()
    {
        var stays = new LeadState { Id = Identity.User("u1").Hash() };
        var rightly = Apply(new LeadState { Id = Identity.Anonymous("b").Hash() }, [Track("r", "Consent Changed", 2, null, "b", properties: new { news = false, offers = false })]);
        stays = Absorb(Apply(stays, [Track("t", "Login", 0, "u1")]), rightly, 4);
        stays = Apply(stays, [Changed("own", 5, new { offers = true })]);
        var wrongly = Apply(new LeadState { Id = Identity.User("u2").Hash() }, [Track("w", "Login", 1, "u2")]);
        stays = Apply(Absorb(stays, wrongly, 10), [Changed("meanwhile", 20, new { news = true })]);

        var parted = Apply(stays, [Merges.LetGo(stays.Id, wrongly.Id, "r1", Start.AddMinutes(25))]);

        Assert.Equal(["news"], Refused(parted));
    }

    [Fact]
    public void Very_many_are_one_of_everything()
    {
        var answers = Enumerable.Range(0, 150).ToDictionary(i => $"topic{i}", _ => false);

        Assert.Equal(["*"], Refused(Parted(Changed("before", 5, new { x = true }), Changed("meanwhile", 20, answers))));
    }

    [Fact]
    public void An_effect_that_an_earlier_build_left_is_understood()
    {
        var runs = JsonDocument.Parse("[]").RootElement;

        Assert.Equal("[]", Merges.Release("a", "b", "e", Start, runs).Properties.GetProperty("runs").GetRawText());
    }

    /// <summary>Who was merged into the one who said the first, while the others were said, and was then set free.</summary>
    private static LeadState Parted(LeadEvent before, params LeadEvent[] meanwhile) => Part(before, meanwhile).Freed;

    private static LeadState Absorb(LeadState stays, LeadState goes, int minute)
    {
        var frozen = Apply(goes, [Merges.Freeze(goes.Id, stays.Id, 0, Start.AddMinutes(minute))]);
        return Reducer.Apply(stays, [new Arrival(Merges.Absorb(stays.Id, goes.Id, $"e{minute}", Start.AddMinutes(minute)), Start.AddMinutes(minute), [], frozen)], Rules, Start.AddMinutes(minute)).State;
    }

    private static (LeadState Stays, LeadState Freed) Part(LeadEvent before, params LeadEvent[] meanwhile)
    {
        var stays = Apply(new LeadState { Id = Identity.User("u1").Hash() }, [before]);
        var goes = Apply(new LeadState { Id = Identity.User("u2").Hash() }, [Track("t", "Login", 0, "u2")]);
        var frozen = Apply(goes, [Merges.Freeze(goes.Id, stays.Id, 0, Start.AddMinutes(10))]);
        var merged = Reducer.Apply(stays, [new Arrival(Merges.Absorb(stays.Id, goes.Id, "e1", Start.AddMinutes(10)), Start.AddMinutes(10), [], frozen)], Rules, Start.AddMinutes(10)).State;
        merged = JsonSerializer.Deserialize(JsonSerializer.Serialize(merged, LeadsJson.Default.LeadState), LeadsJson.Default.LeadState)!;
        var parted = Apply(Apply(merged, meanwhile), [Merges.LetGo(stays.Id, goes.Id, "r1", Start.AddMinutes(25))]);
        var effect = Assert.Single(parted.Outbox, effect => effect.Kind == EffectKind.Unmerged);
        return (parted, Apply(frozen, [Merges.Release(goes.Id, stays.Id, effect.Id, Start.AddMinutes(25), effect.Data)]));
    }

    private static IEnumerable<string> Refused(LeadState lead, params LeadEvent[] later) =>
        Apply(lead, later).Whole.Traits.Answers.Where(answer => answer.Value.Truth != true).Select(answer => answer.Path).Order(StringComparer.Ordinal);

    private static LeadEvent Changed(string id, int minute, object answers) => Track(id, "Consent Changed", minute, "u1", properties: answers);
}
