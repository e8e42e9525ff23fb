using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Conditions;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Forms;

/// <summary>How a form was sent: what of it does not stand in the answers.</summary>
/// <param name="Id">Of the submission: the same however often it is sent.</param>
/// <param name="Locale">The language that it was shown in.</param>
/// <param name="Page">Where; null when nobody said.</param>
/// <param name="AnonymousId">The browser's; null when nobody said.</param>
/// <param name="Address">Of the sender, hashed.</param>
internal sealed record FormSending(string Id, string Locale, string? Page, string? AnonymousId, string Address, DateTimeOffset At);

/// <summary>What somebody agreed to by a form: kept until they confirm it, or told at once.</summary>
/// <param name="Texts">The consent texts that they saw, by field, hashed: with form and version they say which words these were.</param>
internal sealed record FormConsent(string Form, int Version, FormSending Sending, string? Email, IReadOnlyList<string> Topics, IReadOnlyDictionary<string, string> Texts);

/// <summary>A submission as events. Their ids follow from its own, so that they are applied once however often they are made.</summary>
internal static class FormEvents
{
    /// <summary>Somebody has confirmed what they agreed to. From inside only.</summary>
    public const string Confirmed = "Form Confirmed";

    /// <summary>Where leads come from that came by a form: no source's id has a slash.</summary>
    public static string SourceOf(string form) => $"form/{form}";

    /// <summary>Somebody sent it by a form of ours. From outside nobody can say so.</summary>
    public static bool IsOne(LeadEvent e) => e is { LeadId: null, Source: { } source } && source.StartsWith(SourceOf(""), StringComparison.Ordinal);

    /// <summary>The form and the submission that an event came of; null when it came of none.</summary>
    public static (string Form, string Submission)? SubmissionOf(LeadEvent e) =>
        IsOne(e) && e.Id.Split('/') is ["form", { Length: > 0 } submission, _] ? (e.Source![SourceOf("").Length..], submission) : null; // it is one of a form's

    /// <summary>Who it is and what they sent; without what they agreed to.</summary>
    public static IReadOnlyList<LeadEvent> Submitted(Form form, ReadForm read, FormSending sending)
    {
        var events = new List<LeadEvent>();
        var traits = new JsonObject();
        foreach (var (field, value) in read.Answers.Where(answer => answer.Field.Trait is not null))
        {
            Put(traits, field.Trait!.Split('.'), value.DeepClone()); // just seen
        }

        if (traits.Count > 0)
        {
            events.Add(Of(form.Id, sending, "identify", EventType.Identify, "identify", read.Email) with { Traits = JsonSerializer.SerializeToElement(traits), Email = null });
        }

        var said = new JsonObject([.. read.Answers.Select(answer => KeyValuePair.Create<string, JsonNode?>(answer.Field.Name, answer.Value.DeepClone()))]);
        var properties = new JsonObject { ["form"] = form.Id, ["version"] = form.Version, ["page"] = sending.Page, ["fields"] = said };
        events.Add(Of(form.Id, sending, "submitted", EventType.Track, JourneyEvents.FormSubmitted, read.Email) with { Properties = WithoutNulls(properties), Context = Context(sending, null) });
        return events;
    }

    /// <summary>What they agreed to; null: nothing.</summary>
    public static FormConsent? Consent(LocalForm form, ReadForm read, FormSending sending)
    {
        var document = form.Form.Document;
        var asks = document.Fields.Any(field => field.Kind == FieldKind.Consent);
        IReadOnlyList<string> topics = [.. (asks ? read.Agreed.SelectMany(field => field.Topics ?? document.Topics) : document.Topics).Distinct(StringComparer.OrdinalIgnoreCase)];
        return topics.Count == 0 ? null : new(
            form.Form.Id, form.Form.Version, sending, read.Email, topics, read.Agreed.ToDictionary(field => field.Name, field => HashOf(form.Words(field).Text ?? "")));
    }

    /// <param name="confirmedAt">When it was confirmed; null: it needed no confirmation.</param>
    /// <param name="narrowed">What whoever confirmed had refused as a whole: they refuse it but for what they agree to. Of a form that anybody can send in their name nothing is.</param>
    public static IReadOnlyList<LeadEvent> Agreed(FormConsent consent, DateTimeOffset? confirmedAt, IReadOnlyList<string>? narrowed = null)
    {
        var sending = consent.Sending;
        var at = confirmedAt ?? sending.At;
        var changed = Of(consent.Form, sending, "consent", EventType.Track, ConsentEvents.Changed, consent.Email) with
        {
            At = at,
            Properties = JsonSerializer.SerializeToElement((narrowed ?? []).Except(consent.Topics, StringComparer.OrdinalIgnoreCase)
                .Select(place => KeyValuePair.Create<string, object>(place, ConsentAnswer.UnlessAgreed)).Concat(consent.Topics.Select(topic => KeyValuePair.Create<string, object>(topic, true))).ToDictionary()),
            Context = Context(sending, consent, confirmedAt is not null),
        };
        return confirmedAt is null ? [changed] :
        [
            changed,
            Of(consent.Form, sending, "confirmed", EventType.Track, Confirmed, consent.Email) with
            {
                At = at,
                Properties = WithoutNulls(new JsonObject { ["form"] = consent.Form, ["version"] = consent.Version, ["page"] = sending.Page }),
            },
        ];
    }

    /// <summary>Of a text that somebody agreed to.</summary>
    public static string HashOf(string text) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    private static LeadEvent Of(string form, FormSending sending, string part, EventType type, string name, string? email) => new()
    {
        Id = $"form/{sending.Id}/{part}",
        Type = type,
        Name = name,
        At = sending.At,
        // A form that nobody says their name in makes a lead all the same: of whoever sent it.
        AnonymousId = sending.AnonymousId ?? (email is null ? $"form/{sending.Id}" : null),
        Email = email,
        Source = SourceOf(form),
    };

    // Beside the answers, not among them: what stands there is an answer about a topic of that name.
    private static JsonElement Context(FormSending sending, FormConsent? consent, bool isConfirmed = false)
    {
        var form = new JsonObject { ["submission"] = sending.Id, ["locale"] = sending.Locale, ["address"] = sending.Address };
        if (consent is not null)
        {
            form["id"] = consent.Form;
            form["version"] = consent.Version;
            form["page"] = sending.Page;
            form["texts"] = consent.Texts.Count == 0 ? null : JsonSerializer.SerializeToNode(consent.Texts);
            form["confirmed"] = isConfirmed ? true : null;
        }

        return WithoutNulls(new JsonObject { ["form"] = JsonNode.Parse(WithoutNulls(form).GetRawText()) });
    }

    private static JsonElement WithoutNulls(JsonObject json)
    {
        foreach (var name in json.Where(member => member.Value is null).Select(member => member.Key).ToList())
        {
            json.Remove(name);
        }

        return JsonSerializer.SerializeToElement(json);
    }

    private static void Put(JsonObject root, ReadOnlySpan<string> path, JsonNode value)
    {
        while (path.Length > 1)
        {
            root = (JsonObject)(root[path[0]] ??= new JsonObject()); // no field's trait is the beginning of another's
            path = path[1..];
        }

        root[path[0]] = value;
    }
}
