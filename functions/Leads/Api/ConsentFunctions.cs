using System.Globalization;
using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Conditions;
using LeadFunctions.Events;
using LeadFunctions.Facts;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Leads.Api;

/// <summary>What somebody agreed to, and how that is known, at any moment.</summary>
public sealed class ConsentFunctions(LeadReader leads, TimeProvider time)
{
    /// <summary>Events read together, and at most: whoever changes their mind more often is a test.</summary>
    private const int AtOnce = 200;
    private const int Most = 2_000;

    [Function(nameof(GetLeadConsent)), ShowsPeople, RequiresScope(Scope.Read)]
    public async Task<IResult> GetLeadConsent(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/leads/{id}/consent")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        List<FieldError> errors = [.. KnownQuery.Check(request.Query, "at")];
        var at = time.GetUtcNow();
        if (request.Query.TryGetValue("at", out var asked) && !DateTimeOffset.TryParse(asked, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out at))
        {
            errors.Add(new("at", "This is no moment.", "a time as in 2026-05-31T10:00:00Z, or nothing for now"));
        }

        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        if (await leads.FindAsync(id, cancellationToken) is not { } lead)
        {
            return Problems.NotFound("The lead");
        }

        var (events, isAll) = await EventsAsync(lead, cancellationToken);
        var history = ConsentHistory.Of(events, at);
        return WebJson.Ok(new LeadConsent(
            lead.Id, at, [.. history.Answers.Select(one => new TopicAnswer(one.Answer.Path, StateOf(one.Answer), one.Event.At, ConsentEvidence.Of(one.Event)))],
            [.. history.Events.Select(one => new ConsentChange(one.Event.At, one.Answers.ToDictionary(answer => answer.Path, StateOf), ConsentEvidence.Of(one.Event)))], isAll ? null : true));
    }

    private async Task<(IReadOnlyList<LeadEvent> Events, bool IsAll)> EventsAsync(LeadState lead, CancellationToken cancellationToken)
    {
        var events = new List<LeadEvent>();
        TimelinePosition? from = null;
        do
        {
            var (entries, next) = await leads.TimelineAsync(lead, Traits.IsAnswer, AtOnce, from, cancellationToken);
            events.AddRange(entries.Select(entry => entry.Entry.Event));
            from = next;
        }
        while (from is not null && events.Count < Most);
        return (events, from is null);
    }

    internal static ConsentState StateOf(ConsentAnswer answer) => answer.Said == Said.Yes ? ConsentState.Granted : ConsentState.Denied;
}

/// <summary>What nobody asked about, or nobody answered, is not there: it is unknown.</summary>
internal enum ConsentState
{
    Granted,

    /// <summary>A no; or neither yes nor no, which counts as one.</summary>
    Denied,
}

/// <param name="At">As of when.</param>
/// <param name="Topics">Every answer that stood then; a topic that is not among them is unknown.</param>
/// <param name="History">All that was answered until then, newest first.</param>
/// <param name="Partial">There is more than was read; absent when there is not.</param>
internal sealed record LeadConsent(string LeadId, DateTimeOffset At, IReadOnlyList<TopicAnswer> Topics, IReadOnlyList<ConsentChange> History, bool? Partial);

/// <param name="Topic">With what it was said about: <c>news</c>, <c>news.email</c>.</param>
internal sealed record TopicAnswer(string Topic, ConsentState State, DateTimeOffset Since, ConsentEvidence By);

internal sealed record ConsentChange(DateTimeOffset At, IReadOnlyDictionary<string, ConsentState> Answers, ConsentEvidence By);

/// <summary>How an answer is known.</summary>
/// <param name="EventId">In the lead's timeline.</param>
/// <param name="Source">Where the event came from: a source's id, <c>form/…</c>, <c>import</c>, <c>preference page</c>, <c>one-click unsubscribe</c>, <c>carrier/…</c>.</param>
/// <param name="Form">Id and version of the form, its page and language, which texts were agreed to (hashed), from which address (hashed), and whether it was confirmed; absent where it was none.</param>
/// <param name="Entered">By whom, and how it was given; absent where nobody entered it by hand.</param>
internal sealed record ConsentEvidence(string EventId, string Name, string? Source, JsonElement? Form, JsonElement? Entered)
{
    public static ConsentEvidence Of(LeadEvent e) => new(e.Id, e.Name, e.Source, Some(ConsentHistory.HowOf(e, "form")), Some(ConsentHistory.HowOf(e, "entered")));

    private static JsonElement? Some(JsonElement json) => json.ValueKind == JsonValueKind.Undefined ? null : json;
}
