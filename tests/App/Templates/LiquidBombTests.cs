using System.Diagnostics;
using LeadFunctions.Templates;
using LeadFunctions.Templates.Liquid;

namespace LeadFunctions.Tests.Templates;

/// <summary>Whoever may save a template must not be able to stop the app with it.</summary>
public sealed class LiquidBombTests
{
    public static TheoryData<string> Bombs =>
    [
        "{% for a in (1..2000000000) %}x{% endfor %}",
        "{% for a in (1..10000) %}{% for b in (1..10000) %}{% endfor %}{% endfor %}",
        "{% for a in (1..10000) %}" + new string('x', 5_000) + "{% endfor %}",
        "{% assign x = 'xxxxxxxxxx' %}{% for a in (1..60) %}{% assign x = x | append: x %}{% endfor %}",
        "{% assign x = 'aaaaaaaaaa' %}{% for a in (1..20) %}{% assign x = x | replace: 'a', x %}{% endfor %}",
        "{% assign x = 'a,b' | split: ',' %}{% for a in (1..60) %}{% assign x = x | concat: x %}{% endfor %}",
        "{% assign x = '" + new string('a', 1_500) + "' %}{% for a in (1..7) %}{% assign x = x | append: x %}{% endfor %}{% for a in (1..9000) %}{% assign y = x | upcase | strip_html | replace: 'A', 'b' %}{% endfor %}",
        "{% for a in (1..9000) %}{% assign y = trigger.big | split: '' %}{% endfor %}",
        "{% for a in (1..9000) %}{% if trigger.list contains 'zz' %}{% endif %}{{ trigger.list | sort | join: ',' }}{% endfor %}",
        "{% assign w = '%9999999d' %}{{ trigger.day | date: w }}",
        "{% assign w = '%-^#99999999999B' %}{{ trigger.day | date: w }}",
        "{% assign w = '%d %' | append: '100000' | append: 'Y' %}{% for a in (1..10000) %}{{ trigger.day | date: w }}{% endfor %}",
        "{% assign w = '" + new string('x', 150) + "' %}{% assign w = w | append: w %}{{ trigger.day | date: w }}",
        "{% assign w = '" + string.Concat(Enumerable.Repeat("%99c", 40)) + "' %}{% for a in (1..10000) %}{% assign x = trigger.day | date: w %}{% endfor %}",
        "{% for a in (1..10000) %}{% for b in (1..9) %}{% assign x = trigger.day" + string.Concat(Enumerable.Repeat(" | date: 'full'", 40)) + " %}{% endfor %}{% endfor %}",
        "{% for a in (1..10000) %}{% for b in (1..9) %}{% assign x = 1234.5" + string.Concat(Enumerable.Repeat(" | number: 10 | money: 'EUR'", 40)) + " %}{% endfor %}{% endfor %}",
        "{% assign x = trigger.amps" + string.Concat(Enumerable.Repeat(" | newline_to_br", 60)) + " %}",
    ];

    /// <summary>Said as it is saved, where it stands in the text.</summary>
    [Theory]
    [InlineData("{{ trigger.day | date: '%9999999d' }}")]
    [InlineData("{{ trigger.day | date: '%-0123Y' }}")]
    public void A_pattern_that_asks_for_too_much_is_refused_where_it_is_written(string source) => Assert.Contains("width", Assert.Single(LiquidText.Parse(source).Errors).Message, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Bombs))]
    public void A_text_that_would_take_for_ever_ends_within_limits_and_the_error_names_the_template(string source)
    {
        var template = Filling.Compile(new { name = "x", subject = "s", html = "<p>h</p>", text = source }, "bomb");
        var watch = Stopwatch.StartNew();

        var fault = Assert.Throws<LiquidFaultException>(() => Filling.Render(template, data: new Dictionary<string, object>
        {
            ["trigger"] = new { big = new string('a', 200_000), day = "2026-06-01", amps = new string('&', 50_000), list = Enumerable.Range(0, 9_000).Select(i => $"{i}").ToArray() },
        }));

        Assert.StartsWith("The template \"bomb\", version 1: ", fault.Message, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}"); // on a machine that is busy
    }

    public static TheoryData<string> Deep =>
    [
        string.Concat(Enumerable.Repeat("{% if lead.a %}", 50_000)),
        "{{ " + string.Concat(Enumerable.Repeat("lead[", 100_000)) + " }}",
        "{{ " + new string('(', 100_000) + " }}",
        "{{ lead.a" + string.Concat(Enumerable.Repeat(" | upcase", 100_000)) + " }}",
        "{% if lead.a" + string.Concat(Enumerable.Repeat(" and lead.a", 100_000)) + " %}{% endif %}",
        string.Concat(Enumerable.Repeat("{{ lead.a }}", 20_000)),
        new string('{', 200_000),
        string.Concat(Enumerable.Repeat("{% comment %}", 10_000)),
        string.Concat(Enumerable.Repeat("{{ \"", 50_000)),
    ];

    [Theory]
    [MemberData(nameof(Deep))]
    public void A_text_that_the_parser_would_get_lost_in_is_refused_before(string source)
    {
        var watch = Stopwatch.StartNew();

        Assert.NotEmpty(LiquidText.Parse(source).Errors);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
    }

    [Fact]
    public void HTML_that_is_too_deep_or_too_long_is_refused()
    {
        Assert.NotEmpty(InlinedHtml.Of(string.Concat(Enumerable.Repeat("<div>", 5_000)), "en").Errors);
        Assert.NotEmpty(InlinedHtml.Of($"<style>{string.Concat(Enumerable.Repeat("a{color:red;}", 5_000))}</style><p>x</p>", "en").Errors);
        Assert.NotEmpty(Filling.ErrorsOf($$"""{"name":"x","subject":"s","html":"{{new string('x', 300_000)}}"}"""));
    }
}
