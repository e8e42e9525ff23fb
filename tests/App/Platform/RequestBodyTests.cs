using System.Text;
using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Journeys.Rehearsal;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Tests.Platform;

/// <summary>What no reader of a document need expect any more.</summary>
public sealed class RequestBodyTests
{
    [Theory]
    [InlineData("""{"name":"\ud83d"}""", "half a character (byte 10)")]
    [InlineData("""{"name":"\ude00 later"}""", "half a character (byte 10)")]
    [InlineData("""{"name":"\\ud83d \ud83d\ude00 \uD83D"}""", "half a character")]
    [InlineData("""{"\ud83d":1}""", "half a character")]
    [InlineData("""{"days":1e400}""", "number is too large (byte 9)")]
    [InlineData("""{"days":[1,-1e999]}""", "number is too large")]
    public void Half_a_character_and_a_number_beyond_numbers_are_told(string json, string message) =>
        Assert.Contains(message, RequestBody.Fault(Encoding.UTF8.GetBytes(json))?.Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"name":"\ud83d\ude00 \\ud83d ä 😀","n":1e308,"id":1234567890123456789}""")]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("nonsense")]
    public void What_is_whole_and_what_is_no_JSON_are_left_to_the_reader(string json) => Assert.Null(RequestBody.Fault(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public async Task Bytes_that_are_no_UTF_8_are_a_problem_and_no_body()
    {
        var request = new DefaultHttpContext().Request;
        request.Body = new MemoryStream([(byte)'"', 0xFF, (byte)'"']);

        var (body, problem) = await RequestBody.ReadAsync(request, 100, CancellationToken.None);

        Assert.Empty(body);
        Assert.Equal("The body is not UTF-8.", Assert.IsType<ProblemResult>(problem).Problem.Errors![0].Message);
    }

    [Fact]
    public void A_null_in_a_list_is_told_with_its_place()
    {
        Assert.Equal("$.allowedOrigins[1]", Fault<SourceDocument>("""{"name":"x","allowedOrigins":["*",null]}""").Path);
        Assert.Equal("$.leads[1].events[0]", Fault<SimulationRequest>("""{"leads":[{},{"events":[null]}]}""").Path);
        Assert.Equal("$.leads[0]", Fault<SimulationRequest>("""{"leads":[null]}""").Path);
        Assert.Null(JsonSerializer.Deserialize<SourceDocument>("""{"name":"x"}""", WebJson.Options)!.AllowedOrigins);
    }

    private static FieldError Fault<T>(string json) => RequestBody.JsonError(Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<T>(json, WebJson.Options)));
}
