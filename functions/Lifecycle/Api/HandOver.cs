using System.Globalization;
using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Leads.Api;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;

namespace LeadFunctions.Lifecycle.Api;

/// <summary>What somebody needs to know who is about to call a lead.</summary>
/// <param name="Why">What the score comes from, in words: what the lead did, the most first, then who they are.</param>
/// <param name="Journeys">Those that the lead is in.</param>
/// <param name="Pages">Seen lately, the most often first.</param>
/// <param name="Products">Likewise: viewed, put into the cart, bought.</param>
/// <param name="Interests">What it looks at most by now, by dimension; null where nothing is known.</param>
/// <param name="Consent">How the lead stands to what it was asked about, by topic; a topic that is not there is unknown.</param>
internal sealed record HandOver(
    string LeadId, string? Name, string? Email, string? Phone, string? Title, HandOverCompany? Company, string Stage, string? StageReason, string? Owner, DateTimeOffset? SlaUntil,
    double Engagement, double Fit, string? Grade, IReadOnlyList<string> Why, HandOverActivity? LastActivity, IReadOnlyList<string> Journeys, IReadOnlyList<HandOverInterest> Pages,
    IReadOnlyList<HandOverInterest> Products, IReadOnlyDictionary<string, IReadOnlyList<InterestAnswer>>? Interests, IReadOnlyList<Note> Notes, IReadOnlyDictionary<string, ConsentState> Consent)
{
    private const int Most = 10;
    private const int MostAnswers = 50;

    /// <param name="timeline">The last events, newest first.</param>
    public static HandOver Of(LeadState lead, IReadOnlyList<TimelineEntry> timeline, LeadRules rules, DateTimeOffset now)
    {
        var (whole, way) = (lead.Whole, lead.Lifecycle ?? LeadLifecycle.None);
        var score = Reducer.ScoreOf(lead, rules.Scoring, now);
        var done = timeline.Where(entry => entry.Event.LeadId is null).ToList(); // what the person did
        return new(
            lead.Id, whole.Name, whole.Email, Shown(whole, "phone"), Shown(whole, "title"), HandOverCompany.Of(whole), whole.Stage, way.Now?.Reason, whole.Owner, LeadStages.SlaOf(way, rules.Lifecycle),
            (double)ScoreExplanation.Hundredths(score.Engagement), (double)ScoreExplanation.Hundredths(score.Fit), score.Grade, WhyOf(whole, rules, now),
            HandOverActivity.Last(done), [.. (lead.Journeys?.Runs ?? []).Where(run => run.Ended is null && run.IsInside).Select(run => run.Journey).Distinct()],
            Seen(done, PageOf), Seen(done, ProductsOf), InterestAnswer.Of(whole, rules.Scoring.Interests, now),
            [.. timeline.Where(entry => entry.Event.Name == StageEvents.NoteAdded).Take(Most).Select(entry => new Note(entry.Event.At, EventText.Of(entry.Event.Properties, "by"), EventText.Of(entry.Event.Properties, "text") ?? ""))],
            ConsentOf(whole));
    }

    private static List<string> WhyOf(LeadRecord lead, LeadRules rules, DateTimeOffset now)
    {
        var rows = Scoring.Engagement.Of(lead.Ledger, rules.Scoring, lead, now).Contributions;
        var fit = (rules.Scoring.Live?.FitOf(lead, now) ?? Scoring.Fit.None).Contributions;
        return
        [
            .. rows.GroupBy(row => (row.Model, row.Rule, row.EventName))
                .Select(group => (group.Key, Points: group.Sum(row => row.Now), Times: group.Sum(row => row.Count ?? 1), Last: group.Max(row => row.At)))
                .Where(rule => Math.Abs(rule.Points) >= 0.5)
                .OrderByDescending(rule => Math.Abs(rule.Points))
                .Take(Most)
                .Select(rule => string.Create(CultureInfo.InvariantCulture,
                    $"{rule.Points:+0.#;-0.#} for {rule.Key.EventName}{(rule.Times > 1 ? $" ({rule.Times} times, last on {rule.Last:yyyy-MM-dd})" : $" on {rule.Last:yyyy-MM-dd}")}: {NameOf(rule.Key.Model, rule.Key.Rule)}")),
            .. fit.OrderByDescending(rule => Math.Abs(rule.Points)).Take(Most).Select(rule => string.Create(CultureInfo.InvariantCulture,
                $"{rule.Points:+0.#;-0.#} of fit: {rules.Scoring.Live?.Document.Fit?.Rules.FirstOrDefault(one => one.Id == rule.Rule)?.Name ?? rule.Rule}")),
        ];

        string NameOf(string model, string rule) =>
            rules.Scoring.Find(model) is { } known && known.IndexOf(rule) is var index and >= 0 && known.Document.Rules[index].Name is { } name ? name : rule;
    }

    private static List<HandOverInterest> Seen(IReadOnlyList<TimelineEntry> done, Func<LeadEvent, IEnumerable<(string Id, string? Name)>> read) =>
    [
        .. done.SelectMany(entry => read(entry.Event).DistinctBy(seen => seen.Id), (entry, seen) => (Of: seen, entry.Event.At))
            .GroupBy(seen => seen.Of.Id)
            .Select(group => new HandOverInterest(group.Key, group.Select(seen => seen.Of.Name).FirstOrDefault(name => name is { Length: > 0 }), group.Count(), group.Max(seen => seen.At)))
            .OrderByDescending(interest => interest.Times).ThenByDescending(interest => interest.Last).Take(Most),
    ];

    private static IEnumerable<(string, string?)> PageOf(LeadEvent e) =>
        e.Type == EventType.Page && (EventText.Of(e.Properties, "path") ?? EventText.Of(e.Properties, "url")) is { Length: > 0 } path ? [(path, EventText.Of(e.Properties, "title"))] : [];

    /// <summary>The product that the event is about, and those in its list, as Segment's orders and carts have one.</summary>
    private static IEnumerable<(string, string?)> ProductsOf(LeadEvent e)
    {
        if (e.Type != EventType.Track)
        {
            return [];
        }

        var listed = JsonText.TryGet(e.Properties, "products"u8, out var products) && products.ValueKind == JsonValueKind.Array ? products.EnumerateArray() : default;
        return ((IEnumerable<JsonElement>)[e.Properties, .. listed]).Select(ProductIn).OfType<(string, string?)>();
    }

    private static (string, string?)? ProductIn(JsonElement product) =>
        (Scalar(product, "productId") ?? Scalar(product, "product_id") ?? Scalar(product, "sku")) is { Length: > 0 } id ? (id, EventText.Of(product, "name") ?? EventText.Of(product, "productName")) : null;

    private static string? Scalar(JsonElement properties, string name) =>
        properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(name, out var value)
            ? value.ValueKind switch { JsonValueKind.String => JsonText.Of(value), JsonValueKind.Number => value.GetRawText(), _ => null }
            : null;

    /// <summary>By the reading that decides about messages: whoever calls goes by this line alone, so a yes that another answer outweighs is none.</summary>
    private static Dictionary<string, ConsentState> ConsentOf(LeadRecord lead) => lead.Traits.Answers
        .OrderBy(answer => answer.Path, StringComparer.Ordinal).Take(MostAnswers)
        .ToDictionary(answer => answer.Path, answer => ConsentFunctions.StateOf(answer) == ConsentState.Granted && (TopicOf(answer) is not { Length: > 0 } topic || TopicConsent.Refuse(topic, ConsentAtom.UsualChannel, lead) is null) ? ConsentState.Granted : ConsentState.Denied);

    /// <summary>Without the words for the answer itself: <c>news</c> of <c>news.optedOut</c>.</summary>
    private static string TopicOf(ConsentAnswer answer) => string.Join('.', answer.Path.Split('.').Where(word => !Conditions.Consent.IsAnswer(word, out _)));

    /// <summary>Also a telephone number that came as a number.</summary>
    internal static string? Shown(LeadRecord lead, string path) => lead.Traits.Find(path) is { Kind: not (ValueKind.Missing or ValueKind.Null) } value ? value.ToString() : null;
}

internal sealed record HandOverCompany(string? Id, string? Name, string? Industry, string? Employees)
{
    public static HandOverCompany? Of(LeadRecord lead)
    {
        var company = new HandOverCompany(Of("id"), Of("name"), Of("industry"), Of("employees"));
        return company is { Id: null, Name: null, Industry: null, Employees: null } ? null : company;

        string? Of(string field) => HandOver.Shown(lead, "company." + field);
    }
}

internal sealed record HandOverActivity(string Event, DateTimeOffset At, string? What)
{
    /// <summary>What somebody did says more than who they are.</summary>
    public static HandOverActivity? Last(IReadOnlyList<TimelineEntry> done) =>
        (done.FirstOrDefault(entry => entry.Event.Type is EventType.Track or EventType.Page or EventType.Screen) ?? done.FirstOrDefault()) is { Event: var last } ? Of(last) : null;

    private static HandOverActivity Of(LeadEvent e) => new(e.Name, e.At, EventText.Of(e.Properties, "title") ?? EventText.Of(e.Properties, "path") ?? EventText.Of(e.Properties, "name"));
}

/// <param name="Id">A page's path, or a product's id.</param>
internal sealed record HandOverInterest(string Id, string? Name, int Times, DateTimeOffset Last);
