using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Facts;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.State;
using LeadFunctions.Push;
using LeadFunctions.Scoring;

namespace LeadFunctions.Leads.Api;

/// <summary>A lead as the API shows it.</summary>
/// <param name="Known">By a user id or an e-mail address; otherwise anonymous.</param>
/// <param name="Activity">By event name.</param>
/// <param name="Segments">Those that the lead is in, lists included.</param>
/// <param name="MergedLeads">Leads that turned out to be this person, and that can be let go again.</param>
/// <param name="Owner">Who in sales looks after it; null: nobody.</param>
/// <param name="StageSince">When it came into its stage; null where nobody has looked.</param>
/// <param name="TimeZone">Null when nothing is known of it.</param>
/// <param name="Interests">What it looks at most, by dimension; null where nothing is known.</param>
/// <param name="Rfm">How it stands beside all buyers; null for who has bought nothing, and before that was computed.</param>
internal sealed record LeadAnswer(
    string Id, bool Known, string? UserId, string? Email, IReadOnlyList<string> AnonymousIds, string Stage, double Engagement, double Fit, string? Grade,
    DateTimeOffset FirstSeen, DateTimeOffset? LastSeen, JsonObject Traits, JsonObject Consent, IReadOnlyList<string> Segments, IReadOnlyDictionary<string, ActivityAnswer> Activity,
    IReadOnlyList<MergedLeadAnswer>? MergedLeads, TimeZoneAnswer? TimeZone, string? Owner, DateTimeOffset? StageSince,
    IReadOnlyDictionary<string, IReadOnlyList<InterestAnswer>>? Interests, RfmAnswer? Rfm)
{
    public static LeadAnswer Of(LeadState state, LeadRules rules, DateTimeOffset now)
    {
        var whole = state.Whole;
        var score = Reducer.ScoreOf(state, rules.Scoring, now);
        return new LeadAnswer(
            state.Id,
            whole.IsKnown,
            whole.UserId,
            whole.Email,
            [.. whole.Identities.Where(i => i[0] == 'a').Select(i => i[2..])],
            whole.Stage,
            (double)ScoreExplanation.Hundredths(score.Engagement),
            (double)ScoreExplanation.Hundredths(score.Fit),
            score.Grade,
            Time(whole.FirstSeen),
            SeenAt(whole.LastSeen),
            Nested(whole.Traits.All.Where(t => t.Key[0] != '$').Select(t => (t.Key, t.Value.Value))),
            Nested(whole.Traits.All.Where(t => t.Key.StartsWith(Conditions.Consent.Prefix, StringComparison.Ordinal)).Select(t => (t.Key[Conditions.Consent.Prefix.Length..], t.Value.Value))),
            state.SegmentNames(rules.Segments),
            whole.Activity.OrderBy(a => a.Key, StringComparer.Ordinal).ToDictionary(a => a.Key, a => new ActivityAnswer(a.Value.Total, Time(a.Value.First), Time(a.Value.Last))),
            state.Absorbed.Count == 0 ? null : [.. state.Absorbed.Select(part => new MergedLeadAnswer(part.Id, Time(part.At)))],
            TimeZoneAnswer.Of(new LeadProfile(whole, score, rules.Scoring)),
            whole.Owner,
            state.Lifecycle?.Now is { } stay && stay.Stage == whole.Stage ? Time(stay.At) : null,
            InterestAnswer.Of(whole, rules.Scoring.Interests, now),
            RfmAnswer.Of(new LeadProfile(whole, score, rules.Scoring, new(rules.Segments, state.Segments, state.Id)), now));
    }

    /// <summary>Null for somebody of whom one was only told, by a file or a colleague: they have done nothing yet.</summary>
    internal static DateTimeOffset? SeenAt(long ms) => ms > 0 ? Time(ms) : null;

    internal static DateTimeOffset Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(ms, 0, 253_402_300_799_000));

    /// <summary>Dotted paths back into objects; where a path is both a value and a prefix, the value keeps its dotted name.</summary>
    internal static JsonObject Nested(IEnumerable<(string Path, Value Value)> leaves)
    {
        var root = new JsonObject();
        foreach (var (path, value) in leaves.OrderBy(leaf => leaf.Path, StringComparer.Ordinal))
        {
            var node = root;
            var rest = path;
            while (rest.IndexOf('.') is > 0 and var dot && (node[rest[..dot]] ?? (node[rest[..dot]] = new JsonObject())) is JsonObject child)
            {
                node = child;
                rest = rest[(dot + 1)..];
            }

            node[rest] = JsonSerializer.SerializeToNode(value, LeadsJson.Default.Value);
        }

        return root;
    }
}

