using LeadFunctions.Forms;
using static LeadFunctions.Tests.Forms.FormSamples;

namespace LeadFunctions.Tests.Forms;

/// <summary>What each kind of field takes, and what it makes of that.</summary>
public sealed class FieldReadingTests
{
    [Theory]
    [InlineData("text", "", "  Ann \t Lee\r\n ", "\"Ann   Lee\"")]
    [InlineData("text", "", "a\u0000b\u0007c\u2028d", "\"abc d\"")]
    [InlineData("text", "", "<script>", "\"\\u003Cscript\\u003E\"")]
    [InlineData("text", "\"multiline\":true", " a\r\nb\rc ", "\"a\\nb\\nc\"")]
    [InlineData("text", "\"minLength\":3", "abc", "\"abc\"")]
    [InlineData("text", "\"matches\":\"^[a-z]{3}$\"", "ABC", "\"ABC\"")]
    [InlineData("email", "", " Ann@BÜCHER.example. ", "\"Ann@xn--bcher-kva.example\"")]
    [InlineData("email", "", "<ann@example.com>", "\"ann@example.com\"")]
    [InlineData("tel", "\"region\":\"SI\"", "040 123 456", "\"\\u002B38640123456\"")]
    [InlineData("tel", "\"region\":\"SI\"", "+48 22 123 45 67", "\"\\u002B48221234567\"")]
    [InlineData("tel", "", "+386 40 123 456", "\"\\u002B38640123456\"")]
    [InlineData("number", "", "12.50", "12.5")]
    [InlineData("number", "", "1,5", "1.5")]
    [InlineData("number", "\"min\":-1,\"max\":1", "-1", "-1")]
    [InlineData("select", "\"options\":[\"x\",{\"value\":\"y\",\"label\":\"Why\"}]", "y", "\"y\"")]
    [InlineData("checkbox", "", "on", "true")]
    [InlineData("checkbox", "", "no", "false")]
    [InlineData("date", "\"from\":\"2026-01-01\",\"to\":\"2026-12-31\"", "2026-12-31", "\"2026-12-31\"")]
    [InlineData("hidden", "\"value\":\"v\"", "", "\"v\"")]
    [InlineData("hidden", "\"value\":\"v\"", "w", "\"w\"")]
    public void An_answer_is_brought_to_one_form(string type, string more, string typed, string read)
    {
        var answer = Assert.Single(Read(Field(type, more), ("a", typed)).Answers);

        Assert.Equal(read, answer.Value.ToJsonString());
    }

    [Theory]
    [InlineData("text", "\"minLength\":3", "ab", "At least 3 characters, please.")]
    [InlineData("text", "\"maxLength\":3", "abcd", "At most 3 characters, please.")]
    [InlineData("text", "\"matches\":\"^[0-9]+$\"", "12a", "This does not have the form that is asked for.")]
    [InlineData("email", "", "ann", "This is not an e-mail address. One looks like ann@example.com.")]
    [InlineData("email", "", "ann@gmail", "This is not an e-mail address. One looks like ann@example.com.")]
    [InlineData("email", "", "ann@.example", "This is not an e-mail address. One looks like ann@example.com.")]
    [InlineData("email", "", "ann@[127.0.0.1]", "This is not an e-mail address. One looks like ann@example.com.")]
    [InlineData("email", "", "ann@example.com, bob@example.com", "This is not an e-mail address. One looks like ann@example.com.")]
    [InlineData("email", "", "ann@example.com,bob@example.com", "This is not an e-mail address. One looks like ann@example.com.")]
    [InlineData("tel", "", "040 123 456", "This is not a telephone number. With the country code it looks like +38640123456.")]
    [InlineData("tel", "\"region\":\"SI\"", "12", "This is not a telephone number. With the country code it looks like +38640123456.")]
    [InlineData("tel", "\"region\":\"SI\"", "call me", "This is not a telephone number. With the country code it looks like +38640123456.")]
    [InlineData("number", "", "ten", "This is not a number.")]
    [InlineData("number", "", "1.000,5", "This is not a number.")]
    [InlineData("number", "", "1e999", "This is not a number.")]
    [InlineData("number", "\"min\":1.5", "1", "Not below 1.5, please.")]
    [InlineData("number", "\"max\":3", "4", "Not above 3, please.")]
    [InlineData("select", "\"options\":[\"x\"]", "z", "This is not one of the answers.")]
    [InlineData("multiselect", "\"options\":[\"x\"]", "z", "This is not one of the answers.")]
    [InlineData("multiselect", "\"options\":[\"x\",\"y\"],\"min\":2", "x", "Choose at least 2, please.")]
    [InlineData("date", "", "31.5.2026", "This is not a date. One looks like 2026-05-31.")]
    [InlineData("date", "", "2026-02-30", "This is not a date. One looks like 2026-05-31.")]
    [InlineData("date", "\"from\":\"2026-06-01\"", "2026-05-31", "Not below 2026-06-01, please.")]
    [InlineData("date", "\"to\":\"2026-06-01\"", "2026-06-02", "Not above 2026-06-01, please.")]
    public void What_does_not_fit_is_refused_in_words(string type, string more, string typed, string message)
    {
        var read = Read(Field(type, more), ("a", typed));

        Assert.Equal(new FormFault("a", message), Assert.Single(read.Faults));
        Assert.Empty(read.Answers);
    }

