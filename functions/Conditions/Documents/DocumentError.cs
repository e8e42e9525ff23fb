using System.Text.Json.Serialization;
using LeadFunctions.Platform;

namespace LeadFunctions.Conditions.Documents;

/// <summary>One mistake in a document that a person wrote. A document is answered with all of them at once.</summary>
/// <param name="Path">Where, as a JSON path: <c>$.engagement.rules[0].when.where.path.startWith</c>.</param>
public sealed record DocumentError(string Path, string Message, string? Expected = null) : FieldError(Path, Message, Expected)
{
    /// <summary>Nothing is saved with it; what was stored before this was a mistake is read all the same, and shown with a warning.</summary>
    [JsonIgnore]
    public bool IsForgivenIfStored { get; init; }

    /// <summary>How many there are that make a document unreadable.</summary>
    public static int Grave(IEnumerable<DocumentError> errors) => errors.Count(error => !error.IsForgivenIfStored);
}
