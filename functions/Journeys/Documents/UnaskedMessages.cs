using LeadFunctions.Conditions.Documents;
using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Documents;

/// <summary>
/// Messages that ask nobody whether they want them. Journeys may send such, as orders are confirmed; but it has to be meant, and a topic that was forgotten looks just so. They are warned of and not refused:
/// documents from before, and those whose template is published later, go on working.
/// </summary>
internal static class UnaskedMessages
{
    /// <param name="topicOf">Of a template, and of the topic that a step names: what consent is asked for; null: none.</param>
    public static IEnumerable<DocumentError> Warnings(JourneyDocument document, Func<string, string?, string?> topicOf) =>
        SendsIn(document.Steps).Select(send => (send.IsService, topicOf(send.Template, send.Topic)) switch
        {
            (false, null) => new DocumentError(
                send.Path, $"The step \"{send.Id}\" asks nobody for consent: neither it nor a published template \"{send.Template}\" has a topic.", "a \"topic\"; or \"service\": true for what people expect and cannot refuse"),
            (true, { } topic) => new DocumentError(
                DocumentPath.Member(send.Path, "service"), $"The template \"{send.Template}\" is of the topic \"{topic}\": the step \"{send.Id}\" asks for consent all the same.", "nothing, or a template without a topic"),
            _ => null,
        }).OfType<DocumentError>();

    internal static IEnumerable<Step.Send> SendsIn(IReadOnlyList<Step> steps) =>
        steps.SelectMany(step => step is Step.Send send ? [send] : step.Blocks.SelectMany(block => SendsIn(block.Steps)));
}
