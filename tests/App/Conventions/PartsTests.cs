using System.Reflection;
using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Dependencies;
using ArchUnitNET.Domain.Extensions;
using LeadFunctions.Events;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Tests.Conventions;

/// <summary>A part of a lead is added in three files: what it is, in a room of its own; the reducer's list, which applies it; and the lead's record, if it keeps something there.</summary>
public sealed class PartsTests
{
    private const int PartsFloor = 3;
    private const string List = "Leads.State.Reducer";

    // LeadsJson is the compiler's, and follows the other two.
    private static readonly IReadOnlyList<string> Keepers = ["Leads.State.LeadRecord", "Leads.State.LeadState", "Leads.State.LeadsJson"];

    // Who else knows what a lead keeps of a part, and why. Whoever adds a part need not touch these.
    private static readonly Dictionary<string, string> Excused = new()
    {
        ["Calendar.CalendarCount knows LeadMessages"] = "Counts what went out against the caps.",
        ["Calendar.CalendarCount knows TraitMap"] = "Reads the dates that bring people to journeys.",
        ["Exports.LeadColumns knows TraitMap"] = "Shows all that is known of a lead.",
        ["Forms.Confirming.ConfirmMails knows TraitMap"] = "Fills a template in for somebody of whom an address is known.",
        ["Journeys.Api.RunApiFunctions knows LeadJourneys"] = "Lists a lead's runs: it remembers which journeys it was in.",
        ["Journeys.Rehearsal.SimulatedLead knows LeadMessages"] = "A rehearsal asks the arbiter, and goes by what it said.",
        ["Journeys.Runs.Forecast knows LeadMessages"] = "Asks the arbiter what it would say.",
        ["Journeys.Runs.RunWorld knows LeadJourneys"] = "A run reads what its lead has heard for it.",
        ["Journeys.Runs.RunWorld knows LeadMessages"] = "A run looks whether its message has begun to go out.",
        ["Leads.Api.CompanyFunctions knows TraitMap"] = "Shows what leads say of their company.",
        ["Leads.Api.EventsByHand knows TraitMap"] = "What was set by hand comes after what stands.",
        ["Leads.Api.LeadAnswer knows ActivityCounter"] = "Shows all that is known of a lead.",
        ["Leads.Api.LeadAnswer knows LeadLifecycle"] = "Shows all that is known of a lead.",
        ["Leads.Api.LeadAnswer knows TraitMap"] = "Shows all that is known of a lead.",
        ["Leads.State.AbsorbedLead knows TraitMap"] = "Remembers what was wished when a lead was merged.",
        ["Leads.State.Happenings knows LeadMessages"] = "Tells the world which message came back.",
        ["Leads.State.Happenings knows Ledger"] = "Tells the world which levels the points have crossed.",
        ["Leads.State.HumanAct knows ActivityCounter"] = "Sees what a person did last.",
        ["Leads.State.LeadForecast knows LeadLifecycle"] = "Looks at a lead when time may next move it.",
        ["Leads.State.LeadForecast knows LeadSegments"] = "Looks at a lead when time may next move it.",
        ["Leads.State.LeadProfile knows LeadSegments"] = "Conditions ask which segments a lead is in.",
        ["Leads.State.LeadProfile knows TraitMap"] = "Shows conditions when a trait was set.",
        ["Leads.State.ListedLead knows LeadMessages"] = "Shows whose messages somebody may have to look after.",
        ["Leads.State.Merges knows LeadJourneys"] = "Journeys see the whole lead, and so are not in its records, which unite by themselves.",
        ["Leads.State.Merges knows LeadMessages"] = "Caps are a promise to the person, whichever lead was written to.",
        ["Leads.State.Merges knows TraitMap"] = "Gives a lead that is let go what was refused meanwhile.",
        ["Leads.State.Partings knows LeadJourneys"] = "Gives a lead that is let go its runs back.",
        ["Leads.State.Partings knows LeadMessages"] = "What was sent while two were one counts for both.",
        ["Leads.State.Partings knows TraitMap"] = "Gives a lead that is let go what was refused and wished meanwhile.",
        ["Lifecycle.Api.HandOver knows LeadJourneys"] = "Tells sales which journeys a lead is in.",
        ["Lifecycle.Api.HandOver knows LeadLifecycle"] = "Tells sales how a lead came to them.",
        ["Lifecycle.Api.HandOver knows TraitMap"] = "Tells sales who a lead is.",
        ["Lifecycle.Api.LeadStages knows LeadLifecycle"] = "Shows a lead's stages.",
        ["Lifecycle.Api.SalesQueue knows LeadLifecycle"] = "Ranks by how long a lead waits.",
        ["Messaging.Api.LeadMessageAnswer knows LeadMessages"] = "Shows a lead's messages.",
        ["Messaging.Campaigns.CampaignForecasts knows LeadMessages"] = "Asks the arbiter what it would say.",
        ["Messaging.Campaigns.CampaignWork knows LeadMessages"] = "Counts who answered a test.",
        ["Messaging.Sending.ISendWorld knows LeadMessages"] = "Who sends goes by what the arbiter said.",
        ["Messaging.Sending.SendTurn knows LeadMessages"] = "Who sends goes by what the arbiter said.",
        ["Messaging.Sending.Sender knows LeadMessages"] = "Who sends goes by what the arbiter said.",
        ["Messaging.Wishes knows TraitMap"] = "Of two wishes keeps the stricter, as the one who set it left it.",
        ["OnSite.Api.Visitors knows LeadJourneys"] = "A run offers a content for as long as it stands at the step.",
        ["Publications.EffectCount knows LeadJourneys"] = "Tells who would enter, is inside, and comes soon.",
        ["Publications.EffectCount knows LeadSegments"] = "Tells who would enter and leave.",
        ["Reports.Writing.Reopenings knows Ledger"] = "Sees for how long nothing earned points.",
        ["Reports.Writing.CommitFacts knows TraitMap"] = "Notes where a lead came from, and since when anybody may write to it.",
        ["Segments.Api.SegmentComparisonFunctions knows ActivityCounter"] = "Compares what people did.",
        ["Segments.Api.SegmentComparisonFunctions knows TraitMap"] = "Compares who people are.",
        ["Segments.Api.SegmentMemberFunctions knows LeadSegments"] = "Shows since when a lead is in a segment.",
        ["Segments.Fill.FillFunctions knows LeadLifecycle"] = "A look may change the stage too.",
    };

