using System.Text;
using System.Text.Json;
using LeadFunctions.Forms;
using LeadFunctions.Tests.Conditions;

namespace LeadFunctions.Tests.Forms;

public sealed class FormDocumentTests
{
    /// <summary>Every field that there is, with everything that it may say.</summary>
    private const string Full = """
        {"$schema":"/api/schemas/form.json","name":"Full","title":"T","text":"t","submit":"s","message":"m","topics":["news","news.weekly"],
         "fields":[
          {"type":"text","name":"a","label":"A","placeholder":"p","help":"h","required":true,"trait":"a.b","minLength":2,"maxLength":20,"matches":"^[a-z]+$","multiline":true},
          {"type":"email","name":"b","label":"B","placeholder":"p","help":"h","required":false},
          {"type":"tel","name":"c","label":"C","placeholder":"p","help":"h","trait":"mobile","region":"PL"},
          {"type":"number","name":"d","label":"D","placeholder":"p","trait":"d","min":-1.5,"max":10},
          {"type":"select","name":"e","label":"E","trait":"e","options":["x",{"value":"y","label":"Y"}]},
          {"type":"multiselect","name":"f","label":"F","options":["x","z"],"min":1,"max":2},
          {"type":"checkbox","name":"g","label":"G","trait":"g"},
          {"type":"date","name":"h","label":"H","from":"2026-01-01","to":"2026-12-31"},
          {"type":"hidden","name":"i","value":"v","trait":"i"},
          {"type":"file","name":"k","label":"K","help":"h","required":true,"accept":["pdf","docx"],"maxKilobytes":2048},
          {"type":"consent","name":"j","text":"I agree.","help":"h","required":true,"topics":["offers"]}],
         "doubleOptIn":{"template":"confirm","from":"Shop <a@b.example>","validFor":"3d","message":"Done"},
         "redirect":"https://shop.example/thanks?x=1","progressive":2,"honeypot":"website","minimumSeconds":3,"maxLinks":1,"rate":{"max":5,"per":"10m"},
         "origins":["https://shop.example","https://*.shop.example","http://localhost:8080"],"locale":"en","region":"SI",
         "locales":{"pl":{"title":"T","text":"t","submit":"s","message":"m","confirmed":"c","fields":{"e":{"label":"E","help":"h","options":{"x":"X"}},"j":{"text":"Zgoda."},"b":{"placeholder":"p"}}}},
         "theme":{"accent":"#0b6e4f","background":"#ffffff","text":"#000000","dark":{"accent":"#5cc8a1","background":"#000000","text":"#ffffff"}}}
        """;

    [Fact]
    public void The_schema_for_editors_and_the_parser_agree() => SchemaAgreement.Check(
        "form", [.. SchemaAgreement.Samples("forms"), Full], json => FormDocument.Parse(json).Errors,
        [
            "is there twice", "Another field", "A field has this name", "The form has no", "The field has no option", "Nothing in the form asks for the address", "Nothing can be as this asks", "is no day", "is no country",
            "Nobody remembers", "is not a duration", "This regular expression", "Only a field of the type email", "This is no address to go to", "is no origin", "The page itself sends", "is no sender", "Written out", "may be too large together",
        ], atLeast: 1_000, hasConditions: false);

    [Theory]
    [InlineData("""{"type":"texts","name":"a","label":"A"}""", "$.fields[0].type", "one of text, email, tel")]
    [InlineData("""{"name":"a","label":"A"}""", "$.fields[0].type", "one of text")]
    [InlineData("""{"type":"text","label":"A"}""", "$.fields[0].name", "1 to 64 letters")]
    [InlineData("""{"type":"text","name":"_ticket","label":"A"}""", "$.fields[0].name", "beginning with a letter")]
    [InlineData("""{"type":"text","name":"anonymousId","label":"A"}""", "$.fields[0].name", "another name")]
    [InlineData("""{"type":"text","name":"a"}""", "$.fields[0].label", "text of 1 to 300")]
    [InlineData("""{"type":"text","name":"a","label":"A","min":1}""", "$.fields[0].min", "one of")]
    [InlineData("""{"type":"text","name":"a","label":"A","minLength":30,"maxLength":20}""", "$.fields[0].minLength", "maxLength")]
    [InlineData("""{"type":"text","name":"a","label":"A","minLength":201}""", "$.fields[0].minLength", "maxLength")]
    [InlineData("""{"type":"text","name":"a","label":"A","matches":"(?=x)"}""", "$.fields[0].matches", "look-around")]
    [InlineData("""{"type":"text","name":"a","label":"A","matches":"(a{99}){99}"}""", "$.fields[0].matches", "at most 500")]
    [InlineData("""{"type":"text","name":"a","label":"A","trait":"$stage"}""", "$.fields[0].trait", "words of letters")]
    [InlineData("""{"type":"text","name":"a","label":"A","trait":"email"}""", "$.fields[0].trait", "the type email")]
    [InlineData("""{"type":"number","name":"a","label":"A","min":2,"max":1}""", "$.fields[0].min", "max")]
    [InlineData("""{"type":"multiselect","name":"a","label":"A","options":["x"],"min":2}""", "$.fields[0].min", "the 1 there are")]
    [InlineData("""{"type":"select","name":"a","label":"A"}""", "$.fields[0].options", "a list")]
    [InlineData("""{"type":"select","name":"a","label":"A","options":[]}""", "$.fields[0].options", "at least one")]
    [InlineData("""{"type":"select","name":"a","label":"A","options":["x","x"]}""", "$.fields[0].options", "each value once")]
    [InlineData("""{"type":"date","name":"a","label":"A","from":"2026-02-30"}""", "$.fields[0].from", "2026-05-31")]
    [InlineData("""{"type":"date","name":"a","label":"A","from":"2026-03-01","to":"2026-02-01"}""", "$.fields[0].from", "\"to\"")]
    [InlineData("""{"type":"tel","name":"a","label":"A","region":"XX"}""", "$.fields[0].region", "SI")]
    [InlineData("""{"type":"consent","name":"a","label":"A","text":"T"}""", "$.fields[0].label", "one of")]
    [InlineData("""{"type":"text","name":"a","label":"A"},{"type":"text","name":"a","label":"B"}""", "$.fields[1].name", "each name once")]
    [InlineData("""{"type":"text","name":"a","label":"A","trait":"company"},{"type":"text","name":"b","label":"B","trait":"company.name"}""", "$.fields[1].trait", "each trait once")]
    public void A_mistake_in_a_field_is_answered_with_its_place(string fields, string path, string expected) => Refuses($$"""{"name":"F","fields":[{{fields}}]}""", path, expected);

