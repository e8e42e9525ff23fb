using System.Text;
using LeadFunctions.Forms.Confirming;
using LeadFunctions.Templates;

namespace LeadFunctions.Tests.Forms;

/// <summary>A confirmation mail of somebody's own.</summary>
public sealed class ConfirmMailsTests
{
    private static readonly FormConfirmation Ann = new("s1", "f", 3, "pl", "Newsletter", "ann@example.com", "https://a.example/f/confirm/x-1_y", "own", null, FormSamples.Monday);

    [Fact]
    public void A_template_asks_in_its_own_words_and_the_readers_language()
    {
        var mail = ConfirmMails.Render(Template("""<p>Hi {{ lead.email }}, <a href=\"{{ data.confirmUrl }}\">{{ data.title }}</a></p>""", ",\"locales\":{\"pl\":{\"subject\":\"Potwierdź\"}}"), Ann);

        Assert.NotNull(mail);
        Assert.Equal(("Potwierdź", true, true), (mail.Subject, mail.Html.Contains("ann@example.com", StringComparison.Ordinal), mail.Text.Contains(Ann.Url, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("<p>Nothing to click</p>")]
    [InlineData("<p>{{ data.title | plural: 1 }}</p>")]
    public void One_that_nobody_could_confirm_by_is_none(string html) => Assert.Null(ConfirmMails.Render(Template(html, ""), Ann));

    private static CompiledTemplate Template(string html, string more)
    {
        var (document, errors) = TemplateParser.Read(Encoding.UTF8.GetBytes($$"""{"name":"x","locale":"en","subject":"Confirm","html":"{{html}}"{{more}}}"""));
        Assert.Empty(errors);
        return new(new Template("own", 1, document!)); // it has no mistake
    }
}
