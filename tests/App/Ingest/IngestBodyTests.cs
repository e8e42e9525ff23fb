using System.Text;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Platform.Http;

namespace LeadFunctions.Tests.Ingest;

public sealed class IngestBodyTests
{
    private static readonly byte[] Json = """{"a":"ä"}"""u8.ToArray();

    [Fact]
    public void The_bytes_say_how_they_are_packed_whatever_the_header_says()
    {
        foreach (var header in new[] { "", "gzip", "deflate", "identity", "br" })
        {
            AssertReads(Json, header);
            AssertReads(Bodies.Gzip(Json), header);
            AssertReads(Bodies.Zlib(Json), header);
        }

        AssertReads(Bodies.Deflate(Json), "deflate");
        AssertReads([0xEF, 0xBB, 0xBF, .. Json], "");
    }

    [Fact]
    public void What_is_not_JSON_in_UTF_8_is_unreadable()
    {
        AssertRefuses(Outcome.Unreadable, []);
        AssertRefuses(Outcome.Unreadable, "{"u8.ToArray());
        AssertRefuses(Outcome.Unreadable, "{\"a\":1,}"u8.ToArray());
        AssertRefuses(Outcome.Unreadable, "a=b&c=d"u8.ToArray());
        AssertRefuses(Outcome.Unreadable, [(byte)'"', 0xC3, (byte)'"']);
        AssertRefuses(Outcome.Unreadable, Bodies.Gzip(Json)[..^12]);
        AssertRefuses(Outcome.Unreadable, [0x1F, 0x8B, 1, 2, 3]);
        AssertRefuses(Outcome.Unreadable, [0x78, 0x9C, 1, 2, 3]);
        AssertRefuses(Outcome.Unreadable, Encoding.UTF8.GetBytes(new string('[', 33) + new string(']', 33)));
        AssertRefuses(Outcome.Unreadable, Encoding.UTF8.GetBytes(new string('[', 400_000)));
    }

    [Fact]
    public void Thirty_two_levels_are_read() => AssertReads(Encoding.UTF8.GetBytes(new string('[', 32) + new string(']', 32)), "");

    [Fact]
    public void A_bomb_is_put_out_early()
    {
        var bomb = Bodies.Gzip(new byte[50 * 1024 * 1024]);
        AssertRefuses(Outcome.TooLarge, bomb);
        var before = GC.GetAllocatedBytesForCurrentThread();

        AssertRefuses(Outcome.TooLarge, bomb);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * 1024 * 1024);
    }

    [Theory]
    [InlineData("""{"a":"\ud83d"}""", """{"a":"\ufffd"}""")]
    [InlineData("""{"a":"\uD83D\uDE00"}""", """{"a":"\uD83D\uDE00"}""")]
    [InlineData("""{"a":"\ude00\ud83d"}""", """{"a":"\ufffd\ufffd"}""")]
    [InlineData("""{"a":"\ud83d\ud83d\ude00"}""", """{"a":"\ufffd\ud83d\ude00"}""")]
    [InlineData("""{"a":"\\ud83d"}""", """{"a":"\\ud83d"}""")]
    [InlineData("""{"a":"\\\ud83d"}""", """{"a":"\\\ufffd"}""")]
    [InlineData("""{"\ud83d":"\ud83dx"}""", """{"\ufffd":"\ufffdx"}""")]
    [InlineData("""{"a":"\ud83""", """{"a":"\ud83""")]
    [InlineData("""\ud83d\""", """\ufffd\""")]
    public void Half_an_emoji_becomes_the_replacement_character(string json, string mended)
    {
        var bytes = Encoding.UTF8.GetBytes(json);

        Surrogates.Mend(bytes);

        Assert.Equal(mended, Encoding.UTF8.GetString(bytes));
    }

    private static void AssertReads(byte[] bytes, string header)
    {
        using var body = Normalised.Decode(bytes, header);
        Assert.Equal((Outcome.Accepted, ""), (body.Outcome, body.Reason));
    }

    private static void AssertRefuses(Outcome outcome, byte[] bytes)
    {
        using var body = Normalised.Decode(bytes);
        Assert.Equal(outcome, body.Outcome);
        Assert.NotEqual("", body.Reason);
    }
}
