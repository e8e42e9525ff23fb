using LeadFunctions.Events;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Lifecycle;
using LeadFunctions.Messaging;
using LeadFunctions.Scoring;
using LeadFunctions.Segments;

namespace LeadFunctions.Leads.State;

/// <summary>
/// What listings show of a known lead, as of its last commit. Written beside it in the same transaction, so that a listing is never behind the leads; engagement is a curve, so that decay needs no write.
/// </summary>
/// <param name="Id">The lead's.</param>
/// <param name="Name">Null where nobody said one.</param>
/// <param name="FirstSeen">Unix ms; 0 for a lead that was only ever told of from inside. So is <paramref name="LastSeen"/>.</param>
/// <param name="Segments">Those that the lead is in, as many as fit (<see cref="SegmentsLimit"/>).</param>
/// <param name="CompanyId">As <c>group</c> calls name the company.</param>
/// <param name="Act">What the person did last; null where nothing is known of it.</param>
/// <param name="Held">Messages that may not go out yet, or are tried again later.</param>
/// <param name="FailedAt">When a message was given up last, Unix ms; 0: none that is known.</param>
internal sealed record ListedLead(
    string Id, string Stage, string? Name, string? Company, string? Email, string? UserId, string? Owner, double Fit, string? Grade, long FirstSeen, long LastSeen,
    IReadOnlyList<string> Segments, EngagementCurve Engagement, string? CompanyId = null, HumanAct? Act = null, int Held = 0, long FailedAt = 0)
{
    /// <summary>Of all names of a lead's segments together, in characters: fifty leads' rows must fit into one row of the log.</summary>
    private const int SegmentsLimit = 8_000;

    /// <summary>Of each text, in characters: the rest of a longer one no listing shows.</summary>
    private const int TextLimit = 250;

    /// <summary>Null for leads that listings leave out: those whom nobody could write to or call, and those frozen into another.</summary>
    public static ListedLead? Of(LeadState state, LeadScore score, SegmentRules segments)
    {
        var whole = state.Whole;
        var (held, failedAt) = (state.Messages ?? LeadMessages.None).Troubles();
        return IsListed(state)
            ? new ListedLead(
                state.Id, whole.Stage, Cut(whole.Name), Cut(whole.Company), Cut(whole.Email), Cut(whole.UserId),
                Cut(whole.Owner), score.Fit, score.Grade, Seen(whole.FirstSeen), Seen(whole.LastSeen), Cut(state.SegmentNames(segments)), score.Curve ?? EngagementCurve.Zero, Cut(whole.CompanyId),
                HumanAct.LastOf(whole), held, failedAt)
            : null;
    }

    public static bool IsListed(LeadState state) => state.MergedInto is null && (state.Whole.IsKnown || state.Whole.Phone is not null);

    private static string? Cut(string? text) => text is null ? null : EventText.Cut(text, TextLimit);

    private static IReadOnlyList<string> Cut(IReadOnlyList<string> segments)
    {
        var length = 0;
        return [.. segments.TakeWhile(segment => (length += segment.Length) <= SegmentsLimit)];
    }

    private static long Seen(long ms) => ms is long.MaxValue or long.MinValue ? 0 : ms;
}

/// <summary>Something that the person did: no mail that a machine opened, nothing that we did or that time brought.</summary>
/// <param name="Name">The event's.</param>
/// <param name="At">Unix ms.</param>
internal readonly record struct HumanAct(string Name, long At)
{
    /// <summary>In characters: the rest of a longer name no listing shows.</summary>
    private const int NameLimit = 60;

    /// <summary>They come from inside, and yet a person did them.</summary>
    private static readonly IReadOnlySet<string> AnswersToMessages = new HashSet<string> { MessageEvents.Opened, MessageEvents.Clicked };

    private static readonly IReadOnlySet<string> OfOthers = new HashSet<string>(
        [.. MessageEvents.Names, .. JourneyEvents.FromInside, .. StageEvents.Names, .. StageEvents.Contacts, .. SegmentEvents.Names, LeadRecord.OtherNames, .. Enum.GetNames<EventType>().Except(OfPeople).Select(name => name.ToLowerInvariant())]);

    /// <summary>Types whose events bear their type's name, and tell what somebody did. Identify calls are none: they tell who somebody is, and servers make them at night.</summary>
    private static string[] OfPeople => [nameof(EventType.Page), nameof(EventType.Screen)];

    /// <summary>Null where nothing is known of it. What was only told of somebody, by a file or a colleague, is none: it is later than they were seen.</summary>
    public static HumanAct? LastOf(LeadRecord whole)
    {
        HumanAct? last = null;
        foreach (var (name, counter) in whole.Activity)
        {
            if (counter.Last > (last?.At ?? 0) && (AnswersToMessages.Contains(name) || (counter.Last <= whole.LastSeen && !OfOthers.Contains(name))))
            {
                last = new(name, counter.Last);
            }
        }

        return last is { } act ? act with { Name = EventText.Cut(act.Name, NameLimit) } : null;
    }
}

/// <summary>What a commit changed in listings.</summary>
/// <param name="Version">Grows with each change of the lead: of two changes the greater holds, in whatever order they are read.</param>
/// <param name="Lead">Null when listings no longer show it.</param>
internal sealed record ListingChange(string LeadId, long Version, ListedLead? Lead)
{
    /// <summary>Of a lead that was just reduced; null for one that listings never showed.</summary>
    public static ListingChange? Of(LeadState state, LeadScore score, SegmentRules segments) =>
        state.ListingVersion == 0 ? null : new(state.Id, state.ListingVersion, ListedLead.Of(state, score, segments));

    /// <summary>
    /// The version of the state after a change; 0 for a lead that listings never showed. It is a time as far as it can be, so that a lead that is erased and comes again, with nothing
    /// known of what it was, goes on above the change that took it away.
    /// </summary>
    public static long NextVersion(LeadState before, LeadState after, DateTimeOffset now) =>
        before.ListingVersion > 0 || ListedLead.IsListed(before) || ListedLead.IsListed(after) ? Math.Max(before.ListingVersion + 1, now.ToUnixTimeMilliseconds()) : 0;
}
