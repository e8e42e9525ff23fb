using System.Text.Json;
using LeadFunctions.Conditions.Values;
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

    /// <param name="refuse">Text in it that is not Unicode, which JSON can spell, is the one mistake then.</param>
    public static T Read<T>(JsonElement json, Func<JsonElement, T> read, Func<DocumentError, T> refuse)
    {
        try
        {
            return read(json);
        }
        catch (InvalidOperationException) when (!JsonText.IsUnicode(json))
        {
            return refuse(new("$", "This has text that is not Unicode: half of a surrogate pair.", "Unicode text"));
        }
    }
}
