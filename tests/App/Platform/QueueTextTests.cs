using System.Text;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Tests.Platform;

public sealed class QueueTextTests
{
    [Fact]
    public void What_is_encoded_decodes_and_the_text_is_ASCII()
    {
        var random = new Random(7);
        var noise = new byte[20_000];
        random.NextBytes(noise);
        foreach (var json in new[] { "", "{}", "{\"a\":\"ä\"}", $"\"{new string('x', 100_000)}\"", $"\"{new string('ш', 5_000)}\"", $"\"{Convert.ToBase64String(noise)}\"" })
        {
            var text = QueueText.Encode(Encoding.UTF8.GetBytes(json));

            Assert.True(Ascii.IsValid(text));
            Assert.True(text.Length <= json.Length || !Ascii.IsValid(json));
            Assert.Equal(json, Encoding.UTF8.GetString(QueueText.Decode(text)));
        }
    }

    [Fact]
    public void A_small_message_stays_readable_and_a_large_one_is_packed()
    {
        Assert.Equal("{\"a\":1}", QueueText.Encode("{\"a\":1}"u8));
        Assert.StartsWith("gz:", QueueText.Encode(Encoding.UTF8.GetBytes(new string('x', 10_000))));
    }

    [Theory]
    [InlineData("gz:not base64!")]
    [InlineData("gz:AAAA")]
    [InlineData("gz:H4sIAAAAAAAAAxx")]
    public void What_cannot_be_unpacked_is_invalid(string text) => Assert.Throws<InvalidDataException>(() => QueueText.Decode(text));

    [Fact]
    public void A_message_unpacks_to_its_limit_and_no_further()
    {
        var text = QueueText.Encode(Encoding.UTF8.GetBytes(new string('x', 100_000)));

        Assert.Equal(100_000, QueueText.Decode(text, 100_000).Length);
        Assert.Throws<InvalidDataException>(() => QueueText.Decode(text, 99_999));
        Assert.Throws<InvalidDataException>(() => QueueText.Decode("12345", 4));
    }
}
