namespace LeadFunctions.Reports;

/// <summary>By what reports can be cut, as facts, answers and queries name it.</summary>
internal static class Dimensions
{
    // Of the person, as it was known at the fact's moment.
    public const string Source = "source", FirstCampaign = "firstCampaign", Country = "country", Owner = "owner", Grade = "grade", Origin = "origin";

    /// <summary>The origin of whoever was not imported.</summary>
    public const string Live = "live";

    /// <summary>What stands for a grade that nobody noted when it was.</summary>
    public const string NotNoted = "(unknown)";

    // Of who became eligible: that nothing was sent to the address all the same. No report is cut by it.
    public const string Suppressed = "suppressed";

    // Of a stage.
    public const string Stage = "stage", From = "from", Outcome = "outcome", Cause = "cause", Reason = "reason", Journey = "journey", Step = "step", Currency = "currency";

    // Of a message.
    public const string Channel = "channel", Template = "template", Topic = "topic", Campaign = "campaign";

    // Of a touch.
    public const string Act = "act", By = "by", Form = "form";

    // Of a rule that led to a stage.
    public const string Rule = "rule", Needed = "needed";

    // Of how leads stand.
    public const string Band = "band", Model = "model";

    /// <summary>Of the person.</summary>
    public static readonly IReadOnlyList<string> OfPeople = [Source, FirstCampaign, Country, Owner, Grade, Origin];

    /// <summary>Periods, from the shortest to the longest.</summary>
    public static readonly IReadOnlyList<string> OfTime = ["day", "week", "month", "quarter", "year"];
}
