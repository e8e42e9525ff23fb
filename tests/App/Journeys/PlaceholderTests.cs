using System.Text.Json;
using LeadFunctions.Journeys.Model;
using NodaTime;

namespace LeadFunctions.Tests.Journeys;

public sealed class PlaceholderTests
{
    [Theory]
    [InlineData("{{a}}", "a")]
    [InlineData("{{  a.b-c  }} and {{$d e}}", "a.b-c|$d e")]
    [InlineData("{{ a  b }}", "a  b")]
    [InlineData("{{a }b}} {{1a}} {{}} {{ }} {a}", "")]
    [InlineData("{{{{a}}", "a")]
    [InlineData("{{a\n}}", "a")]
    public void Paths_are_found(string text, string paths) => Assert.Equal(paths, string.Join('|', Placeholders.In(text)));

    /// <summary>Whoever may save a document must not be able to stop the app with it.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(" ")]
    [InlineData("a ")]
    [InlineData("a")]
    [InlineData("{{a ")]
    [InlineData("{{ ")]
    public async Task A_placeholder_without_an_end_costs_no_more_than_its_length(string part)
    {
        var text = "{{a" + string.Concat(Enumerable.Repeat(part, 1_000_000 / part.Length));

        Assert.Equal(text, await Task.Run(() => Placeholders.Fill(text, _ => default)));
        Assert.Empty(Placeholders.In(JsonSerializer.SerializeToElement(text)));
    }

    private static readonly FilledAt Here = new(DateTimeZoneProviders.Tzdb["Europe/Warsaw"], new DateTimeOffset(2026, 6, 1, 22, 30, 0, TimeSpan.Zero), "pl");

    private static readonly JsonElement Known = JsonSerializer.SerializeToElement(new { trigger = new { total = 1234.5, n = 3, name = "a&b <c>", code = "{{trigger.n}}" }, lead = new { name = "Ann" } });

    [Theory]
    [InlineData("{{ trigger.total | money: \"PLN\" }}", "\"1234,50\u00a0zł\"")]
    [InlineData("{% if trigger.n > 2 %}many{% else %}few{% endif %}", "\"many\"")]
    [InlineData("{{ lead.first | default: 'you' }}, {{ lead.name }}", "\"you, Ann\"")]
    [InlineData("{{ 'now' | date: 'long' }}", "\"2 czerwca 2026\"")]
    [InlineData("{{ trigger.name | upcase }}", "\"A&B <C>\"")]
    [InlineData("{{trigger.n}}", "3")]
    [InlineData("{{trigger.none}}", "null")]
    [InlineData("n: {{trigger.n}}", "\"n: 3\"")]
    [InlineData("{{trigger.code}} {{ trigger.code | append: '' }}", "\"{{trigger.n}} {{trigger.n}}\"")]
    [InlineData("100 {% of {{trigger.n}}", "\"100 {% of 3\"")]
    [InlineData("{{ trigger.n | nofilter }} {{trigger.n}}", "\"{{ trigger.n | nofilter }} 3\"")]
    [InlineData("{{a }b}} {{1a}} {{ }} {a}", "\"{{a }b}} {{1a}} {{ }} {a}\"")]
    public void Texts_with_filters_and_tags_are_Liquid_and_all_others_are_what_they_were(string text, string json) => Assert.Equal(
        JsonElement.Parse(json).GetRawText().Length > 0 ? JsonElement.Parse(json).ToString() : "", Placeholders.Fill(JsonSerializer.SerializeToElement(text), path => RunView.Inside(Known, path), Here).ToString());

    [Theory]
    [InlineData("https://x.example/{{trigger.name}}?n={{trigger.n}}", "https://x.example/a%26b%20%3Cc%3E?n=3")]
    [InlineData("https://x.example/{{ trigger.name | upcase }}?n={{trigger.n}}", "https://x.example/A%26B%20%3CC%3E?n=3")]
    public void A_value_in_an_address_stays_in_its_place(string text, string address) => Assert.Equal(address, Placeholders.FillAddress(text, path => RunView.Inside(Known, path), Here));

    [Fact]
    public void What_looks_like_Liquid_and_is_none_is_refused_and_forgiven_where_it_was_stored()
    {
        var parsed = LeadFunctions.Journeys.Documents.ParsedJourney.Of("""{"name":"x","trigger":{"api":true},"steps":[{"id":"s","type":"send","template":"t","data":{"a":"{{ trigger.n | nofilter }}"}}]}"""u8.ToArray());

        Assert.Equal("$.steps[0].data.a", Assert.Single(parsed.Errors).Path);
        Assert.NotNull(parsed.Document);
    }
}
