using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;

namespace LeadFunctions.Ingest.Reading;

/// <summary>
/// What happens to one event between decoding and the queue, in this order. A step either lets it pass (and may fill in the draft)
/// or refuses it, with one outcome. Pure: the clock and the request come in as facts.
/// </summary>
internal static class IngestSteps
{
    private const string SentAt = "sentAt";

    private const string NotUsed = "it was not used to correct the clock";

    internal delegate Outcome Step(EventDraft draft, RequestFacts facts);

    internal static readonly IReadOnlyList<Step> All = [BeSmall, HaveType, BeFromAPerson, BeConsented, HaveIdentity, HaveName, HaveObjects, HaveTime, HaveId];

    private static readonly Step[] Order = [.. All];

    public static Outcome Apply(EventDraft draft, RequestFacts facts)
    {
        foreach (var step in Order)
        {
            var outcome = step(draft, facts);
            if (outcome != Outcome.Accepted)
            {
                return outcome;
            }
        }

        return Outcome.Accepted;
    }

    private static Outcome BeSmall(EventDraft draft, RequestFacts facts) => draft.Length <= IngestLimits.Event
        ? Outcome.Accepted
        : draft.Refuse(Outcome.TooLarge, "", $"The event is larger than {IngestLimits.Event} bytes.");

    private static Outcome HaveType(EventDraft draft, RequestFacts facts)
    {
        if (draft.Json.ValueKind != JsonValueKind.Object)
        {
            return draft.Refuse(Outcome.NoType, "", "An event is a JSON object.");
        }

        if ((facts.Type ?? EventTypes.Find(draft.TypeField)) is not { } type)
        {
            if (draft.TypeField.ValueKind == JsonValueKind.String && draft.TypeField.ValueEquals(EventTypes.PagePing))
            {
                return draft.Refuse(Outcome.PagePing, "", "Page pings are not kept.");
            }

            return draft.Refuse(Outcome.NoType, "type", "The type must be identify, track, page, screen, group or alias.");
        }

        draft.Type = type;
        return Outcome.Accepted;
    }

    private static Outcome BeFromAPerson(EventDraft draft, RequestFacts facts)
    {
        if (!facts.Source.DropBots)
        {
            return Outcome.Accepted;
        }

        var context = draft.ContextField;
        var userAgent = context.ValueKind == JsonValueKind.Object && context.TryGetProperty("userAgent"u8, out var sent) && sent.ValueKind == JsonValueKind.String
            ? sent.GetString()
            : facts.FromBrowser ? facts.UserAgent : null;
        return userAgent is not null && Bots.Sent(userAgent)
            ? draft.Refuse(Outcome.Bot, "context.userAgent", "A robot or a scripted browser sent it.")
            : Outcome.Accepted;
    }

    private static Outcome BeConsented(EventDraft draft, RequestFacts facts)
    {
        var said = EventConsent.Tracking(draft.ContextField, facts.Source, out var path);
        var isOptedOut = facts.Source.RespectPrivacySignals && (facts is { FromBrowser: true, SignalsOptOut: true } || EventConsent.SignalsOptOut(draft.ContextField));
        if (said == Said.Yes || (said == Said.Nothing && !isOptedOut))
        {
            return Outcome.Accepted;
        }

        // The refusal itself must be heard, and nothing beside it.
        if (ConsentEvents.Include(draft.Type, draft.Event.ValueKind == JsonValueKind.String ? draft.Event.GetString()!.Trim() : null))
        {
            draft.IsOnlyConsent = true;
            return Outcome.Accepted;
        }

        return said switch
        {
            Said.Nothing => draft.Refuse(Outcome.ConsentDenied, "", "The browser asks not to be tracked (Sec-GPC or DNT)."),
            Said.No => draft.Refuse(Outcome.ConsentDenied, path, "The person did not agree to tracking."),
            _ => draft.Refuse(Outcome.ConsentDenied, path, "This is neither a yes nor a no, and counts as no: the person did not agree to tracking."),
        };
    }

    private static Outcome HaveIdentity(EventDraft draft, RequestFacts facts)
    {
        if (!EventIdentity.TryRead(draft, facts.Source))
        {
            return Outcome.InvalidField;
        }

        var hasAddress = draft.Type == EventType.Identify && EventIdentity.HasEmail(draft);
        if (draft.UserId is null && draft.AnonymousId is null && facts.Email is null && !(hasAddress && facts.Source.AcceptAddresses))
        {
            if (hasAddress)
            {
                draft.Remark("traits.email", $"The source {facts.Source.Name} may not say by address whom an event is about.");
            }

            return draft.Refuse(Outcome.NoIdentity, "userId", "A userId or an anonymousId is needed (identify: or traits.email)." + EventIdentity.Remarked(draft));
        }

        return (draft.Type, draft.PreviousId, draft.GroupId) switch
        {
            (EventType.Alias, null, _) => draft.Refuse(Outcome.NoIdentity, "previousId", "An alias needs a previousId." + EventIdentity.Remarked(draft)),
            (EventType.Group, _, null) => draft.Refuse(Outcome.NoIdentity, "groupId", "A group call needs a groupId." + EventIdentity.Remarked(draft)),
            _ => Outcome.Accepted,
        };
    }

