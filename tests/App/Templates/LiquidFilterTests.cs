using LeadFunctions.Templates.Liquid;

namespace LeadFunctions.Tests.Templates;

/// <summary>What the filters that mail needs make of values, in the languages of readers.</summary>
public sealed class LiquidFilterTests
{
    [Theory]
    [InlineData("en", "long", "June 2, 2026")]
    [InlineData("en-GB", "long", "2 June 2026")]
    [InlineData("pl", "long", "2 czerwca 2026")]
    [InlineData("pl-PL", "full", "wtorek, 2 czerwca 2026")]
    [InlineData("pl", "%B %Y", "czerwiec 2026")]
    [InlineData("pl", "short", "02.06.2026")]
    [InlineData("sl", "long", "2. junij 2026")]
    [InlineData("ru", "long", "2 июня 2026 г.")]
    [InlineData("de", "full", "Dienstag, 2. Juni 2026")]
    [InlineData("en", "time", "12:30 AM")]
    [InlineData("de", "time", "00:30")]
    [InlineData("xx", "%d.%m.%Y %H:%M", "02.06.2026 00:30")]
    public void A_moment_is_shown_in_the_zone_of_the_lead_and_the_language_of_the_text(string locale, string format, string shown)
    {
        Assert.Equal(shown, Filling.Text($"{{{{ 'now' | date: '{format}' }}}}", new { }, locale));
        Assert.Equal(shown, Filling.Text($"{{{{ trigger.at | date: '{format}' }}}}", new { trigger = new { at = "2026-06-01T22:30:00Z" } }, locale));
        Assert.Equal(shown, Filling.Text($"{{{{ trigger.at | date: '{format}' }}}}", new { trigger = new { at = Filling.Now.ToUnixTimeSeconds() } }, locale));
    }

    [Theory]
    [InlineData("1990-05-01", "May 1, 1990")]
    [InlineData("1990-05-01T00:00:00Z", "May 1, 1990")]
    [InlineData("1990-05-01T00:00:00-08:00", "May 1, 1990")]
    [InlineData("soon", "soon")]
    public void A_day_is_that_day_wherever_the_lead_lives_and_what_is_no_date_stays_as_it_is(string value, string shown) =>
        Assert.Equal(shown, Filling.Text("{{ lead.birthday | date: 'long' }}", new { lead = new { birthday = value } }));

    [Theory]
    [InlineData("en", 1234.5, "EUR", "€1,234.50")]
    [InlineData("pl", 1234.5, "PLN", "1234,50\u00a0zł")]
    [InlineData("pl", 12345.678, "eur", "12\u00a0345,68\u00a0€")]
    [InlineData("de", 1234.5, "EUR", "1.234,50\u00a0€")]
    [InlineData("sl", -5, "EUR", "-5,00\u00a0€")]
    [InlineData("ru", 1000000, "RUB", "1\u00a0000\u00a0000,00\u00a0₽")]
    [InlineData("en", 1234.5, "JPY", "¥1,235")]
    [InlineData("en", 1.5, "KWD", "KWD\u00a01.500")]
    [InlineData("fr", 1234.5, "CHF", "1\u202f234,50\u00a0CHF")]
    public void Money_is_written_as_the_language_does(string locale, double amount, string currency, string shown)
    {
        Assert.Equal(shown, Filling.Text($"{{{{ data.total | money: '{currency}' }}}}", new { data = new { total = amount } }, locale));
        Assert.Equal(shown, Filling.Text($"{{{{ data.total | money: '{currency}' }}}}", new { data = new { total = amount.ToString(System.Globalization.CultureInfo.InvariantCulture) } }, locale));
    }

    [Theory]
    [InlineData("en", "{{ data.n | number }}", 1234567.25, "1,234,567.25")]
    [InlineData("de", "{{ data.n | number: 1 }}", 1234567.25, "1.234.567,3")]
    [InlineData("pl", "{{ data.n | number: 0 }}", 2.5, "3")]
    [InlineData("pl", "{{ data.n }}", 2.5, "2.5")]
    public void Numbers_are_grouped_where_that_is_asked_for(string locale, string source, double number, string shown) => Assert.Equal(shown, Filling.Text(source, new { data = new { n = number } }, locale));

