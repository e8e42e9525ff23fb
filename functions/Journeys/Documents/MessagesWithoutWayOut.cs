using LeadFunctions.Conditions.Documents;
using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Documents;

/// <summary>Mail about a topic in which its reader finds no way to unsubscribe: the step or the template names the topic, and only both together tell.</summary>
internal static class MessagesWithoutWayOut
{
    /// <param name="topicOf">Of a template, and of the topic that a step names; null: no consent is asked for.</param>
    /// <param name="languagesOf">Of what a step sends: those in which there is no way out; none of what is no mail.</param>
    public static IEnumerable<DocumentError> Warnings(JourneyDocument document, Func<string, string?, string?> topicOf, Func<Step.Send, IReadOnlyList<string>> languagesOf) =>
        UnaskedMessages.SendsIn(document.Steps).SelectMany(send =>
            topicOf(send.Template, send.Topic) is { } topic && languagesOf(send) is { Count: > 0 } languages
                ? [Of(send.Path, $"The step \"{send.Id}\"", send.Template, topic, languages)]
                : Array.Empty<DocumentError>());

    /// <param name="who">What sends it.</param>
    public static DocumentError Of(string path, string who, string template, string topic, IReadOnlyList<string> languages) => new(
        path, $"{who} sends mail about \"{topic}\", and in the template \"{template}\" ({string.Join(", ", languages)}) a reader finds no way to unsubscribe.", "{{ links.unsubscribe }} or {{ links.preferences }} in its HTML");
}
