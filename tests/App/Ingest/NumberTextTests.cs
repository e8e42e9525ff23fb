using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Ingest.Reading;

namespace LeadFunctions.Tests.Ingest;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData("42", "42")]
    [InlineData("42.0", "42")]
    [InlineData("4.2e1", "42")]
    [InlineData("4.2E+1", "42")]
    [InlineData("420e-1", "42")]
    [InlineData("0.42e2", "42")]
    [InlineData("4200e-2", "42")]
    [InlineData("-42.00", "-42")]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("0.0e5", "0")]
    [InlineData("0e-5", "0")]
    [InlineData("4.50", "4.5")]
    [InlineData("1e-3", "0.001")]
    [InlineData("1234567890123456789", "1234567890123456789")]
    [InlineData("1234567890123456789.0", "1234567890123456789")]
    [InlineData("1.234567890123456789e18", "1234567890123456789")]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("1e3000", "1e3000")]
    [InlineData("1e99999999999", "1e99999999999")]
    public void A_number_has_one_text(string json, string text) => Assert.Equal(text, NumberText.Of(json));

    [Fact]
    public void Every_way_of_writing_a_number_gives_the_same_text() => Prop.ForAll(
        (from number in Gen.Choose(-1_000_000, 1_000_000)
         from shift in Gen.Choose(-6, 6)
         from zeros in Gen.Choose(0, 3)
         select (number, shift, zeros)).ToArbitrary(),
        written =>
        {
            var (number, shift, zeros) = written;
            var shifted = number * (decimal)Math.Pow(10, -shift);
            var json = $"{shifted.ToString("0.0#########", CultureInfo.InvariantCulture)}{new string('0', zeros)}e{shift}";
            return NumberText.Of(json) == number.ToString(CultureInfo.InvariantCulture);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_number_and_its_text_are_one_person()
    {
        Assert.Equal(["42"], new[] { "42", "42.0", "4.2e1", "\"42\"", "\" 42 \"" }.Select(id => Normalised.Of($$"""{"type":"page","userId":{{id}}}""").Event.UserId).Distinct());
        Assert.Equal("42", Normalised.Of("""{"type":"page","anonymousId":42.0}""").Event.AnonymousId);
        Assert.Equal(LeadFunctions.Events.Queueing.Outcome.NoIdentity, Normalised.Of("""{"type":"page","userId":0.0}""").Outcome);
        Assert.Equal(LeadFunctions.Events.Queueing.Outcome.InvalidField, Normalised.Of("""{"type":"page","userId":1e200}""").Outcome);
    }
}