    private static Outcome HaveName(EventDraft draft, RequestFacts facts)
    {
        if (draft.Type != EventType.Track)
        {
            draft.Name = EventTypes.Name(draft.Type);
            return Outcome.Accepted;
        }

        var name = draft.Event.ValueKind == JsonValueKind.String ? draft.Event.GetString()!.Trim() : "";
        if (name.Length == 0)
        {
            return draft.Refuse(Outcome.NoEventName, "event", "A track call needs the name of the event.");
        }

        if (ReservedNames.Include(name))
        {
            return draft.Refuse(Outcome.ReservedName, "event", $"\"{name}\" is what the product calls an event of its own, which others may rely on. Give it another name.");
        }

        draft.Name = name;
        return name.Length <= IngestLimits.Text ? Outcome.Accepted : TooLong(draft, "event", IngestLimits.Text);
    }

    private static Outcome HaveObjects(EventDraft draft, RequestFacts facts)
    {
        if (!Object(draft, draft.PropertiesField, "properties", out draft.Properties)
            || !Object(draft, draft.TraitsField, "traits", out draft.Traits)
            || !Object(draft, draft.ContextField, "context", out draft.Context))
        {
            return Outcome.InvalidField;
        }

        if (draft.Type is EventType.Page or EventType.Screen)
        {
            draft.Properties = PageProperties.Fill(draft);
        }

        if (ConsentEvents.Include(draft.Type, draft.Name))
        {
            draft.Properties = ConsentTopics.Fill(draft.Name, draft.Properties, draft.Context, facts.Source);
            draft.Context = draft.IsOnlyConsent ? EventConsent.Alone(draft.Context) : draft.Context;
        }

        // Rudder's identify puts the traits there as well, some clients only there.
        if (draft.Type == EventType.Identify && draft.Traits.ValueKind == JsonValueKind.Undefined
            && draft.Context.ValueKind == JsonValueKind.Object && draft.Context.TryGetProperty("traits"u8, out var traits) && traits.ValueKind == JsonValueKind.Object)
        {
            draft.Traits = traits;
        }

        draft.Traits = EventIdentity.WithEmail(draft.Traits);
        return Outcome.Accepted;
    }

    private static Outcome HaveTime(EventDraft draft, RequestFacts facts)
    {
        var sentAt = Time(draft, draft.SentAt, SentAt, NotUsed) ?? facts.SentAt;
        if (facts.HasUnreadableSentAt && !EventTime.IsMeant(draft.SentAt))
        {
            RemarkUnreadable(draft, SentAt, NotUsed);
        }

        var claimed = Time(draft, draft.Timestamp, "timestamp", "the event counts as of its arrival, unless it has an originalTimestamp")
            ?? Time(draft, draft.OriginalTimestamp, "originalTimestamp", "the event counts as of its arrival");
        draft.At = EventTime.Correct(claimed, sentAt, facts.ReceivedAt);
        if (claimed is { } time && EventTime.Doubt(time, sentAt, facts.ReceivedAt) is { } doubt)
        {
            draft.Remark("timestamp", doubt);
        }

        return Outcome.Accepted;
    }

    private static Outcome HaveId(EventDraft draft, RequestFacts facts)
    {
        var id = draft.MessageId.ValueKind == JsonValueKind.String ? draft.MessageId.GetString()! : "";
        if (id.Length > IngestLimits.MessageId)
        {
            return TooLong(draft, "messageId", IngestLimits.MessageId);
        }

        draft.Id = id.Length > 0 ? id : DerivedId.Of(draft, facts);
        return Outcome.Accepted;
    }

    private static DateTimeOffset? Time(EventDraft draft, JsonElement field, string name, string consequence)
    {
        var time = EventTime.Find(field);
        if (time is null && EventTime.IsMeant(field))
        {
            RemarkUnreadable(draft, name, consequence);
        }

        return time;
    }

    private static void RemarkUnreadable(EventDraft draft, string name, string consequence) =>
        draft.Remark(name, $"This cannot be read as one moment; {consequence}. ISO 8601 can be: 2026-05-01T10:00:00Z.");

    private static bool Object(EventDraft draft, JsonElement field, string name, out JsonElement value)
    {
        value = default;
        switch (field.ValueKind)
        {
            case JsonValueKind.Object:
                value = field;
                return true;
            // PHP clients write an empty object like this.
            case JsonValueKind.Undefined or JsonValueKind.Null:
            case JsonValueKind.Array when field.GetArrayLength() == 0:
                return true;
            default:
                draft.Refuse(Outcome.InvalidField, name, "It must be an object.");
                return false;
        }
    }

    private static Outcome TooLong(EventDraft draft, string path, int limit) =>
        draft.Refuse(Outcome.InvalidField, path, $"It is longer than {limit} characters.");
}
