using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Documents;
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

    /// <summary>As above, from UTF-8 text; text that is not JSON is the one mistake then, at <c>$</c>.</summary>
    public static ParsedJourney Of(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var json = JsonDocument.Parse(utf8);
            return Of(json.RootElement);
        }
        catch (JsonException exception)
        {
            return new(null, [new("$", $"This is not JSON: see line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.", "a JSON object")], []);
        }
    }
}
