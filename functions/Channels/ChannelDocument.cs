using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Integrations;

namespace LeadFunctions.Channels;

/// <summary>A way to reach people that a gateway of others serves, as a person wrote it, checked.</summary>
/// <param name="Url">Where messages are posted to.</param>
internal sealed record ChannelDocument(string Name, string? Description, Uri Url)
{
    /// <summary>Channels that are not a gateway's: mail, the sales team, and browsers.</summary>
    public static readonly IReadOnlyList<string> Own = ["email", "sales", "webpush"];

    private static readonly string[] Fields = ["name", "url", "description", "$schema"];

    /// <summary>All mistakes at once; the document is null when there is any.</summary>
    public static (ChannelDocument? Document, IReadOnlyList<DocumentError> Errors) Parse(ReadOnlyMemory<byte> utf8) =>
        DocumentText.Read(utf8, json => DocumentText.Read(json, Parse, Refuse), Refuse);

    private static (ChannelDocument? Document, IReadOnlyList<DocumentError> Errors) Refuse(DocumentError error) => (null, [error]);

    private static (ChannelDocument? Document, IReadOnlyList<DocumentError> Errors) Parse(JsonElement json)
    {
        var errors = new List<DocumentError>();
        var channel = new DocumentObject(json, "$", errors, Fields);
        if (!channel.IsObject)
        {
            return (null, errors);
        }

        var name = channel.Text("name", 200, required: true);
        var description = channel.Text("description", 2000);
        _ = channel.Text("$schema", 200); // for editors
        var url = WebAddress.Read(channel, "url");
        return DocumentError.Grave(errors) > 0 ? (null, errors) : (new(name!, description, url!), errors); // both are required
    }
}
