using LeadFunctions.Leads.State;
using LeadFunctions.Messaging.Campaigns;

namespace LeadFunctions.Calendar;

/// <summary>What goes out on which day, as far as it is known.</summary>
/// <param name="Zone">The workspace's, which cuts the days.</param>
/// <param name="Partial">There are people inside journeys, or leads, that were not looked at: time was up.</param>
/// <param name="Runs">People inside journeys who were looked at.</param>
/// <param name="Leads">Leads that were looked at for their dates and caps; 0 where nothing asks for either.</param>
/// <param name="Days">Those on which something is.</param>
internal sealed record CalendarAnswer(DateOnly From, DateOnly To, string Zone, DateTimeOffset AsOf, bool Partial, int Runs, int Leads, IReadOnlyList<CalendarDay> Days);

/// <param name="Sends">Messages that journeys send if nothing happens meanwhile; of days to come, today among them.</param>
/// <param name="Dates">People whom a date brings to a journey then.</param>
/// <param name="Over">Those who would get more than the caps allow; null: nobody.</param>
internal sealed record CalendarDay(DateOnly Day, IReadOnlyList<PlannedCampaign> Campaigns, IReadOnlyList<PlannedSends> Sends, IReadOnlyList<PlannedDates> Dates, PeopleOver? Over);

/// <param name="Recipients">Found so far; of one that has not begun, leads of its segment now.</param>
internal sealed record PlannedCampaign(string Id, string Name, CampaignStatus Status, DateTimeOffset At, string? Segment, int Recipients, bool Begun);

/// <param name="Step">Where the people stand now; null: they have yet to enter.</param>
internal sealed record PlannedSends(string Journey, string? Step, string Template, int People);

internal sealed record PlannedDates(string Journey, int People);

/// <param name="First">Some of them.</param>
internal sealed record PeopleOver(int People, IReadOnlyList<PersonOver> First);

internal sealed record PersonOver(string LeadId, string? Name, string? Email)
{
    public static PersonOver Of(LeadState lead) => new(lead.Id, lead.Whole.Name, lead.Whole.Email);
}
