using LeadFunctions.Facts;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.State;
using LeadFunctions.Messaging;
using LeadFunctions.Messaging.Campaigns;
using NodaTime;

namespace LeadFunctions.Calendar;

/// <summary>Counts by the workspace's day what is planned for people, person by person. Pure.</summary>
/// <param name="now">What is before is over.</param>
/// <param name="until">The first moment after the last day.</param>
/// <param name="asked">The number whose people are to be named as well; null: none.</param>
internal sealed class CalendarCount(LeadRules rules, DateTimeOffset now, DateTimeOffset until, AskedPlan? asked = null)
{
    /// <summary>Of a day, so many are named.</summary>
    private const int MostNamed = 20;

    private readonly Dictionary<string, List<ExpectedSend>> _expected = [];
    private readonly Dictionary<(LocalDate Day, string Journey, string? Step, string Template), int> _sends = [];
    private readonly Dictionary<(LocalDate Day, string Journey), int> _dates = [];
    private readonly Dictionary<LocalDate, (int People, List<PersonOver> First)> _over = [];
    private readonly Dictionary<string, int> _recipients = [];
    private readonly SortedDictionary<string, int> _people = new(StringComparer.Ordinal);

    /// <summary>Whom the number counts that was asked for, by lead, and how often; by their ids.</summary>
    public IReadOnlyDictionary<string, int> People => _people;

    public int Runs { get; private set; }

    public int Leads { get; private set; }

    /// <summary>Somebody's dates or caps matter, or who is in a campaign's segment: the leads have to be looked at.</summary>
    public bool AsksLeads(IReadOnlyList<CampaignState> planned) => rules.Journeys.Dated.Count > 0 || planned.Count > 0 || (rules.Messages.Caps.Count > 0 && _expected.Count > 0);

    /// <summary>Somebody inside a journey, who has something to wait for until then.</summary>
    public void Add(string leadId, string journey, int version, string step, DateTimeOffset due)
    {
        Runs++;
        if (IsGoing(journey) && rules.Journeys.Find(journey, version) is { } known)
        {
            Expect(leadId, ExpectedSends.From(known, step, due < now ? now : due, until, rules.Journeys.Zone));
        }
    }

    /// <param name="planned">Campaigns that have yet to begin in time.</param>
    public void Add(LeadState lead, IReadOnlyList<CampaignState> planned)
    {
        Leads++;
        foreach (var journey in lead.Whole.IsKnown ? rules.Journeys.Dated.Where(journey => IsGoing(journey.Id)) : [])
        {
            AddDate(lead, journey);
        }

        var segments = planned.Count == 0 ? [] : lead.SegmentNames(rules.Segments);
        foreach (var campaign in planned.Where(campaign => campaign.Document.Segment is { } segment ? segments.Contains(segment) : campaign.Document.LeadIds?.Intersect(lead.AllIds).Any() == true))
        {
            _recipients[campaign.Id] = _recipients.GetValueOrDefault(campaign.Id) + 1;
            Name(lead.Id, AskedPlan.OfCampaign(DayOf(campaign.At), campaign.Id));
            Of(lead.Id).Add(new(campaign.At < now ? now : campaign.At, "", null, campaign.Document.Template, campaign.Document.Channel, IsUrgent: false));
        }

        List<ExpectedSend> expected = [.. lead.AllIds.SelectMany(id => _expected.GetValueOrDefault(id, []))];
        foreach (var day in CapCollisions.Of(expected, (lead.Messages ?? LeadMessages.None).Times, rules.Messages.Caps).Select(send => DayOf(send.At)).Distinct())
        {
            var (people, first) = _over.GetValueOrDefault(day, (0, []));
            if (first.Count < MostNamed)
            {
                first.Add(PersonOver.Of(lead));
            }

            _over[day] = (people + 1, first);
            Name(lead.Id, AskedPlan.OfOver(day));
        }
    }

    /// <param name="campaigns">All of the range.</param>
    public IReadOnlyList<CalendarDay> Days(IReadOnlyList<CampaignState> campaigns)
    {
        var shown = campaigns.ToLookup(campaign => DayOf(campaign.At), campaign => new PlannedCampaign(
            campaign.Id, campaign.Document.Name, campaign.Status, campaign.At, campaign.Document.Segment, campaign.StartedAt is null ? _recipients.GetValueOrDefault(campaign.Id) : campaign.Recipients, campaign.StartedAt is not null));
        var sends = _sends.ToLookup(one => one.Key.Day, one => new PlannedSends(one.Key.Journey, one.Key.Step, one.Key.Template, one.Value));
        var dates = _dates.ToLookup(one => one.Key.Day, one => new PlannedDates(one.Key.Journey, one.Value));
        return
        [
            .. shown.Select(day => day.Key).Union(sends.Select(day => day.Key)).Union(dates.Select(day => day.Key)).Order().Select(day => new CalendarDay(
                day.ToDateOnly(), [.. shown[day].OrderBy(campaign => campaign.At)], [.. sends[day].OrderByDescending(send => send.People).ThenBy(send => send.Journey, StringComparer.Ordinal)],
                [.. dates[day].OrderBy(date => date.Journey, StringComparer.Ordinal)], _over.TryGetValue(day, out var over) ? new(over.People, over.First) : null)),
        ];
    }

    /// <summary>What is paused sends nothing until somebody resumes it.</summary>
    private bool IsGoing(string journey) => rules.Journeys.StateOf(journey) == JourneyState.Live;

    private void AddDate(LeadState lead, Journey journey)
    {
        var rule = ((Trigger.Date)journey.Document.Trigger).Rule; // only such journeys are dated
        var zone = LeadZone.Of(lead.Whole).Zone ?? rules.Journeys.Zone;
        if (LocalTimes.Due(rule, lead.Whole.Traits.Find(rule.Trait), now, zone) is { } due && due > now && due < until)
        {
            var key = (DayOf(due), journey.Id);
            _dates[key] = _dates.GetValueOrDefault(key) + 1;
            Name(lead.Id, AskedPlan.OfDates(key.Item1, journey.Id));
            Expect(lead.Id, ExpectedSends.FromStart(journey, due, until, rules.Journeys.Zone));
        }
    }

    private void Expect(string leadId, IEnumerable<ExpectedSend> sends)
    {
        foreach (var send in sends)
        {
            Of(leadId).Add(send);
            var key = (DayOf(send.At), send.Journey, send.Step, send.Template);
            _sends[key] = _sends.GetValueOrDefault(key) + 1;
            Name(leadId, AskedPlan.OfSends(key.Item1, send.Journey, send.Step, send.Template));
        }
    }

    /// <summary>Each number that counts somebody says so: what is named is what is counted.</summary>
    private void Name(string leadId, AskedPlan plan)
    {
        if (asked == plan)
        {
            _people[leadId] = _people.GetValueOrDefault(leadId) + 1;
        }
    }

    private List<ExpectedSend> Of(string leadId) => _expected.TryGetValue(leadId, out var expected) ? expected : _expected[leadId] = [];

    private LocalDate DayOf(DateTimeOffset at) => Instant.FromDateTimeOffset(at).InZone(rules.Journeys.Zone).Date;
}
