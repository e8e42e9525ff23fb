using LeadFunctions.Events;
using LeadFunctions.Leads.Api;
using LeadFunctions.Lifecycle;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace LeadFunctions.Tests.Leads;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("ann@example.com", "ann@example.com")]
    [InlineData(" Sp1@example.com ", "Sp1@example.com")]
    [InlineData("\tann@example.com\r\n", "ann@example.com")]
    [InlineData("\u00a0ann@example.com\u200b", "ann@example.com")]
    [InlineData("Ann.Smith+News@EXAMPLE.Com", "Ann.Smith+News@example.com")]
    [InlineData("ann@Bücher.example", "ann@xn--bcher-kva.example")]
    [InlineData("ann@BÜCHER.EXAMPLE", "ann@xn--bcher-kva.example")]
    [InlineData("ann@XN--Bcher-Kva.example", "ann@xn--bcher-kva.example")]
    [InlineData("анна@почта.рф", "анна@xn--80a1acny.xn--p1ai")]
    [InlineData("ann@example.com.", "ann@example.com")]
    [InlineData("\"a@b\"@example.com", "\"a@b\"@example.com")]
    [InlineData("<ann@example.com>", "ann@example.com")]
    [InlineData("mailto:Ann@example.com", "Ann@example.com")]
    [InlineData("ann@example.com,", "ann@example.com")]
    [InlineData("an\u200bn@exam\u200dple.com", "ann@example.com")]
    [InlineData("o'neil+x=y/z@example.com", "o'neil+x=y/z@example.com")]
    [InlineData("ann@@example.com", null)]
    [InlineData("ann@example..com", null)]
    [InlineData("Ann<ann@example.com>", null)]
    [InlineData("ann@example.com,bob@example.com", null)]
    [InlineData("ann", null)]
    [InlineData("@example.com", null)]
    [InlineData("ann@", null)]
    [InlineData("ann@.", null)]
    [InlineData("ann smith@example.com", null)]
    [InlineData("ann@example.com\r\nBcc: all@example.com", null)]
    [InlineData("ann@bü..cher.example", null)]
    public void An_address_has_one_form(string text, string? address)
    {
        Assert.Equal(address, EmailAddress.Normalise(text));
        Assert.True(address is null || EmailAddress.Normalise(address) == address);
    }

    [Fact]
    public void An_address_names_one_person_in_any_spelling() =>
        Assert.Single(new[] { "Ann@Bücher.example", " ann@xn--bcher-kva.EXAMPLE ", "ANN@bücher.example." }.Select(address => Identity.Email(address).Hash()).Distinct());

    [Theory]
    [InlineData("?email=ann.plus+shop@example.com")]
    [InlineData("?email=ann.plus%2Bshop@example.com")]
    [InlineData("?email=ANN.plus+shop%40Example.com")]
    public void A_plus_in_the_query_is_a_plus_first(string query) =>
        Assert.Equal(Identity.Email("ann.plus+shop@example.com"), Parse(query)[0]);

    [Fact]
    public void What_may_have_been_a_blank_is_looked_for_too()
    {
        Assert.Equal([Identity.Email("+ann@example.com"), Identity.Email("ann@example.com")], Parse("?email=+ann@example.com"));
        Assert.Single(Parse("?email=ann@example.com"));
    }

    private static IReadOnlyList<Identity> Parse(string query) => LeadsRequest.Parse(new QueryCollection(QueryHelpers.ParseQuery(query)), LifecycleRules.None).Identities;
}
