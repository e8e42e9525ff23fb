using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Events;
using LeadFunctions.Feedback.Preferences;
using LeadFunctions.Messaging;
using LeadFunctions.Platform.Http;

namespace LeadFunctions.Feedback.Api;

/// <summary>What a reader's choice tells of the lead.</summary>
internal static class PreferenceEvents
{
    /// <param name="id">Of the choice: each is a new one, also when the same is chosen again later.</param>
    /// <param name="source">Where it was chosen.</param>
    public static IReadOnlyList<LeadEvent> Of(Change change, LinkToken link, string id, string source, DateTimeOffset now)
    {
        var told = By(link, source, now);
        return
        [
            told with { Id = $"consent/{id}", Name = ConsentEvents.Changed, Properties = Answers(change) },
            .. change.Left.Select(topic => told with
            {
                Id = $"unsubscribed/{id}/{SendLinks.HashOf(topic)}",
                Name = MessageEvents.Unsubscribed,
                Properties = JsonSerializer.SerializeToElement(new { messageId = link.SendId, link.Channel, topic }, WebJson.Options),
            }),
            .. change.Traits.Count == 0 ? Array.Empty<LeadEvent>() : [told with { Id = $"preferences/{id}", Type = EventType.Identify, Name = "identify", Traits = JsonSerializer.SerializeToElement(change.Traits, Kept) }],
        ];
    }

    /// <summary>What of it is a no, and nothing else.</summary>
    public static LeadEvent Refused(Change change, LinkToken link, string id, string source, DateTimeOffset now) => By(link, source, now) with
    {
        Id = $"consent/{id}",
        Name = ConsentEvents.Changed,
        Properties = JsonSerializer.SerializeToElement(change.Answers.Where(answer => !answer.Value).ToDictionary(), WebJson.Options),
    };

    private static LeadEvent By(LinkToken link, string source, DateTimeOffset now) => new()
    {
        Id = "",
        Type = EventType.Track,
        Name = "",
        At = now,
        LeadId = link.LeadId,
        Source = source,
        Context = JsonSerializer.SerializeToElement(new { from = new { messageId = link.SendId, link = $"{link.Kind}".ToLowerInvariant() } }, WebJson.Options),
    };

    private static JsonElement Answers(Change change)
    {
        var said = change.Answers.ToDictionary(answer => answer.Key, object (answer) => answer.Value);
        foreach (var place in change.Narrowed)
        {
            said[place] = ConsentAnswer.UnlessAgreed;
        }

        return JsonSerializer.SerializeToElement(said, WebJson.Options);
    }

    // A null is what takes a trait away.
    private static readonly JsonSerializerOptions Kept = new(WebJson.Options) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.Never };
}
