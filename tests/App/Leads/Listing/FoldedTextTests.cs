using LeadFunctions.Events;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;

namespace LeadFunctions.Tests.Leads.Listing;

public sealed class FoldedTextTests
{
    [Theory]
    [InlineData("Łukasz Żółć", "lukasz zolc")]
    [InlineData("Jürgen Großmann", "jurgen grossmann")]
    [InlineData("ÆRØ Œuvre Þór", "aero oeuvre thor")]
    [InlineData("Re\u0301ne\u0301 Ď", "rene d")]
    [InlineData("Ѐлена 李", "ѐлена 李")]
    [InlineData("÷", "÷")]
    [InlineData("Ștefan Țepeș", "stefan tepes")]
    [InlineData("Nguyễn Thị Ơn", "nguyen thi on")]
    [InlineData("Ǎlice ẞ", "alice ss")]
    public void Accents_and_case_make_no_difference(string text, string folded)
    {
        Assert.Equal(folded, FoldedText.Of(text));
        Assert.Equal(folded, FoldedText.Of(folded) ?? folded);
    }

    [Fact]
    public void Ascii_is_compared_as_it_is() => Assert.Null(FoldedText.Of("Ann O'Neil"));

    [Theory]
    [InlineData("ann", true)]
    [InlineData("ANN le", true)]
    [InlineData("le an", true)]
    [InlineData("lee-s", true)]
    [InlineData("smi", true)]
    [InlineData("müll", true)]
    [InlineData("mull", true)]
    [InlineData("soh", true)]
    [InlineData("a.lee@mail", true)]
    [InlineData("mail.exam", true)]
    [InlineData("ann mull", true)]
    [InlineData("nn", false)]
    [InlineData("exam", false)] // neither the address nor its domain begins so
    [InlineData("lee@", false)]
    [InlineData("ann bob", false)]
    [InlineData("ann lee-smithers", false)]
    public void Each_word_begins_one_of_name_or_company_or_the_address_or_its_domain(string search, bool isFound)
    {
        var lead = new ListedLead(
            Identity.User("u").Hash(), "lead", "Ann Lee-Smith", "Müller & Söhne", "A.Lee@mail.example.com", "u", null, 0, null, 0, 0, [], EngagementCurve.Zero);

        Assert.Equal(isFound, ListingSearch.Of(search)!.Finds(new ListingTexts(ListingTexts.Of(lead))));
    }

    [Theory]
    [InlineData("Ștefan Popescu", "Ștefan")]
    [InlineData("Ștefan Popescu", "stef")]
    [InlineData("Пётр Чехов", "пётр")]
    [InlineData("Пётр Чехов", "ЧЕХ")]
    [InlineData("ΑΘΗΝΑ", "αθηνα")]
    [InlineData("李 小龍", "小")]
    [InlineData("Nguyễn", "nguyễn")]
    [InlineData("Nguyễn", "NGUYEN")]
    public void Names_of_any_script_are_found_by_how_they_begin(string name, string search)
    {
        var texts = ListingTexts.Of(new ListedLead(Identity.User("u").Hash(), "lead", name, null, null, "u", null, 0, null, 0, 0, [], EngagementCurve.Zero));

        Assert.True(ListingSearch.Of(search)!.Finds(new ListingTexts(texts)));
        Assert.False(ListingSearch.Of("ж" + search)!.Finds(new ListingTexts(texts)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \t")]
    [InlineData("\u0301")]
    public void What_holds_no_word_is_no_search(string search) => Assert.Null(ListingSearch.Of(search));
}
