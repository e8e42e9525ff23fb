using System.Runtime.InteropServices;
using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;

namespace LeadFunctions.Ingest.Reading;

/// <summary>
/// One event while the steps work on it: its fields as they came, found in one pass over the JSON, and what the steps have decided.
/// One draft serves all events of a request.
/// </summary>
internal sealed class EventDraft
{
    public int Index { get; private set; }

    public JsonElement Json { get; private set; }

    /// <summary>In bytes of JSON, with what the batch says for it.</summary>
    public int Length { get; private set; }

    // As they came; undefined when absent.
    public JsonElement TypeField, MessageId, Event, NameField, Category, UserIdField, AnonymousIdField, PreviousIdField, GroupIdField,
        Timestamp, OriginalTimestamp, SentAt, PropertiesField, TraitsField, ContextField;

    // As decided.
    public string Id = "";
    public EventType Type;
    public string Name = "";
    public DateTimeOffset At;
    public string? UserId, AnonymousId, PreviousId, GroupId;
    public JsonElement Properties, Traits, Context;

    /// <summary>Taken although the person does not want to be tracked: it says just that.</summary>
    public bool IsOnlyConsent;
    public string RefusedPath = "", RefusedMessage = "";
    public List<Remark>? Remarks;

    /// <param name="batchContext">What the batch says for all its events; undefined when it says nothing.</param>
    public void Read(int index, JsonElement json, JsonElement batchContext = default)
    {
        Index = index;
        Json = json;
        Length = JsonMarshal.GetRawUtf8Value(json).Length + BatchContext.Length(batchContext);
        TypeField = MessageId = Event = NameField = Category = UserIdField = AnonymousIdField = PreviousIdField = GroupIdField =
            Timestamp = OriginalTimestamp = SentAt = PropertiesField = TraitsField = ContextField = Properties = Traits = Context = default;
        Id = Name = RefusedPath = RefusedMessage = "";
        UserId = AnonymousId = PreviousId = GroupId = null;
        IsOnlyConsent = false;
        Remarks = null;
        if (json.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var property in json.EnumerateObject())
        {
            Take(JsonMarshal.GetRawUtf8PropertyName(property), property.Value);
        }

        // What is too large is refused, and need not be joined.
        ContextField = Length > IngestLimits.Event ? ContextField : BatchContext.Under(ContextField, batchContext);
    }

    /// <summary>Notes why, for the answer, and gives the outcome back.</summary>
    public Outcome Refuse(Outcome outcome, string path, string message)
    {
        RefusedPath = path;
        RefusedMessage = message;
        return outcome;
    }

    /// <summary>Notes what is passed over, for the answer and for the event.</summary>
    public void Remark(string path, string message) => (Remarks ??= []).Add(new Remark(path, message));

    public LeadEvent ToLeadEvent(Source source) => new()
    {
        Id = Id,
        Type = Type,
        Name = Name,
        At = At,
        UserId = UserId,
        AnonymousId = AnonymousId,
        PreviousId = PreviousId,
        GroupId = GroupId,
        MayMergeKnown = Type == EventType.Alias && source.MergeByAlias ? true : null,
        IsFromServer = source.IsServer ? true : null,
        IsByPeople = source.IsPeople ? true : null,
        IsAddressOnlyATrait = source.AcceptAddresses ? null : true,
        Source = source.Id,
        Remarks = Remarks,
        Properties = Properties,
        Traits = Traits,
        Context = Context,
    };

    // `integrations`, `_metadata`, `channel` and whatever else a client adds are not ours to keep.
    private void Take(ReadOnlySpan<byte> name, JsonElement value)
    {
        switch (name.Length)
        {
            case 4 when name.SequenceEqual("type"u8): TypeField = value; break;
            case 4 when name.SequenceEqual("name"u8): NameField = value; break;
            case 5 when name.SequenceEqual("event"u8): Event = value; break;
            case 6 when name.SequenceEqual("userId"u8): UserIdField = value; break;
            case 6 when name.SequenceEqual("traits"u8): TraitsField = value; break;
            case 6 when name.SequenceEqual("sentAt"u8): SentAt = value; break;
            case 7 when name.SequenceEqual("context"u8): ContextField = value; break;
            case 7 when name.SequenceEqual("groupId"u8): GroupIdField = value; break;
            case 8 when name.SequenceEqual("category"u8): Category = value; break;
            case 9 when name.SequenceEqual("messageId"u8): MessageId = value; break;
            case 9 when name.SequenceEqual("timestamp"u8): Timestamp = value; break;
            case 10 when name.SequenceEqual("properties"u8): PropertiesField = value; break;
            case 10 when name.SequenceEqual("previousId"u8): PreviousIdField = value; break;
            case 11 when name.SequenceEqual("anonymousId"u8): AnonymousIdField = value; break;
            case 17 when name.SequenceEqual("originalTimestamp"u8): OriginalTimestamp = value; break;
        }
    }
}
