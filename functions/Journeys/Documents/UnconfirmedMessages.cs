using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Documents;

/// <summary>
/// Messages that nobody can have agreed to yet: a form with a double opt-in starts the journey, and the message goes out before anybody can have confirmed. The arbiter leaves it out, so whoever confirms a minute later
/// never gets it. Warned of and not refused: they may have agreed before, or elsewhere.
/// </summary>
internal static class UnconfirmedMessages
{
    /// <param name="isConfirmedLater">By a form's id: it is published, and has a double opt-in.</param>
    /// <param name="topicOf">Of a template, and of the topic that a step names; null: no consent is asked for.</param>
    public static IEnumerable<DocumentError> Warnings(JourneyDocument document, Func<string, bool> isConfirmedLater, Func<string, string?, string?> topicOf) =>
        document.Trigger is Trigger.Event trigger && FormsIn(trigger.When.Json).FirstOrDefault(isConfirmedLater) is { } form
            ? AtOnce(document.Steps).Sends.Where(send => topicOf(send.Template, send.Topic) is not null).Select(send => new DocumentError(
                send.Path, $"Who has just sent the form \"{form}\" has agreed to nothing before they confirm it by mail: the step \"{send.Id}\" leaves its message out, and they never get it.",
                "a trigger that comes with the consent: {\"event\": \"Form Confirmed\", \"where\": {\"form\": …}}, or {\"event\": \"Consent Changed\", …} for forms with and without a confirmation"))
            : [];

    /// <summary>The forms whose submission it waits for, as far as it names them.</summary>
    private static IEnumerable<string> FormsIn(JsonElement when)
    {
        var isSubmission = when.TryGetProperty("event", out var names)
            && (names.ValueKind == JsonValueKind.Array ? names.EnumerateArray().Any(IsSubmission) : IsSubmission(names));
        return isSubmission && when.TryGetProperty("where", out var where) && where.TryGetProperty("form", out var form) ? Named(form) : [];
    }

    private static bool IsSubmission(JsonElement name) => name.ValueKind == JsonValueKind.String && name.ValueEquals(JourneyEvents.FormSubmitted);

    private static IEnumerable<string> Named(JsonElement test) => test.ValueKind switch
    {
        JsonValueKind.String => [test.GetString()!], // it is text
        JsonValueKind.Array => test.EnumerateArray().SelectMany(Named),
        JsonValueKind.Object => test.EnumerateObject().Where(member => member.Name is "equals" or "in").SelectMany(member => Named(member.Value)),
        _ => [],
    };

    /// <summary>What is sent on some way through before anything is waited for, and whether such a way leads past these steps.</summary>
    private static (IReadOnlyList<Step.Send> Sends, bool GoesOn) AtOnce(IReadOnlyList<Step> steps)
    {
        var sends = new List<Step.Send>();
        foreach (var step in steps)
        {
            switch (step)
            {
                case Step.Send send:
                    sends.Add(send);
                    break;
                case Step.Wait or Step.WaitFor or Step.Exit:
                    return (sends, false);
                case Step.Branch or Step.Split or Step.Repeat:
                    var blocks = step.Blocks.Select(block => AtOnce(block.Steps)).ToList();
                    sends.AddRange(blocks.SelectMany(block => block.Sends));
                    if (!blocks.Exists(block => block.GoesOn) && step is not Step.Repeat { While: not null })
                    {
                        return (sends, false);
                    }

                    break;
            }
        }

        return (sends, true);
    }
}
