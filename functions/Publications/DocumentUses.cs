using System.Text.Json;
using LeadFunctions.Conditions.Documents;

namespace LeadFunctions.Publications;

/// <summary>Where a document names another one. Pure.</summary>
internal static class DocumentUses
{
    /// <summary>Members that hold an id of each kind, in whatever document: the same word everywhere.</summary>
    private static readonly Dictionary<string, string> Members = new(StringComparer.Ordinal)
    {
        ["segments"] = "segment",
        ["templates"] = "template",
        ["forms"] = "form",
        ["content"] = "content",
        ["journeys"] = "journey",
    };

    public static IEnumerable<string> Kinds => Members.Keys;

    /// <summary>Paths of the places that name it; an id in a list is named by the list's path.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    public static IEnumerable<string> Of(JsonElement document, string kind, string id) => Walk(document, "$", Members[kind], id);

    private static IEnumerable<string> Walk(JsonElement json, string path, string member, string id) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(one => one.Name == member && Names(one.Value, id)
            ? [DocumentPath.Member(path, one.Name)]
            : Walk(one.Value, DocumentPath.Member(path, one.Name), member, id)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany((one, place) => Walk(one, $"{path}[{place}]", member, id)),
        _ => [],
    };

    private static bool Names(JsonElement value, string id) => value.ValueKind == JsonValueKind.String ? value.ValueEquals(id)
        : value.ValueKind == JsonValueKind.Array && value.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals(id));
}
