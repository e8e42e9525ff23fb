using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadFunctions.Audit;

/// <summary>Documents as they may be shown to who looks through the audit.</summary>
internal static class Secrets
{
    private const string Hidden = "…";

    private static readonly string[] Words = ["secret", "hash", "password", "token", "authorization", "privatekey", "accesskey"];

    /// <summary>The document with whatever is called like a secret hidden.</summary>
    public static JsonElement Without(string json)
    {
        var node = JsonNode.Parse(json);
        Hide(node);
        return JsonSerializer.SerializeToElement(node);
    }

    private static void Hide(JsonNode? node)
    {
        if (node is JsonObject members)
        {
            foreach (var (name, value) in members.ToList())
            {
                if (Words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)))
                {
                    members[name] = Hidden;
                }
                else
                {
                    Hide(value);
                }
            }
        }
        else if (node is JsonArray items)
        {
            foreach (var item in items)
            {
                Hide(item);
            }
        }
    }
}
