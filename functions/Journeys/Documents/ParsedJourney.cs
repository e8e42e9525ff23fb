using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Patterns;
using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Documents;

/// <summary>What reading a journey came to.</summary>
/// <param name="Document">Null when there are errors that make it unreadable.</param>
/// <param name="Warnings">What is allowed and probably not meant.</param>
internal sealed record ParsedJourney(JourneyDocument? Document, IReadOnlyList<DocumentError> Errors, IReadOnlyList<DocumentError> Warnings)
{
    /// <summary>All mistakes at once; the document is null when any makes it unreadable. Warnings come with a document only.</summary>
    public static ParsedJourney Of(JsonElement json)
    {
        var parser = new JourneyParser();
        var document = parser.Parse(json);
        parser.Errors.AddRange(PatternsGivenUp.TooMany(json) is { } tooMany ? [tooMany] : []);
        parser.Errors.AddRange(StepsAtOnce.FaultOf(document.Steps) is { } tooManySteps ? [tooManySteps] : []);
        return DocumentError.Grave(parser.Errors) > 0
            ? new(null, [.. parser.Errors], [])
            : new(document, [.. parser.Errors], [.. parser.Errors, .. JourneyWarnings.Of(document), .. PatternsGivenUp.In(json)]);
    }

    /// <summary>As above, from text.</summary>
    public static ParsedJourney Of(ReadOnlyMemory<byte> utf8) => DocumentText.Read(utf8, Of, error => new ParsedJourney(null, [error], []));
}
