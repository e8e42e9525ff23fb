using LeadFunctions.Leads.State;

namespace LeadFunctions.Lifecycle.Api;

/// <summary>A lead's way through the lifecycle.</summary>
/// <param name="Stays">Oldest first, the last hundred.</param>
/// <param name="SlaUntil">Until when it is to be moved on; null where no time is set.</param>
/// <param name="Reopened">How often it was.</param>
internal sealed record LeadStages(string LeadId, string Stage, string? Owner, DateTimeOffset? SlaUntil, bool SlaMissed, bool Neglected, int Reopened, IReadOnlyList<ShownStay> Stays)
{
    public static LeadStages Of(LeadState lead, LifecycleRules rules, DateTimeOffset now)
    {
        var way = lead.Lifecycle ?? LeadLifecycle.None;
        var stays = way.Stays.Select((stay, i) =>
        {
            var (begins, ends) = (Time(stay.At), i + 1 < way.Stays.Count ? Time(way.Stays[i + 1].At) : (DateTimeOffset?)null);
            return new ShownStay(stay.Stage, begins, ends, Math.Round(((ends ?? now) - begins).TotalDays, 3), stay.Cause, stay.Reason, stay.By, stay.Outcome, stay.Amount, stay.Currency);
        });
        return new(lead.Id, lead.Whole.Stage, lead.Whole.Owner, SlaOf(way, rules), way.IsOverdue, way.IsNeglected, way.Reopened, [.. stays]);
    }

    public static DateTimeOffset? SlaOf(LeadLifecycle way, LifecycleRules rules) =>
        way.Now is { } stay && rules.Find(stay.Stage)?.Sla is { } sla ? Time(stay.At) + sla.Length : null;

    private static DateTimeOffset Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
}

/// <param name="Until">Absent of the stay that goes on.</param>
/// <param name="Days">That it lasted, or has lasted so far.</param>
/// <param name="Cause"><c>rule</c>, <c>person</c>, <c>journey</c> or <c>merge</c>; absent of the first.</param>
/// <param name="By">The journey, or who said so.</param>
internal sealed record ShownStay(
    string Stage, DateTimeOffset Since, DateTimeOffset? Until, double Days, string? Cause, string? Reason, string? By, string? Outcome, double? Amount, string? Currency);