    [Theory]
    [InlineData("en", "one other other other other other", "apple|apples")]
    [InlineData("de", "one other other other other other", "Apfel|Äpfel")]
    [InlineData("pl", "one few many many few many", "jabłko|jabłka|jabłek")]
    [InlineData("ru", "one few many one few many", "яблоко|яблока|яблок")]
    [InlineData("sl", "one two few other other one", "jabolko|jabolki|jabolka|jabolk")]
    [InlineData("cs", "one few other other other other", "jablko|jablka|jablka|jablek")]
    public void The_form_of_a_word_goes_with_the_number(string locale, string categories, string forms)
    {
        int[] numbers = locale switch { "sl" => [1, 2, 3, 5, 11, 101], "ru" => [1, 2, 5, 21, 22, 11], "pl" => [1, 2, 5, 21, 22, 12], "cs" => [1, 2, 5, 21, 22, 12], _ => [1, 2, 5, 21, 22, 0] };
        var expected = categories.Split(' ').Select(category => forms.Split('|')[Math.Min(Plurals.Categories(locale).ToList().IndexOf(category), forms.Split('|').Length - 1)]);
        var arguments = string.Join(", ", forms.Split('|').Select(form => $"'{form}'"));

        Assert.Equal(categories.Split(' '), numbers.Select(number => Plurals.Of(locale, number)));
        Assert.Equal(expected, numbers.Select(number => Filling.Text($"{{{{ data.n | plural: {arguments} }}}}", new { data = new { n = number } }, locale)));
    }

    [Fact]
    public void Forms_can_be_given_by_name() =>
        Assert.Equal("3 sklepy, 5 sklepów, 1 sklep", Filling.Text(
            "{% for n in data.all %}{{ n }} {{ n | plural: one: 'sklep', few: 'sklepy', other: 'sklepów' }}{% unless forloop.last %}, {% endunless %}{% endfor %}", new { data = new { all = new[] { 3, 5, 1 } } }, "pl"));

    [Theory]
    [InlineData("{{ lead.name | default: 'there' }}", "there", "")]
    [InlineData("{{ lead.empty | default: 'there' }}", "there", "")]
    [InlineData("{% if lead.name %}yes{% else %}no{% endif %}", "no", "")]
    [InlineData("{% if lead.name == 'Ann' or lead.name contains 'x' %}yes{% else %}no{% endif %}", "no", "")]
    [InlineData("Hello {{ lead.name }}!", "Hello !", "lead.name")]
    [InlineData("{{ lead.name | upcase }}{{ data.items[3].price }}", "", "data.items|lead.name")]
    [InlineData("{% for item in data.items %}{{ item.name }}{{ item.nothing }}{% endfor %}", "ab", "item.nothing")]
    [InlineData("{{ lead.company.size }} {{ lead.tags.size }} {{ lead.tags.first }}", "12 2 x", "")]
    public void What_is_missing_is_named_where_it_was_to_be_written_and_nowhere_else(string source, string shown, string missing)
    {
        var named = new SortedSet<string>();

        Assert.Equal(shown, Filling.Text(source, new { lead = new { empty = "", company = new { size = 12 }, tags = new[] { "x", "y" } }, data = new { items = new[] { new { name = "a" }, new { name = "b" } } } }, missing: named));
        Assert.Equal(missing, string.Join('|', named));
    }

    [Theory]
    [InlineData("{{ lead.a | url_encode }}", "a%26b%3D1+%C5%BC")]
    [InlineData("{{ lead.a | escape }}", "a&b=1 ż")]
    [InlineData("{% assign x = lead.a | append: '!' %}{{ x }}", "a&b=1 ż!")]
    [InlineData("{{ lead.code }}", "{{ lead.a }}{% if true %}")]
    [InlineData("{{ lead.id }}", "12345678901234567890")]
    public void Values_are_only_values(string source, string shown) => Assert.Equal(shown, Filling.Text(source, new { lead = new { a = "a&b=1 ż", code = "{{ lead.a }}{% if true %}", id = 12345678901234567890m } }));

    [Theory]
    [InlineData("a\n{% include 'secrets' %}", 2)]
    [InlineData("{% render 'x' %}", 1)]
    [InlineData("{% capture x %}a{% endcapture %}", 1)]
    [InlineData("\n\n{{ lead.name | raw }}", 3)]
    [InlineData("{{ lead.name | base64_decode }}", 1)]
    [InlineData("{% if x %}", 1)]
    [InlineData("{{ lead. }}", 1)]
    [InlineData("{{ ['lead'].name }}", 1)]
    public void What_the_language_has_not_is_refused_with_its_line(string source, int line) => Assert.Equal(line, LiquidText.Parse(source).Errors.Select(error => error.Line).First());
}
