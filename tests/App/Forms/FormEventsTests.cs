using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Facts;
using LeadFunctions.Forms;
using static LeadFunctions.Tests.Forms.FormSamples;

namespace LeadFunctions.Tests.Forms;

/// <summary>A submission as events.</summary>
public sealed class FormEventsTests
{
    private const string Contact = """
        {"type":"email","name":"mail","label":"E"},{"type":"text","name":"company","label":"C","trait":"company.name"},{"type":"number","name":"size","label":"S","trait":"company.size"},
        {"type":"text","name":"message","label":"M"},{"type":"consent","name":"ok","text":"I agree.","topics":["offers"]},{"type":"consent","name":"more","text":"And more."}
        """;

    private static readonly Form Form = Of(Contact, "\"topics\":[\"news\",\"news.weekly\"]");

    private static readonly (string, string)[] Answers = [("mail", "ann@example.com"), ("company", "Acme"), ("size", "12"), ("message", "Hello")];

    [Fact]
    public void Who_it_is_and_what_they_sent_are_two_events_of_one_person()
    {
        var events = FormEvents.Submitted(Form, Read(Form, Answers), Sending("browser"));

        Assert.Equal(["form/s1/identify", "form/s1/submitted"], events.Select(e => e.Id));
        Assert.Equal([EventType.Identify, EventType.Track], events.Select(e => e.Type));
        Assert.Equal("""{"email":"ann@example.com","company":{"name":"Acme","size":12}}""", events[0].Traits.GetRawText());
        Assert.Equal("""{"form":"f","version":3,"page":"https://shop.example/contact","fields":{"mail":"ann@example.com","company":"Acme","size":12,"message":"Hello"}}""", events[1].Properties.GetRawText());
        Assert.All(events, e => Assert.Equal(("form/f", Monday), (e.Source, e.At)));
        Assert.All(events, e => Assert.Equal([Identity.Email("ann@example.com"), Identity.Anonymous("browser")], Identity.Of(e)));
    }

    [Fact]
    public void Whoever_says_no_name_is_an_anonymous_lead_and_whoever_says_one_needs_no_browser()
    {
        var form = Of("""{"type":"text","name":"message","label":"M"}""");

        Assert.Equal([Identity.Anonymous("form/s1")], Identity.Of(Assert.Single(FormEvents.Submitted(form, Read(form, ("message", "x")), Sending()))));
        Assert.All(FormEvents.Submitted(Form, Read(Form, Answers), Sending()), e => Assert.Equal([Identity.Email("ann@example.com")], Identity.Of(e)));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("ok", "offers")]
    [InlineData("more", "news,news.weekly")]
    [InlineData("ok,more", "offers,news,news.weekly")]
    public void A_box_agrees_to_its_topics_or_to_the_forms(string boxes, string topics)
    {
        var consent = FormEvents.Consent(new(Form, "en"), Read(Form, [.. Answers, .. boxes.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(box => (box, "yes"))]), Sending());

        Assert.Equal(topics.Split(',', StringSplitOptions.RemoveEmptyEntries), consent?.Topics ?? []);
        Assert.Equal(boxes.Split(',', StringSplitOptions.RemoveEmptyEntries), consent?.Texts.Keys ?? []);
    }

    [Fact]
    public void A_form_without_a_box_agrees_by_being_sent()
    {
        var form = Of("""{"type":"email","name":"mail","label":"E"}""", "\"topics\":[\"news\"]");

        Assert.Equal(["news"], FormEvents.Consent(new(form, "en"), Read(form, ("mail", "a@b.example")), Sending())!.Topics);
        Assert.Null(FormEvents.Consent(new(Of("""{"type":"email","name":"mail","label":"E"}"""), "en"), Read(form), Sending()));
    }

    /// <summary>What stands beside the answers must not be one.</summary>
    [Fact]
    public void Consent_is_to_the_topics_and_to_nothing_that_says_how_it_was_given()
    {
        var consent = FormEvents.Consent(new(Form, "en"), Read(Form, [.. Answers, ("ok", "yes")]), Sending("browser"))!; // it agrees
        var told = Assert.Single(FormEvents.Agreed(consent, confirmedAt: null));
        var traits = new TraitMap();

        traits.SetAnswers(told.Properties, told.At.ToUnixTimeMilliseconds());

        Assert.Equal(["offers"], traits.Answers.Select(answer => answer.Path));
        Assert.Equal((ConsentEvents.Changed, "form/s1/consent"), (told.Name, told.Id));
        var how = told.Context.GetProperty("form");
        Assert.Equal(("f", 3, "https://shop.example/contact", "hash", "en"), (how.GetProperty("id").GetString(), how.GetProperty("version").GetInt32(), how.GetProperty("page").GetString(), how.GetProperty("address").GetString(), how.GetProperty("locale").GetString()));
        Assert.Equal(FormEvents.HashOf("I agree."), how.GetProperty("texts").GetProperty("ok").GetString());
        Assert.False(how.TryGetProperty("confirmed", out _));
    }

    [Fact]
    public void The_text_that_was_agreed_to_is_the_one_that_was_read()
    {
        var form = Of("""{"type":"consent","name":"ok","text":"I agree.","topics":["offers"]}""", """ "locales":{"pl":{"fields":{"ok":{"text":"Zgadzam się."}}}} """);
        var read = Read(form, ("ok", "on"));

        Assert.Equal(FormEvents.HashOf("Zgadzam się."), FormEvents.Consent(new(form, "pl"), read, Sending())!.Texts["ok"]);
    }

    [Fact]
    public void A_confirmation_counts_from_when_it_was_given()
    {
        var consent = FormEvents.Consent(new(Form, "en"), Read(Form, [.. Answers, ("ok", "yes")]), Sending("browser"))!; // it agrees

        var events = FormEvents.Agreed(JsonSerializer.Deserialize<FormConsent>(JsonSerializer.Serialize(consent, JsonSerializerOptions.Web), JsonSerializerOptions.Web)!, Monday.AddDays(2)); // it was stored

        Assert.Equal([(ConsentEvents.Changed, "form/s1/consent"), (FormEvents.Confirmed, "form/s1/confirmed")], events.Select(e => (e.Name, e.Id)));
        Assert.All(events, e => Assert.Equal(Monday.AddDays(2), e.At));
        Assert.True(events[0].Context.GetProperty("form").GetProperty("confirmed").GetBoolean());
        Assert.All(events, e => Assert.Equal([Identity.Email("ann@example.com"), Identity.Anonymous("browser")], Identity.Of(e)));
    }
}
