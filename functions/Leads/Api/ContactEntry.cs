using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Access;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Ingest.Reading;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Lifecycle;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using LeadFunctions.Segments;

namespace LeadFunctions.Leads.Api;

/// <summary>What is entered of a contact.</summary>
/// <param name="Traits">As <c>identify</c> has them; an <c>email</c> or a <c>phone</c> where there is no <paramref name="UserId"/>.</param>
/// <param name="Consent">As "Consent Changed" has it: topics, each with yes or no, or with that for each channel.</param>
/// <param name="How">How the consent was given: whoever asks later is shown it. Needed with a consent.</param>
/// <param name="Lists">Kept by hand.</param>
/// <param name="Id">The caller's own, so that a repetition changes nothing.</param>
internal sealed record NewContact(
    JsonElement Traits, string? UserId = null, JsonElement? Consent = null, string? How = null, string? Note = null, string? Owner = null, IReadOnlyList<string>? Lists = null, string? By = null, string? Id = null);

/// <summary>A contact as events: what is known of them takes the way of every event from outside, so that the same rules hold for both.</summary>
internal sealed class ContactEntry(NewContact contact, string by, string id, DateTimeOffset now)
{
    private const int MaxText = 2_000;
    private const int MaxName = 200;
    private const int MaxLists = 20;

    private static readonly Source ByHand = Source.Default with { Id = "by-hand", Name = "By hand", IsPeople = true, RespectPrivacySignals = false, DropBots = false };

    // Beside what people are known by: it joins what is entered of one contact, whatever that holds.
    private string AnonymousId => $"by-hand/{id}";

    public string EventId => $"{AnonymousId}/identify";

    /// <summary>Of the contact, strongest first.</summary>
    public IReadOnlyList<Identity> Names { get; private set; } = [];

    /// <returns>What is wrong with it; then nothing of it is to be stored.</returns>
    public IEnumerable<FieldError> Write(EventBuffer buffer, SegmentRules segments)
    {
        var errors = Check(segments).ToList();
        if (errors.Count > 0)
        {
            return errors;
        }

        var told = new ToldPerson(new(ByHand, Guid.CreateVersion7(now), now));
        List<LeadEvent?> all = [Tell("identify", EventType.Identify, null, contact.Traits, new())];
        Names = [.. Identity.Of(new LeadEvent { Id = id, Type = EventType.Identify, Name = "identify", At = now, UserId = all[0]?.UserId, AnonymousId = AnonymousId, Traits = contact.Traits })];
        if (contact.Consent is { } consent)
        {
            all.Add(Tell("consent", EventType.Track, ConsentEvents.Changed, consent, new() { ["context"] = new JsonObject { ["entered"] = new JsonObject { ["how"] = contact.How, ["by"] = by } } }));
        }

        if (Names.Count == 1 && !JsonText.TryGet(contact.Traits, "phone"u8, out _))
        {
            errors.Add(new("$.traits", "Nobody could find this contact again.", "an email or a phone among the traits, or a userId"));
        }

        if (errors.Count == 0 && !all.Concat(Inside()).All(one => one is not null && buffer.TryAdd(one)))
        {
            errors.Add(new("$", "It is too long.", "less than a message can hold"));
        }

        return errors;

        LeadEvent? Tell(string part, EventType type, string? name, JsonElement said, JsonObject rest)
        {
            rest["anonymousId"] = AnonymousId;
            if (contact.UserId is { Length: > 0 } user)
            {
                rest["userId"] = user;
            }

            var made = told.Tell($"{AnonymousId}/{part}", type, name, JsonNode.Parse(said.GetRawText()), rest);
            if (made is null)
            {
                errors.Add(new(PathOf(part, told.Refusal.Path), told.Refusal.Message));
            }

            // Somebody sits before it and can mend what nobody could read.
            errors.AddRange((made is null ? [] : told.Remarks).Select(remark => new FieldError(PathOf(part, remark.Path), remark.Message)));
            return made;
        }
    }

    private IEnumerable<FieldError> Check(SegmentRules segments)
    {
        if (contact.Traits.ValueKind != JsonValueKind.Object)
        {
            yield return new("$.traits", "These are no traits.", "an object, such as {\"email\": \"ann@example.com\", \"name\": \"Ann\"}");
        }

        if (contact.Consent is { ValueKind: not JsonValueKind.Object })
        {
            yield return new("$.consent", "This is no consent.", "an object of topics, such as {\"newsletter\": true}");
        }

        if (contact.Consent is not null && string.IsNullOrWhiteSpace(contact.How))
        {
            yield return new("$.how", "A consent needs to be told of: how was it given?", "text, such as \"signed card at the fair\"");
        }

        foreach (var (path, text, most) in new[] { ("$.how", contact.How, MaxName), ("$.note", contact.Note, MaxText), ("$.owner", contact.Owner, MaxName), ("$.by", contact.By, MaxName), ("$.id", contact.Id, 50) })
        {
            if (text?.Trim().Length > most || (text is not null && path == "$.id" && string.IsNullOrWhiteSpace(text)))
            {
                yield return new(path, "This is empty or too long.", $"1 to {most} characters");
            }
        }

        foreach (var (list, place) in (contact.Lists ?? []).Select((list, place) => (list, place)))
        {
            if (place >= MaxLists)
            {
                yield return new($"$.lists[{place}]", "There are too many.", $"at most {MaxLists} lists");
            }
            else if (SegmentMembership.Fault(list, segments.IsLive) is var (message, expected))
            {
                yield return new($"$.lists[{place}]", message, expected);
            }
        }
    }

    /// <summary>What only the product itself may say.</summary>
    private IEnumerable<LeadEvent> Inside()
    {
        if (contact.Note?.Trim() is { Length: > 0 } note)
        {
            yield return Of("note", EventType.Track, StageEvents.NoteAdded, new { text = note, by });
        }

        if (contact.Owner?.Trim() is { Length: > 0 } owner)
        {
            yield return Of("owner", EventType.Owner, "owner", new { owner, by, cause = "person" });
        }

        foreach (var list in (contact.Lists ?? []).Distinct(StringComparer.Ordinal))
        {
            yield return Of($"list/{StableHash.Text(list)}", EventType.Segment, "segment", SegmentMembership.Say(list, isMember: true));
        }
    }

    private LeadEvent Of<T>(string part, EventType type, string name, T properties) => new()
    {
        Id = $"{AnonymousId}/{part}",
        Type = type,
        Name = name,
        At = now,
        AnonymousId = AnonymousId,
        Source = ByHand.Id,
        Properties = JsonSerializer.SerializeToElement(properties, WebJson.Options),
    };

    private static string PathOf(string part, string path) => part == "consent" ? "$.consent" : path.Length > 0 ? $"$.{path}" : "$.traits";
}
