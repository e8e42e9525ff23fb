using LeadFunctions.Access;
using LeadFunctions.Events.Queueing;

namespace LeadFunctions.Tests.Ingest;

/// <summary>Ids that mean nobody are no identities, or everybody would be one person.</summary>
[Collection(nameof(OneIngestApp))]
public sealed class NobodyTests(IngestApp app)
{
    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("\"0\"")]
    [InlineData("\"-1\"")]
    [InlineData("\"(null)\"")]
    [InlineData("\"<null>\"")]
    [InlineData("\"[null]\"")]
    [InlineData("\"'undefined'\"")]
    [InlineData("\"NULL\"")]
    [InlineData("\" null \"")]
    [InlineData("\"None\"")]
    [InlineData("\"NaN\"")]
    [InlineData("\"N/A\"")]
    [InlineData("\"unknown\"")]
    [InlineData("\"not_authenticated\"")]
    [InlineData("\"distinct_id\"")]
    [InlineData("\"(not set)\"")]
    [InlineData("\"[object Object]\"")]
    [InlineData("\"00000000-0000-0000-0000-000000000000\"")]
    [InlineData("\"{00000000-0000-0000-0000-000000000000}\"")]
    [InlineData("\"-\"")]
    [InlineData("\"--\"")]
    [InlineData("\"?\"")]
    [InlineData("\"*\"")]
    [InlineData("\"{{user.id}}\"")]
    [InlineData("\"${user.id}\"")]
    [InlineData("\"<%= user.id %>\"")]
    [InlineData("\"%%USER_ID%%\"")]
    [InlineData("\"%USER_ID%\"")]
    [InlineData("\"*|UNIQID|*\"")]
    [InlineData("\"__USERID__\"")]
    [InlineData("\"YOUR_USER_ID\"")]
    [InlineData("\"<your-user-id>\"")]
    [InlineData("\"000000\"")]
    [InlineData("\"0.0\"")]
    [InlineData("\"null null\"")]
    [InlineData("\"undefined null\"")]
    [InlineData("\"not-set\"")]
    [InlineData("\"not-authenticated\"")]
    [InlineData("\"notAuthenticated\"")]
    [InlineData("\"anonymous-user\"")]
    [InlineData("\"undefined-undefined\"")]
    [InlineData("\"$user_id\"")]
    [InlineData("\"$distinct_id\"")]
    [InlineData("\"id\"")]
    [InlineData("\"#N/A\"")]
    [InlineData("\"NA\"")]
    [InlineData("\"N.A.\"")]
    [InlineData("\"#REF!\"")]
    [InlineData("\"#VALUE!\"")]
    [InlineData("\"#NAME?\"")]
    [InlineData("\"#DIV/0!\"")]
    [InlineData("\"Default\"")]
    [InlineData("\"(blank)\"")]
    [InlineData("\"string\"")]
    [InlineData("\"Undefined \\u200b\"")]
    [InlineData("\"\\ufeffnull\"")]
    [InlineData("\"{customer.id}\"")]
    [InlineData("\"usr_{{ user.id }}\"")]
    [InlineData("\"a{{b}}\"")]
    [InlineData("\"%7B%7Buser.id%7D%7D\"")]
    [InlineData("\"%5Bobject%20Object%5D\"")]
    [InlineData("\"user-undefined\"")]
    [InlineData("\"u:[object Object]\"")]
    [InlineData("\"FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF\"")]
    [InlineData("\"9774d56d682e549c\"")]
    public void It_is_passed_over_and_named_and_the_anonymous_id_is_used(string id)
    {
        var taken = Normalised.Of($$"""{"type":"page","userId":{{id}},"anonymousId":"a1"}""").Event;

        Assert.Equal((null, "a1"), (taken.UserId, taken.AnonymousId));
        Assert.Equal("userId", Assert.Single(taken.Remarks!).Path);
        Assert.Equal(Outcome.NoIdentity, Normalised.Of($$"""{"type":"page","userId":{{id}}}""").Outcome);
        Assert.Equal("u1", Normalised.Of($$"""{"type":"page","userId":"u1","anonymousId":{{id}}}""").Event.UserId);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("10")]
    [InlineData("-2")]
    [InlineData("\"00\"")]
    [InlineData("\"0001\"")]
    [InlineData("\"100%\"")]
    [InlineData("\"__init\"")]
    [InlineData("\"Youri\"")]
    [InlineData("\"Anonymous Coward\"")]
    [InlineData("\"nullable\"")]
    [InlineData("\"Noneman\"")]
    [InlineData("\"guest-7\"")]
    [InlineData("\"(4)\"")]
    [InlineData("\"Анна\"")]
    [InlineData("\"😀\"")]
    [InlineData("\"a{b}\"")]
    [InlineData("\"{550e8400-e29b-41d4-a716-446655440000}\"")]
    [InlineData("\"50%25\"")]
    [InlineData("\"Anna%20Nowak\"")]
    [InlineData("\"nan-goldin\"")]
    [InlineData("\"String Quartet\"")]
    [InlineData("\"test\"")]
    [InlineData("\"7\"")]
    [InlineData("\"undefined-horizons\"")]
    [InlineData("\"wellundefined\"")]
    public void Any_other_id_is_somebodys(string id)
    {
        var taken = Normalised.Of($$"""{"type":"page","userId":{{id}}}""").Event;

        Assert.NotNull(taken.UserId);
        Assert.Null(taken.Remarks);
    }

    [Fact]
    public void Nothing_at_all_is_nobody_too_and_needs_no_remark() =>
        Assert.Null(Normalised.Of("""{"type":"page","userId":" ","anonymousId":"a1"}""").Event.Remarks);

    [Fact]
    public void Which_words_mean_nobody_is_the_sources_to_say()
    {
        var facts = Normalised.Facts(Normalised.Source with { NobodyIds = ["walk-in"] });

        Assert.Equal("guest", Normalised.Of("""{"type":"page","userId":"guest"}""", facts).Event.UserId);
        Assert.Equal(Outcome.NoIdentity, Normalised.Of("""{"type":"page","userId":"Walk-In"}""", facts).Outcome);
        Assert.Equal(Outcome.NoIdentity, Normalised.Of("""{"type":"page","userId":"-"}""", facts).Outcome);
        Assert.Equal(["$.nobodyIds[1]"], SourceRules.Validate(new SourceDocument("Shop", NobodyIds: ["x", " "])).Select(error => error.Path));
    }

    [Fact]
    public void A_refusal_for_want_of_an_identity_says_which_were_passed_over() =>
        Assert.Contains("\"0\" stands for nobody", Normalised.Of("""{"type":"page","userId":0}""").Refusals[0].Message, StringComparison.Ordinal);

    [Fact]
    public async Task The_answer_names_what_was_passed_over()
    {
        var answer = await app.PostAsync("/v1/batch", """{"batch":[{"type":"page","userId":"u"},{"type":"page","userId":"0","anonymousId":"a","messageId":"m7"}]}""").JsonAsync();
        var remark = Assert.Single(answer.GetProperty("remarks").EnumerateArray());

        Assert.Equal((2, 0), (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("rejected").GetArrayLength()));
        Assert.Equal((1, "m7", "userId"), (remark.GetProperty("index").GetInt32(), remark.GetProperty("messageId").GetString(), remark.GetProperty("path").GetString()));
        Assert.Contains("\"0\"", remark.GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
