using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Rules;

/// <summary>What the reducer tells of a lead whose events were just applied.</summary>
/// <param name="Events">Those that were applied, in order.</param>
/// <param name="Accepted">When each of them was.</param>
/// <param name="Before">The lead before them, its scores left out.</param>
/// <param name="Facts">The lead after them, with what the product knows (<see cref="ProfileFacts"/>).</param>
/// <param name="Quiet">Segments that it entered or left by a publication that was to start nothing.</param>
/// <param name="EngagementBefore">Without them, as of now; asked only when a journey wants to know.</param>
internal sealed record LeadChange(
    string LeadId, IReadOnlyList<LeadEvent> Events, IReadOnlyList<DateTimeOffset> Accepted, ILeadFacts Before, ILeadFacts Facts, Lazy<double> EngagementBefore, IReadOnlySet<string>? Quiet = null);

/// <summary>What must happen outside because of it.</summary>
internal abstract record JourneyNews
{
    private JourneyNews()
    {
    }

    /// <summary>A run begins.</summary>
    public sealed record Entered(RunStart Start) : JourneyNews;

    /// <summary>A run was to begin, and does not: journeys start each other without end.</summary>
    /// <param name="EventId">Of the event that was to start it.</param>
    public sealed record Refused(string EventId, string Reason) : JourneyNews;

    /// <summary>A run may be able to go on.</summary>
    public sealed record Woken(string RunId) : JourneyNews;

    /// <summary>The lead is to be looked at then.</summary>
    public sealed record Due(DateTimeOffset At) : JourneyNews;
}

/// <summary>How a run begins.</summary>
/// <param name="At">When the lead entered.</param>
/// <param name="Due">When it should have: earlier, when a date was noticed late.</param>
/// <param name="Trial">The side that the lead was drawn to; null: nobody is held out.</param>
/// <param name="Hops">How many runs began before it, one because of the other, without waiting; 0: no journey caused it.</param>
internal sealed record RunStart(string RunId, string Journey, int Version, string LeadId, string Key, DateTimeOffset At, DateTimeOffset Due, JsonElement Trigger, string Reason, int Hops = 0, Trial? Trial = null);
