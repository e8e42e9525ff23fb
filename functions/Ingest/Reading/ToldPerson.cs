using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;

namespace LeadFunctions.Ingest.Reading;

/// <summary>
/// What others tell of a person (a row of a file, whoever enters a contact) as events: it takes the steps that it would take from a client (<see cref="IngestSteps"/>), so that the same rules hold.
/// Not for two threads.
/// </summary>
internal sealed class ToldPerson(RequestFacts facts)
{
    // As clients write it: an event is measured by its bytes.
    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly EventDraft _draft = new();

    /// <summary>Why there is no event.</summary>
    public (string Path, string Message) Refusal => (_draft.RefusedPath, _draft.RefusedMessage);

    /// <summary>What was passed over in the last event.</summary>
    public IReadOnlyList<Remark> Remarks => _draft.Remarks ?? [];

    /// <param name="said">As a client would send it, by the field that this type has for it: traits or properties.</param>
    /// <param name="rest">Who it is about, and what else belongs to the event.</param>
    /// <param name="email">Whom it is about, where the person is known by an address alone.</param>
    /// <returns>Null when it is refused.</returns>
    public LeadEvent? Tell(string id, EventType type, string? name, JsonNode? said, JsonObject rest, string? email = null)
    {
        (rest["type"], rest["messageId"], rest["event"], rest[type == EventType.Identify ? "traits" : "properties"]) = (EventTypes.Name(type), id, name, said);
        _draft.Read(0, JsonSerializer.SerializeToElement(rest, Unescaped));
        return IngestSteps.Apply(_draft, facts with { Email = email }) == Outcome.Accepted ? _draft.ToLeadEvent(facts.Source) : null;
    }
}