    [Theory]
    [InlineData("\"redirect\":\"javascript:alert(1)\"", "$.redirect", "https://")]
    [InlineData("\"redirect\":\"/thanks\"", "$.redirect", "https://")]
    [InlineData("\"redirect\":\"https://a.example; script-src *\"", "$.redirect", "https://")]
    [InlineData("\"origins\":[\"https://a.example/\"]", "$.origins[0]", "https://*.shop.example")]
    [InlineData("\"origins\":[\"*\"]", "$.origins[0]", "scheme and host")]
    [InlineData("\"theme\":{\"accent\":\"red;}\"}", "$.theme.accent", "hexadecimal")]
    [InlineData("\"theme\":{\"dark\":{\"text\":\"#12345\"}}", "$.theme.dark.text", "hexadecimal")]
    [InlineData("\"locales\":{\"polish\":{}}", "$.locales.polish", "a language")]
    [InlineData("\"locales\":{\"pl\":{\"fields\":{\"aa\":{\"label\":\"x\"}}}}", "$.locales.pl.fields.aa", "one of a")]
    [InlineData("\"locales\":{\"pl\":{\"fields\":{\"a\":{\"options\":{\"x\":\"X\"}}}}}", "$.locales.pl.fields.a.options.x", "one of its values")]
    [InlineData("\"doubleOptIn\":{}", "$.doubleOptIn", "type email")]
    [InlineData("\"doubleOptIn\":{\"validFor\":\"91d\"}", "$.doubleOptIn.validFor", "90d")]
    [InlineData("\"doubleOptIn\":{\"from\":\"nobody\"}", "$.doubleOptIn.from", "an address")]
    [InlineData("\"honeypot\":\"a\"", "$.honeypot", "another name")]
    [InlineData("\"minimumSeconds\":1.5", "$.minimumSeconds", "whole number")]
    [InlineData("\"rate\":{\"max\":1}", "$.rate.per", "a whole number and a unit")]
    [InlineData("\"topics\":[\"a b\"]", "$.topics[0]", "letters, digits")]
    [InlineData("\"attachments\":true", "$.attachments", "one of name, title")]
    public void A_mistake_in_the_rest_is_answered_with_its_place(string more, string path, string expected) =>
        Refuses($$"""{"name":"F","fields":[{"type":"email","name":"a","label":"A","trait":"{{(path == "$.doubleOptIn" ? "other" : "email")}}"}],{{more}}}""", path, expected);

    [Fact]
    public void All_mistakes_are_answered_at_once()
    {
        var (document, errors) = FormDocument.Parse(Encoding.UTF8.GetBytes("""{"fields":[{"type":"text"},{"type":"email","name":"1"}],"locale":"english"}"""));

        Assert.Null(document);
        Assert.Equal(["$.fields[0].label", "$.fields[0].name", "$.fields[1].label", "$.fields[1].name", "$.locale", "$.name"], errors.Select(error => error.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Everything_that_comes_with_the_app_is_said_in_five_languages()
    {
        Assert.Equal(["de", "en", "pl", "ru", "sl"], FormTexts.InEveryLanguage.Select(texts => texts.Language).Order(StringComparer.Ordinal));
        foreach (var property in typeof(FormTexts).GetProperties().Where(property => property.PropertyType == typeof(string) && property.Name != nameof(FormTexts.Language)))
        {
            var said = FormTexts.InEveryLanguage.Select(texts => (string)property.GetValue(texts)!).ToList(); // each is required
            Assert.Equal(5, said.Distinct().Count());
            Assert.Single(said.Select(text => text.Contains("{0}", StringComparison.Ordinal)).Distinct());
        }
    }

    private static void Refuses(string json, string path, string expected)
    {
        var (document, errors) = FormDocument.Parse(JsonDocument.Parse(json).RootElement);

        var error = Assert.Single(errors);
        Assert.Equal(error.IsForgivenIfStored, document is not null);
        Assert.Equal(path, error.Path);
        Assert.Contains(expected, error.Expected, StringComparison.Ordinal);
    }
}
