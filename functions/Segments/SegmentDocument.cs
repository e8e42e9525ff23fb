using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Parsing;
using LeadFunctions.Conditions.Patterns;

namespace LeadFunctions.Segments;

/// <summary>A segment as a marketer wrote it, checked.</summary>
/// <param name="When">Who is in it.</param>
/// <param name="Json">The same as it was written.</param>
/// <param name="IsPersona">It stands for a kind of person.</param>
internal sealed record SegmentDocument(string Name, string? Description, Condition When, JsonElement Json, bool IsPersona = false)
{
    private static readonly string[] Fields = ["name", "description", "persona", "when", "$schema"];

    /// <summary>Names of the segments and lists that it asks for.</summary>
    public IEnumerable<string> Asks => When.Traits.Where(path => path.StartsWith(ProfileFacts.Segment, StringComparison.Ordinal)).Select(path => path[ProfileFacts.Segment.Length..]);

    /// <summary>All mistakes at once; the document is null when any makes it unreadable.</summary>
    /// <param name="isSaved">Then it needs a name.</param>
    public static (SegmentDocument? Document, IReadOnlyList<DocumentError> Errors) Parse(JsonElement json, bool isSaved = true) =>
        DocumentText.Read(json, unicode => ParseUnicode(unicode, isSaved), error => (null, [error]));

    /// <summary>As above, from text.</summary>
    public static (SegmentDocument? Document, IReadOnlyList<DocumentError> Errors) Parse(ReadOnlyMemory<byte> utf8, bool isSaved = true) => DocumentText.Read(utf8, json => Parse(json, isSaved), error => (null, [error]));

    private static (SegmentDocument? Document, IReadOnlyList<DocumentError> Errors) ParseUnicode(JsonElement json, bool isSaved)
    {
        var errors = new List<DocumentError>();
        var root = new DocumentObject(json, "$", errors, Fields);
        var name = root.Text("name", 200, required: isSaved);
        var description = root.Text("description", 2000);
        _ = root.Text("$schema", 200); // for editors
        var persona = root.Find("persona", "true or false")?.ValueKind;
        if (persona is not (null or JsonValueKind.True or JsonValueKind.False))
        {
            root.Add("$.persona", $"This is {DocumentObject.Shown(root.Members["persona"])}.", "true or false");
        }

        var when = root.Find("when", "a condition", required: true) is { } condition ? ConditionParser.Parse(condition, "$.when", ConditionScope.Segment, errors) : null;
        errors.AddRange(PatternsGivenUp.TooMany(json) is { } tooMany ? [tooMany] : []);
        return (when is null || DocumentError.Grave(errors) > 0 ? null : new(name ?? "", description, when, root.Members["when"].Clone(), persona == JsonValueKind.True), errors);
    }
}

/// <summary>One immutable version of a segment.</summary>
/// <param name="QuietSince">When it was published so that whoever it takes in or lets go because of that, and for nothing that they did, starts no journey by it; null: it was not.</param>
internal sealed record Segment(string Id, int Version, SegmentDocument Document, DateTimeOffset? QuietSince = null);
