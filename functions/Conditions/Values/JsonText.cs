using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace LeadFunctions.Conditions.Values;

/// <summary>
/// Texts and names of JSON that came from outside. JSON can spell half of a surrogate pair ("\ud800"), which is not Unicode: System.Text.Json parses it and throws when it
/// is read. One such event must not become a poison message, so its text is then taken as it is spelt.
/// </summary>
internal static class JsonText
{
    public static string Of(JsonElement text)
    {
        try
        {
            return text.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return text.GetRawText()[1..^1];
        }
    }

    public static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(member));
        }
    }

    /// <summary>False too when <paramref name="element"/> is not an object.</summary>
    public static bool TryGet(JsonElement element, ReadOnlySpan<byte> name, out JsonElement member)
    {
        member = default;
        try
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out member);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Whether all texts and names in it can be read.</summary>
    public static bool IsUnicode(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.String => element.GetString() is not null,
                JsonValueKind.Array => element.EnumerateArray().All(IsUnicode),
                JsonValueKind.Object => element.EnumerateObject().All(member => member.Name is not null && IsUnicode(member.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
