using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Exports;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Tests.Imports;

/// <summary>Whom advertising networks may be shown, and how.</summary>
public sealed class AudienceTests
{
    [Theory]
    [InlineData("""[{"advertising":true}]""", true)]
    [InlineData("""[]""", false)]
    [InlineData("""[{"marketing":true}]""", false)]
    [InlineData("""[{"advertising":"granted"}]""", true)]
    [InlineData("""[{"advertising":"perhaps"}]""", false)]
    [InlineData("""[{"advertising":true},{"advertising":false}]""", false)]
    [InlineData("""[{"advertising":false},{"advertising":true}]""", true)]
    [InlineData("""[{"advertising":true},{"marketing":false}]""", false)]
    [InlineData("""[{"marketing":false},{"advertising":true}]""", false)]
    [InlineData("""[{"advertising":true},{"*":false}]""", false)]
    [InlineData("""[{"advertising":{"email":true}}]""", false)]
    public void Only_a_plain_yes_that_nothing_takes_back_lets_somebody_be_shown(string answers, bool may)
    {
        var lead = new LeadRecord();
        var at = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
        foreach (var answer in JsonElement.Parse(answers).EnumerateArray())
        {
            LeadFunctions.Facts.Traits.Apply(lead.Traits, new LeadEvent { Id = at.ToString("O"), Type = EventType.Track, Name = ConsentEvents.Changed, At = at, Properties = answer });
            at = at.AddDays(1);
        }

        Assert.Equal(may, Audience.MayShow(lead));
    }

    [Fact]
    public void Each_network_gets_addresses_and_numbers_in_its_own_form_hashed()
    {
        var (google, meta) = (Audience.Find("google")!, Audience.Find("meta")!); // there are both

        Assert.Equal($"{Sha("annshop@gmail.com")},{Sha("+38640123456")}\r\n", google.Row("Ann.Shop+ads@GMAIL.com", "+386 40 123 456"));
        Assert.Equal($"{Sha("ann.shop+ads@gmail.com")},{Sha("38640123456")}\r\n", meta.Row("Ann.Shop+ads@GMAIL.com", "+386 40 123 456"));
        Assert.Equal($"{Sha("a.b@shop.example")},\r\n", google.Row("a.b@shop.example", "040 123 456")); // from where is anybody's guess
        Assert.Equal("", google.Row("nobody", "1"));
        Assert.Null(Audience.Find("x"));
    }

    private static string Sha(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
