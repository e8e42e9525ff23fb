using LeadFunctions.Platform.Definitions;

namespace LeadFunctions.Tests.Platform;

/// <summary>Publishing where two have to want it, as one writes it down.</summary>
public sealed class SecondPersonTests
{
    private static readonly DateTimeOffset Monday = new(2030, 1, 7, 10, 0, 0, TimeSpan.Zero);
    private static readonly Person Ann = new("k1", "Ann"), Bob = new("k2", "Bob"), OtherAnn = new("k3", "Ann");
    private static readonly DefinitionPointer Fresh = new("thing", "a", Latest: 3, Live: 1, Published: [1], Monday);

    [Fact]
    public void The_first_proposes_and_another_approves_the_same_version()
    {
        var (proposed, isApproved) = SecondPerson.Publish(Fresh, 2, "a@1", Ann, Monday);
        Assert.False(isApproved);
        Assert.Equal(new Proposal(2, "a@1", Ann, Monday), proposed.Proposal);

        var (approved, isNow) = SecondPerson.Publish(proposed, 2, "a@1", Bob, Monday.AddHours(1));
        Assert.True(isNow);
        Assert.Null(approved.Proposal);
        Assert.Equal(new Decision(2, Ann, Monday, Approved: true, Bob, Monday.AddHours(1)), Assert.Single(approved.Decisions));
    }

    [Fact]
    public void Whoever_proposed_it_may_still_say_that_it_is_to_be_quiet()
    {
        var (proposed, _) = SecondPerson.Publish(Fresh, 2, "a@1", Ann, Monday);

        var (quiet, isApproved) = SecondPerson.Publish(proposed, 2, "a@1", Ann, Monday.AddHours(1), isQuiet: true);

        Assert.Equal((false, false, true), (isApproved, proposed.Proposal!.IsQuiet, quiet.Proposal!.IsQuiet));
        Assert.Same(quiet, SecondPerson.Publish(quiet, 2, "a@1", Ann, Monday.AddHours(2)).Pointer); // who says nothing of it changes nothing
    }

    [Fact]
    public void Nobody_approves_what_they_proposed_however_often_they_ask_but_a_namesake_may()
    {
        var (proposed, _) = SecondPerson.Publish(Fresh, 2, "a@1", Ann, Monday);

        var (again, isApproved) = SecondPerson.Publish(proposed, 2, "a@1", Ann, Monday.AddHours(1));
        Assert.False(isApproved);
        Assert.Same(proposed, again);
        Assert.True(SecondPerson.Publish(proposed, 2, "a@1", OtherAnn, Monday).IsApproved);
    }

    [Theory]
    [InlineData(3, "a@1")] // another version
    [InlineData(2, "b@1")] // something else is in effect now
    [InlineData(2, "")]
    public void What_is_not_the_very_same_is_a_proposal_of_its_own(int version, string over)
    {
        var (proposed, _) = SecondPerson.Publish(Fresh, 2, "a@1", Ann, Monday);

        var (other, isApproved) = SecondPerson.Publish(proposed, version, over, Bob, Monday.AddHours(1));

        Assert.False(isApproved);
        Assert.Equal(new Proposal(version, over, Bob, Monday.AddHours(1)), other.Proposal);
        Assert.True(SecondPerson.Publish(other, version, over, Ann, Monday.AddHours(2)).IsApproved);
    }

    [Fact]
    public void What_is_declined_has_to_be_proposed_again_and_decisions_are_remembered_newest_first()
    {
        var (pointer, _) = SecondPerson.Publish(Fresh, 2, "a@1", Ann, Monday);
        pointer = SecondPerson.Decline(pointer, pointer.Proposal!, Bob, Monday.AddHours(1), "Too many leads.");
        Assert.Equal((false, "Too many leads."), (pointer.Decisions[0].Approved, pointer.Decisions[0].Reason));
        Assert.False(SecondPerson.Publish(pointer, 2, "a@1", Bob, Monday).IsApproved);

        for (var i = 1; i <= 2 * SecondPerson.Remembered; i++)
        {
            (pointer, _) = SecondPerson.Publish(pointer, 2, "a@1", Ann, Monday.AddDays(i));
            pointer = SecondPerson.Decline(pointer, pointer.Proposal!, Bob, Monday.AddDays(i), null);
        }

        Assert.Equal(SecondPerson.Remembered, pointer.Decisions.Count);
        Assert.Equal(Monday.AddDays(2 * SecondPerson.Remembered), pointer.Decisions[0].DecidedAt);
    }
}