    [Theory]
    [InlineData("text", "\"label\":\"A\"", "Please fill this in.")]
    [InlineData("email", "\"label\":\"A\"", "Please fill this in.")]
    [InlineData("multiselect", "\"label\":\"A\",\"options\":[\"x\"]", "Please fill this in.")]
    [InlineData("checkbox", "\"label\":\"A\"", "Please fill this in.")]
    [InlineData("consent", "\"text\":\"I agree.\"", "This needs your consent.")]
    public void What_is_required_has_to_be_there_unless_nobody_asked_for_it(string type, string more, string message)
    {
        var form = Of($$"""{"type":"{{type}}","name":"a","required":true,{{more}}}""");

        Assert.Equal(message, Assert.Single(Read(form, ("a", "  ")).Faults).Message);
        Assert.Equal(message, Assert.Single(Read(form).Faults).Message);
        var unasked = ReadForm.Of(new(form, "en"), Sent(), _ => false);
        Assert.Empty(unasked.Faults);
        Assert.Empty(unasked.Answers);
    }

    /// <summary>An attribute could not hold it.</summary>
    [Fact]
    public void Half_a_character_is_none() => Assert.Equal("half \ufffd pair", FieldReading.Clean("half \ud83d pair", isMultiline: false));

    [Fact]
    public void Several_choices_are_a_list_without_repeats()
    {
        var read = Read(Of("""{"type":"multiselect","name":"a","label":"A","options":["x","y","z"]}"""), ("a", "z"), ("a", "x"), ("a", "z"));

        Assert.Equal("""["z","x"]""", Assert.Single(read.Answers).Value.ToJsonString());
        Assert.Equal("Choose at most 1, please.", Assert.Single(Read(Of("""{"type":"multiselect","name":"a","label":"A","options":["x","y"],"max":1}"""), ("a", "y"), ("a", "x")).Faults).Message);
    }

    [Fact]
    public void What_nobody_asked_for_is_not_looked_at() => Assert.Empty(Read(Field("text", ""), ("other", "x"), ("__proto__", "y")).Answers);

    [Fact]
    public void Errors_are_in_the_language_of_the_form()
    {
        var form = Of("""{"type":"email","name":"a","label":"A"}""", """ "locales":{"pl":{}} """);

        Assert.Equal("To nie jest adres e-mail. Przykład: ann@example.com.", Assert.Single(ReadForm.Of(LocalForm.For(form, ["fr-FR", "pl-PL", "en"]), Sent(("a", "x")), _ => true).Faults).Message);
        Assert.StartsWith("This", Assert.Single(ReadForm.Of(LocalForm.For(form, ["fr-FR"]), Sent(("a", "x")), _ => true).Faults).Message, StringComparison.Ordinal);
    }

    private static Form Field(string type, string more) =>
        Of($$"""{"type":"{{type}}","name":"a"{{(type == "hidden" ? "" : ",\"label\":\"A\"")}}{{(more.Length > 0 ? "," + more : "")}}}""");
}
