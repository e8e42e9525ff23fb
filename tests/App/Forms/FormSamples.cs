using System.Text.Json;
using LeadFunctions.Forms;

namespace LeadFunctions.Tests.Forms;

/// <summary>Forms as these tests write them.</summary>
internal static class FormSamples
{
    public static readonly DateTimeOffset Monday = new(2026, 6, 1, 10, 0, 0, TimeSpan.Zero);

    /// <summary>A form with these fields, and more members behind them.</summary>
    public static Form Of(string fields, string more = "", string id = "f") => new(id, 3, Document($$"""{"name":"A form","fields":[{{fields}}]{{(more.Length > 0 ? "," + more : "")}}}"""));

    public static FormDocument Document(string json)
    {
        var (document, errors) = FormDocument.Parse(JsonDocument.Parse(json).RootElement);
        Assert.True(document is not null && errors.Count == 0, string.Join("; ", errors.Select(error => $"{error.Path} {error.Message}")));
        return document!; // just asserted
    }

    public static SentForm Sent(params (string Field, string Value)[] values) =>
        new(values.GroupBy(value => value.Field).ToDictionary(field => field.Key, field => (IReadOnlyList<string>)[.. field.Select(value => value.Value)]));

    public static ReadForm Read(Form form, params (string Field, string Value)[] values) => ReadForm.Of(new(form, "en"), Sent(values), _ => true);

    public static FormSending Sending(string? anonymousId = null) => new("s1", "en", "https://shop.example/contact", anonymousId, "hash", Monday);
}
