using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Forms;
using static LeadFunctions.Tests.Forms.FormSamples;

namespace LeadFunctions.Tests.Forms;

/// <summary>Forms as HTML, read by a browser's rules.</summary>
public sealed class FormMarkupTests
{
    private static readonly Config Quick = Config.QuickThrowOnFailure.WithReplay(2026, 11).WithMaxTest(200);

    private static readonly Form Contact = new("contact", 2, Document(Repository.Read("samples/forms/contact.json")));

    private static readonly Gen<string> Text = Gen.Elements(
        "\"", "'", "<", ">", "&", "</textarea>", "<script>alert(1)</script>", "\" onfocus=\"x", "--><b>", "]]>", "&lt;", "&#60;", "\n", "\r\n", "\u0000", "\ud83d", "\u2028", "ž", "日本", "😀", "${x}", "{{x}}", "a", " ", "<!--", "style=", "`", "=", "</form>")
        .ListOf().Select(string.Concat);

    [Fact]
    public void Whatever_was_typed_the_page_is_the_same_but_for_what_was_typed() => Prop.ForAll(
        (from values in Gen.CollectToList(Contact.Document.Fields, _ => Text) from rest in Text select (values, rest: "r" + rest)).ToArbitrary(), drawn =>
        {
            var sent = Sent([.. Contact.Document.Fields.Zip(drawn.values, (field, value) => (field.Name, value)), ("anonymousId", drawn.rest), ("_page", drawn.rest)]);

            var page = Shown(sent, drawn.values.Select((value, place) => new FormFault(Contact.Document.Fields[place].Name, value)).ToList());
            var plain = Shown(Sent([.. Contact.Document.Fields.Select(field => (field.Name, "x")), ("anonymousId", "x"), ("_page", "x")]), [.. Contact.Document.Fields.Select(field => new FormFault(field.Name, "x"))]);

            Assert.Equal(Shape(plain, sent), Shape(page, sent));
            var message = (IHtmlTextAreaElement)page.QuerySelector("textarea")!; // the form has one
            Assert.Equal(Parsed(drawn.values[8]), message.Value.ReplaceLineEndings("\n"));
            Assert.Equal(Parsed(drawn.values[0]), page.QuerySelector<IHtmlInputElement>("[name=name]")!.GetAttribute("value")!.ReplaceLineEndings("\n")); // and this
        }).Check(Quick);

    [Fact]
    public void Each_error_belongs_to_its_field_and_the_list_of_them_leads_to_it()
    {
        var read = Read(Contact, ("name", "Ann"), ("email", "ann"), ("phone", "1"));
        var page = Shown(Sent(("name", "Ann"), ("email", "ann"), ("phone", "1")), read.Faults);

        var summary = page.QuerySelector("[role=alert]")!; // there are errors
        Assert.True(summary.HasAttribute("autofocus") && summary.GetAttribute("tabindex") == "-1");
        Assert.Equal(["#lf-email", "#lf-phone", "#lf-message", "#lf-privacy"], summary.QuerySelectorAll("a").Select(link => link.GetAttribute("href")));
        Assert.All(summary.QuerySelectorAll("a"), link => Assert.NotNull(page.QuerySelector(link.GetAttribute("href")!))); // each has one
        var phone = page.QuerySelector("#lf-phone")!; // the form has one
        Assert.Equal(("true", "lf-phone-help lf-phone-error"), (phone.GetAttribute("aria-invalid"), phone.GetAttribute("aria-describedby")));
        Assert.All(page.QuerySelectorAll("[aria-describedby]").SelectMany(element => element.GetAttribute("aria-describedby")!.Split(' ')), id => Assert.NotNull(page.GetElementById(id))); // it has one
        Assert.False(page.QuerySelector("#lf-name")!.HasAttribute("aria-invalid")); // the form has one
    }

    [Fact]
    public void Every_field_has_a_label_and_keeps_what_was_chosen()
    {
        var page = Shown(Sent(("country", "PL"), ("interests", "Care"), ("urgent", "yes"), ("start", "2026-07-01")), []);

        Assert.All(page.QuerySelectorAll<IHtmlInputElement>("input:not([type=hidden])").Cast<IHtmlElement>().Concat(page.QuerySelectorAll<IHtmlElement>("select, textarea")), control =>
            Assert.True(page.QuerySelector($"label[for='{control.Id}']") is { TextContent.Length: > 0 }, control.OuterHtml));
        Assert.Equal("PL", page.QuerySelector<IHtmlSelectElement>("select")!.Value); // the form has one
        Assert.Equal(["Care", "yes"], page.QuerySelectorAll<IHtmlInputElement>("input[checked]").Select(box => box.Value));
        Assert.Equal("2026-07-01", page.QuerySelector("[name=start]")!.GetAttribute("value")); // and this
        Assert.Equal("contact-page", page.QuerySelector("[name=campaign]")!.GetAttribute("value")); // and this
        Assert.Equal("https://www.verdant.example/privacy", page.QuerySelector("label[for=lf-privacy] a")!.GetAttribute("href")); // and this
        Assert.Null(page.QuerySelector("script, [style], [onclick]"));
    }

