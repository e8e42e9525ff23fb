using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Journeys.Model;

/// <summary>A share of the people who get nothing, so that what happens to the others can be compared with what would have happened anyhow.</summary>
/// <param name="Millionths">Of the people who would enter, from 1 to 500,000.</param>
/// <param name="Window">How long after the entry a goal counts, for both sides.</param>
internal sealed record Holdout(int Millionths, Duration Window)
{
    /// <summary>Of <see cref="Window"/>, when it is left out.</summary>
    public static readonly Duration UsualWindow = new(TimeSpan.FromDays(30), "30d");

    public double Share => Millionths / 1e6;

    /// <summary>Held out of one journey. The same for ever, and independent of the draw in every other journey and in splits.</summary>
    public bool Holds(string journey, string leadId) => StableHash.Fraction(journey, leadId, "holdout") < Share;

    /// <summary>Held out of the whole workspace: of all journeys alike.</summary>
    public bool Holds(string leadId) => StableHash.Fraction(leadId, "workspace holdout") < Share;
}

internal enum Arm
{
    /// <summary>Gets what the journey has to give.</summary>
    Treated,

    /// <summary>Held out by the journey.</summary>
    HeldOut,

    /// <summary>Held out by the workspace, of all journeys.</summary>
    HeldOutEverywhere,
}

/// <summary>A lead's part in the comparison of those who got a journey with those who did not: fixed at entry, and followed for a fixed time, whatever becomes of the run meanwhile.</summary>
/// <param name="OfJourney">Share held out by the journey at that time, in millionths; 0: none.</param>
/// <param name="OfWorkspace">The same of the workspace.</param>
/// <param name="Until">Up to then a goal counts.</param>
/// <param name="Counts">It is the lead's first entry: people are compared, and who comes again is the same person.</param>
internal sealed record Trial(Arm Arm, int OfJourney, int OfWorkspace, DateTimeOffset Until, bool Counts)
{
    /// <summary>When the goal was reached; null: not, or not yet.</summary>
    public DateTimeOffset? GoalAt { get; init; }

    /// <summary>The goal was reached, or the time is up.</summary>
    public bool IsOver { get; init; }
}