    [Fact]
    public void A_part_of_a_lead_is_applied_by_the_reducers_list_alone()
    {
        Assert.All(Applied(), call => Assert.Equal(List, call.By));
        Assert.Equal(["BrowserSubscriptions", "LeadZone", "Origins", "SegmentMembership", "Stages", "Traits"], Applied().Select(call => call.Part.Name).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_a_lead_keeps_of_a_part_is_known_to_its_record_alone()
    {
        var kept = Kept().ToList();
        var parts = Applied().Select(call => Outer(call.Part)).ToHashSet(); // some keep what they know among the traits
        var known = from part in kept
                    from type in House.Types
                    where House.RoomOf(type) is { Length: > 0 } room && room != House.RoomOf(part) && type.Dependencies.Any(dependency => dependency.Target.FullName == part.FullName)
                    let who = Outer(type)
                    where who != List && !Keepers.Contains(who) && !parts.Contains(who)
                    select $"{who} knows {part.Name}";

        Assert.Equal(["ActivityCounter", "LeadJourneys", "LeadLifecycle", "LeadMessages", "LeadSegments", "Ledger", "Looks", "SeenContent", "TraitMap"], kept.Select(part => part.Name).Order(StringComparer.Ordinal));
        var found = known.ToHashSet();
        Assert.True(found.SetEquals(Excused.Keys), $"To be excused: {string.Join(", ", found.Except(Excused.Keys))}. Excused without need: {string.Join(", ", Excused.Keys.Except(found))}.");
    }

    private static IEnumerable<(string By, IType Part)> Applied() =>
        from type in House.Types
        from call in type.Dependencies.OfType<MethodCallDependency>()
        where IsApply(call.TargetMember) && House.FloorOf.GetValueOrDefault(House.RoomOf(call.Target), -1) == PartsFloor
        select (Outer(type), call.Target);

    /// <summary>The types that the members of a lead's record and state are made of, on the floor of parts.</summary>
    private static IEnumerable<IType> Kept()
    {
        var members = new[] { typeof(LeadRecord), typeof(LeadState) }.SelectMany(type => type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .SelectMany(property => (IEnumerable<Type>)[property.PropertyType, .. property.PropertyType.GenericTypeArguments]).Select(type => type.FullName).ToHashSet();
        return House.Types.Where(type => members.Contains(type.FullName) && House.FloorOf.GetValueOrDefault(House.RoomOf(type), -1) == PartsFloor);
    }

    private static bool IsApply(IMember member) => member is MethodMember { ReturnType.Name: nameof(TimelineChanges), IsStatic: true } && member.NameStartsWith("Apply(");

    /// <summary>With its room; of what the compiler makes inside a type, the type.</summary>
    private static string Outer(IType type) => $"{House.RoomOf(type)}.{type.FullName[(type.Namespace.FullName.Length + 1)..].Split('+', '/', '`')[0]}";
}
