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
    public static IEnumerable<string> Of(JsonElement document, string kind, string id) => In(document, kind).Where(named => named.Id == id).Select(named => named.Path).Distinct();

    /// <summary>All of a kind that a document names, and where.</summary>
    /// <inheritdoc cref="Of"/>
    public static IEnumerable<(string Path, string Id)> In(JsonElement document, string kind) => Walk(document, "$", Members[kind]);

    private static IEnumerable<(string Path, string Id)> Walk(JsonElement json, string path, string member) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(one => (one.Name == member ? Ids(one.Value) : []).Select(id => (DocumentPath.Member(path, one.Name), id))
            .Concat(Walk(one.Value, DocumentPath.Member(path, one.Name), member))),
        JsonValueKind.Array => json.EnumerateArray().SelectMany((one, place) => Walk(one, $"{path}[{place}]", member)),
        _ => [],
    };

    private static IEnumerable<string> Ids(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!], // it is text
        JsonValueKind.Array => value.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!), // likewise
        _ => [],
    };
}
