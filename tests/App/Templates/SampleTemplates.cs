using System.Text.Json.Nodes;

namespace LeadFunctions.Tests.Templates;

/// <summary>The sample templates, joined as their put.mjs does.</summary>
internal static class SampleTemplates
{
    public static IReadOnlyList<string> Names { get; } = [.. Repository.Files("samples/templates", "*.json").Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal)];

    public static string Document(string name)
    {
        var document = JsonNode.Parse(Repository.Read($"samples/templates/{name}.json"))!.AsObject(); // it is an object
        document["html"] = Html(name, "en");
        document["locales"]!["pl"]!["html"] = Html(name, "pl");
        return document.ToJsonString();
    }

    private static string Html(string name, string language) => Repository.Read("samples/templates/layout.html")
        .Replace("<!-- content -->\n", Repository.Read($"samples/templates/{name}.{language}.html"), StringComparison.Ordinal)
        .Replace("<!-- foot -->\n", Repository.Read($"samples/templates/foot.{language}.html"), StringComparison.Ordinal);
}
