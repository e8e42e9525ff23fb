using System.Text;
using System.Text.Json;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;
using LeadFunctions.Templates;
using LeadFunctions.Templates.Liquid;
using NodaTime;

namespace LeadFunctions.Tests.Templates;

/// <summary>A template filled in for somebody, without storage.</summary>
internal static class Filling
{
    /// <summary>A Monday evening in UTC, and Tuesday in Warsaw.</summary>
    public static readonly DateTimeOffset Now = new(2026, 6, 1, 22, 30, 0, TimeSpan.Zero);

    public static readonly MailLinks Links = new("https://shop.example/e/u/1", "https://shop.example/e/p/1", "https://shop.example/e/v/1");

    public static LeadProfile Lead(object? traits = null)
    {
        var record = new LeadRecord();
        record.Traits.SetAll(JsonSerializer.SerializeToElement(traits ?? new { }), "", 1);
        return new LeadProfile(record, default, ScoringModels.None);
    }

    public static CompiledTemplate Compile(object document, string id = "test")
    {
        var (read, errors) = TemplateParser.Parse(JsonSerializer.SerializeToUtf8Bytes(document));
        Assert.True(read is not null, string.Join("; ", errors));
        return new(new Template(id, 1, read));
    }

    public static RenderedMessage.Mail Render(object document, object? traits = null, string? locale = null, IReadOnlyDictionary<string, object>? data = null) =>
        Render(Compile(document), traits, locale, data);

    public static RenderedMessage.Mail Render(CompiledTemplate template, object? traits = null, string? locale = null, IReadOnlyDictionary<string, object>? data = null) =>
        Assert.IsType<RenderedMessage.Mail>(RenderAny(template, traits, locale, data));

    public static RenderedMessage.Push RenderPush(CompiledTemplate template, object? traits = null, string? locale = null, IReadOnlyDictionary<string, object>? data = null) =>
        Assert.IsType<RenderedMessage.Push>(RenderAny(template, traits, locale, data));

    private static RenderedMessage RenderAny(CompiledTemplate template, object? traits, string? locale, IReadOnlyDictionary<string, object>? data)
    {
        var lead = Lead(traits);
        return TemplateRenderer.Render(template, new Reader(
            lead, DateTimeZoneProviders.Tzdb["Europe/Warsaw"], locale ?? LocaleTag.Of(lead), Now, Links, (data ?? new Dictionary<string, object>()).ToDictionary(part => part.Key, part => JsonSerializer.SerializeToElement(part.Value))));
    }

    public static IReadOnlyList<LeadFunctions.Conditions.Documents.DocumentError> ErrorsOf(string json) => TemplateParser.Parse(Encoding.UTF8.GetBytes(json)).Errors;

    /// <summary>One text by itself, in a language.</summary>
    public static string Text(string source, object values, string locale = "en", ISet<string>? missing = null)
    {
        var (text, errors) = LiquidText.Parse(source);
        Assert.True(text is not null, string.Join("; ", errors));
        var all = Value.From(JsonSerializer.SerializeToElement(values));
        return text.Render(new LiquidContext(path => all.At(path), DateTimeZoneProviders.Tzdb["Europe/Warsaw"], LocaleWords.Of(locale), Now, missing), LiquidText.Plain);
    }
}
