using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Parsing;

namespace LeadFunctions.Integrations;

/// <summary>A webhook as a person wrote it, checked.</summary>
/// <param name="Types">Without the prefix; all of them when the document names none.</param>
internal sealed record WebhookDocument(string Name, string? Description, Uri Url, IReadOnlyList<string> Types, Condition? Filter)
{
    private static readonly string[] Fields = ["name", "url", "types", "filter", "description", "$schema"];
    private static readonly ConditionScope Scope = new("a webhook's filter", Events: true, History: false);

    /// <summary>All mistakes at once; the document is null when there is any.</summary>
    public static (WebhookDocument? Document, IReadOnlyList<DocumentError> Errors) Parse(ReadOnlyMemory<byte> utf8) =>
        DocumentText.Read(utf8, json => DocumentText.Read(json, Parse, Refuse), Refuse);

    private static (WebhookDocument? Document, IReadOnlyList<DocumentError> Errors) Refuse(DocumentError error) => (null, [error]);

    private static (WebhookDocument? Document, IReadOnlyList<DocumentError> Errors) Parse(JsonElement json)
    {
        var errors = new List<DocumentError>();
        var webhook = new DocumentObject(json, "$", errors, Fields);
        if (!webhook.IsObject)
        {
            return (null, errors);
        }

        var name = webhook.Text("name", 200, required: true);
        var description = webhook.Text("description", 2000);
        _ = webhook.Text("$schema", 200); // for editors
        var url = WebAddress.Read(webhook, "url");
        var types = ReadTypes(webhook);
        var filter = ReadFilter(webhook, types);
        return DocumentError.Grave(errors) > 0 ? (null, errors) : (new(name!, description, url!, types, filter), errors); // both are required
    }

    private static IReadOnlyList<string> ReadTypes(DocumentObject webhook)
    {
        const string expected = "a list of event types, or nothing for all";
        if (!webhook.Has("types"))
        {
            return HappeningTypes.All;
        }

        var types = new List<string>();
        foreach (var (item, path) in webhook.Items("types", expected, 100))
        {
            var type = item.ValueKind == JsonValueKind.String ? item.GetString()! : null; // it is text
            type = type?.StartsWith(HappeningTypes.Prefix, StringComparison.Ordinal) == true ? type[HappeningTypes.Prefix.Length..] : type;
            if (type is null || !HappeningTypes.All.Contains(type))
            {
                webhook.Add(path, $"There is no event type {DocumentObject.Shown(item)}.", type is null ? string.Join(", ", HappeningTypes.All) : DocumentPath.Suggest(type, HappeningTypes.All));
            }
            else if (!types.Contains(type))
            {
                types.Add(type);
            }
        }

        if (webhook.Members["types"] is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 0)
        {
            webhook.Add(webhook.At("types"), "This list is empty: nothing would be sent.", expected);
        }

        return types;
    }

    /// <summary>A filter is the <c>where</c> of a condition about these events.</summary>
    private static Condition? ReadFilter(DocumentObject webhook, IReadOnlyList<string> types)
    {
        if (webhook.Find("filter", "an object") is not { } filter)
        {
            return null;
        }

        var found = new List<DocumentError>();
        using var condition = JsonDocument.Parse($$"""{"event":{{JsonSerializer.Serialize(types.Count > 0 ? types : HappeningTypes.All)}},"where":{{filter.GetRawText()}}}""");
        var parsed = ConditionParser.Parse(condition.RootElement, "$", Scope, found);
        webhook.Errors.AddRange(found.Select(error => error with
        {
            Path = error.Path.Replace("$.where", webhook.At("filter"), StringComparison.Ordinal),
            Message = error.Message.Replace("\"where\"", "\"filter\"", StringComparison.Ordinal),
            Expected = error.Expected?.Replace("\"where\"", "\"filter\"", StringComparison.Ordinal),
        }));
        return parsed;
    }
}
