using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadFunctions.Conditions.Documents;

/// <summary>The JSON Schema of a kind of document, for editors: written by hand, joined with what conditions are made of. A test holds it against the parser.</summary>
/// <param name="name">Of its file, <c>{name}.schema.json</c>.</param>
/// <param name="hasConditions">False: it stands alone.</param>
internal sealed class DocumentSchema(string name, bool hasConditions = true)
{
    public const string ContentType = "application/schema+json";

    private const string Definitions = "$defs";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lazy<byte[]> _json = new(() =>
    {
        var schema = Read(name);
        foreach (var (part, definition) in (hasConditions ? Read("conditions")[Definitions]!.AsObject() : [])) // it is made of nothing else
        {
            schema[Definitions]!.AsObject().Add(part, definition?.DeepClone());
        }

        return JsonSerializer.SerializeToUtf8Bytes(schema, Readable);
    });

    public byte[] Json => _json.Value;

    private static JsonNode Read(string name)
    {
        using var stream = typeof(DocumentSchema).Assembly.GetManifestResourceStream($"schemas/{name}.schema")!; // embedded by the project
        return JsonNode.Parse(stream)!; // no schema is null
    }
}
