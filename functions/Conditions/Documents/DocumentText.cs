using System.Text.Json;
using LeadFunctions.Platform;

namespace LeadFunctions.Conditions.Documents;

/// <summary>A document as it arrives and as it is stored: UTF-8 text.</summary>
internal static class DocumentText
{
    /// <param name="refuse">Text that is not JSON is the one mistake then, at <c>$</c>.</param>
    public static T Read<T>(ReadOnlyMemory<byte> utf8, Func<JsonElement, T> read, Func<DocumentError, T> refuse)
    {
        try
        {
            using var json = JsonDocument.Parse(utf8);
            return read(json.RootElement);
        }
        catch (JsonException exception)
        {
            return refuse(new("$", FieldError.NotJson(exception), "a JSON object"));
        }
    }
}