/// <summary>A lead as listings show it, under the names that a lead's answer has for the same. The rest is with the lead.</summary>
/// <param name="LastAct">What the person did last; null where nothing is known of it.</param>
/// <param name="Held">Messages that wait to go out, or are tried again.</param>
/// <param name="FailedAt">When a message was given up last; null: none that is known.</param>
internal sealed record ListedLeadAnswer(
    string Id, bool Known, string? UserId, string? Email, string? Name, string? Company, string? Owner, string Stage, double Engagement, double Fit, string? Grade,
    DateTimeOffset FirstSeen, DateTimeOffset? LastSeen, IReadOnlyList<string> Segments, ActAnswer? LastAct, int Held, DateTimeOffset? FailedAt)
{
    public static ListedLeadAnswer Of(ListedRow row)
    {
        var lead = row.Lead;
        return new(
            lead.Id, lead.UserId is not null || lead.Email is not null, lead.UserId, lead.Email, lead.Name, lead.Company, lead.Owner, lead.Stage, (double)ScoreExplanation.Hundredths(row.Engagement), (double)ScoreExplanation.Hundredths(lead.Fit), lead.Grade,
            LeadAnswer.Time(lead.FirstSeen), LeadAnswer.SeenAt(lead.LastSeen), lead.Segments,
            lead.Act is { } act ? new(act.Name, LeadAnswer.Time(act.At)) : null, lead.Held, LeadAnswer.SeenAt(lead.FailedAt));
    }
}

/// <param name="Name">The event's.</param>
internal sealed record ActAnswer(string Name, DateTimeOffset At);

internal sealed record ActivityAnswer(int Count, DateTimeOffset First, DateTimeOffset Last);

internal sealed record MergedLeadAnswer(string Id, DateTimeOffset At);

/// <summary>Where the lead lives: what quiet hours and local times go by.</summary>
/// <param name="Name">As it is understood; null when the journey's zone counts, else the workspace's.</param>
/// <param name="From"><c>trait</c> or <c>browser</c>; null with the name.</param>
/// <param name="Unreadable">What was said of it that names no time zone.</param>
internal sealed record TimeZoneAnswer(string? Name, string? From, IReadOnlyList<string>? Unreadable)
{
    public static TimeZoneAnswer? Of(ILeadFacts lead)
    {
        var zone = LeadZone.Of(lead);
        return zone is { Zone: null, Unreadable: [] } ? null : new(zone.Zone?.Id, zone.From, zone.Unreadable is [] ? null : zone.Unreadable);
    }
}

/// <summary>How a buyer stands beside all others.</summary>
/// <param name="Recency">From 1 to 5, as the next two.</param>
/// <param name="Amount">What the orders came to.</param>
internal sealed record RfmAnswer(string Group, int Recency, int Frequency, int Monetary, int Orders, double Amount, DateTimeOffset LastOrder)
{
    public static RfmAnswer? Of(ILeadFacts lead, DateTimeOffset now) =>
        RfmAtom.Of(lead, now) is var (bought, score) ? new(score.Group, score.Recency, score.Frequency, score.Monetary, bought.Orders, Math.Round(bought.Amount, 2), LeadAnswer.Time(bought.Last)) : null;
}

/// <summary>An event of the timeline as the API shows it.</summary>
/// <param name="Points">What each rule gave for it when it was applied.</param>
/// <param name="LeadId">Of a lead that was merged: the one that had it then.</param>
/// <param name="Remarks">What was sent with it and was passed over.</param>
internal sealed record TimelineAnswer(
    string Id, EventType Type, string Name, DateTimeOffset At, DateTimeOffset ReceivedAt, string? Source, string? UserId, string? AnonymousId, string? LeadId,
    JsonElement? Properties, JsonElement? Traits, JsonElement? Context, IReadOnlyList<EarnedPoints> Points, TimelineChanges? Changes,
    IReadOnlyList<Remark>? Remarks)
{
    public static TimelineAnswer Of(TimelineEntry entry, string leadId, string askedFor)
    {
        var e = entry.Event;
        return new TimelineAnswer(
            e.Id, e.Type, e.Name, e.At, entry.ReceivedAt, e.Source, e.UserId, e.AnonymousId, leadId == askedFor ? null : leadId,
            Some(BrowserSubscriptions.Shown(e)), Some(e.Traits), Some(e.Context), entry.Points, entry.Changes, e.Remarks);
    }

    private static JsonElement? Some(JsonElement element) => element.ValueKind == JsonValueKind.Undefined ? null : element;
}
