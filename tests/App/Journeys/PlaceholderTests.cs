using System.Text.Json;
using LeadFunctions.Journeys.Model;

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
}