    [Fact]
    public void What_is_known_is_not_asked_again_and_of_the_rest_so_much_at_a_time()
    {
        var all = FormShowing.Choose(Contact.Document, _ => false).Select(field => field.Name).ToList();
        var known = FormShowing.Choose(Contact.Document, trait => trait is "name" or "company.name").Select(field => field.Name).ToList();

        Assert.Equal(["name", "email", "phone", "company", "employees", "interests", "start", "message", "urgent", "campaign", "privacy", "news"], all); // four of those that set a trait
        Assert.Equal(["email", "phone", "employees", "country", "interests", "start", "message", "urgent", "campaign", "privacy", "news"], known);
        var document = Contact.Document;
        var ticket = new FormTicket(2, Monday, "n", FormTicket.Bits(document, field => known.Contains(field.Name)));
        Assert.Equal(known, document.Fields.Where(field => ticket.WasAsked(document, field)).Select(field => field.Name));
    }

    [Fact]
    public void A_page_loads_nothing_runs_nothing_and_leads_nowhere_else()
    {
        var page = FormPage.Of("en", "T", Contact.Document, Markup.Of($"<p>{"<b>"}</p>"));

        Assert.Matches("^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'; form-action 'self' https://www\\.verdant\\.example; base-uri 'none'; frame-ancestors 'self' https://www\\.verdant\\.example https://\\*\\.verdant\\.example$", page.Policy);
        var style = new HtmlParser().ParseDocument(page.Html).QuerySelector("style")!.TextContent; // every page has one
        Assert.Contains(Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(style))), page.Policy, StringComparison.Ordinal);
        Assert.Contains("<p>&lt;b&gt;</p>", page.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "Please confirm your address")]
    [InlineData("de", "Bitte bestätigen Sie Ihre Adresse")]
    [InlineData("pl", "Prosimy potwierdzić adres e-mail")]
    [InlineData("sl", "Prosimo, potrdite svoj naslov")]
    [InlineData("ru", "Пожалуйста, подтвердите адрес")]
    [InlineData("fr", "Please confirm your address")]
    public void The_mail_that_asks_to_confirm_is_in_the_forms_language_and_carries_no_markup_of_anybodys(string locale, string subject)
    {
        var mail = ConfirmationMail.Of(locale, "<b>Letters</b>", "https://a.example/f/confirm/x?a=1&b=2");

        Assert.Equal(subject, mail.Subject);
        var html = new HtmlParser().ParseDocument(mail.Html);
        Assert.Null(html.QuerySelector("b"));
        Assert.Contains("<b>Letters</b>", html.Body!.TextContent, StringComparison.Ordinal); // it has a body
        Assert.Equal("https://a.example/f/confirm/x?a=1&b=2", html.QuerySelector("a")!.GetAttribute("href")); // and a link
        Assert.Contains("\nhttps://a.example/f/confirm/x?a=1&b=2\n", mail.Text, StringComparison.Ordinal);
    }

    private static IHtmlDocument Shown(SentForm sent, IReadOnlyList<FormFault> faults) =>
        new HtmlParser().ParseDocument(FormMarkup.Form(new(Contact, "en"), new(Contact.Document.Fields, sent, faults, "ticket", IsEmbedded: false)).Html);

    /// <summary>Every element with its attributes, but for what a person types or chooses.</summary>
    private static string Shape(IHtmlDocument page, SentForm sent) => string.Join('\n', page.All.Select(element =>
        $"{element.Ancestors().Count()} {element.TagName} {string.Join(' ', element.Attributes.Where(attribute => !(attribute.Name is "checked" or "selected" || (attribute.Name == "value" && sent.Values.ContainsKey(element.GetAttribute("name") ?? "") && element.GetAttribute("type") != "checkbox"))).Select(attribute => $"{attribute.Name}={attribute.Value}"))}"));

    /// <summary>What a browser makes of a text that stands in a page: it knows one line break, and no nothing.</summary>
    private static string Parsed(string text) => new string([.. text.EnumerateRunes().SelectMany(rune => rune.ToString())]).ReplaceLineEndings("\n").Replace('\0', '\ufffd');
}
