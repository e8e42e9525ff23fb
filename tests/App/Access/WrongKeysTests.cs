using System.Net;
using LeadFunctions.Access;
using LeadFunctions.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Tests.Access;

public sealed class WrongKeysTests
{
    private static readonly TimeSpan Now = TimeSpan.FromDays(3);

    [Fact]
    public void After_too_many_wrong_keys_from_an_address_none_from_there_is_looked_at_for_a_while()
    {
        var keys = new WrongKeys();
        Guess(keys, "a", WrongKeys.AtOnce);

        Assert.False(keys.MayTry("a", "the right one, by chance", Now, out var retryAfter));
        Assert.Equal(1, retryAfter);
        Assert.True(keys.MayTry("b", "another", Now, out _));
        Assert.True(keys.MayTry("a", "another", Now + TimeSpan.FromSeconds(1), out _));
    }

    [Fact]
    public void Who_used_a_key_from_there_lately_is_not_locked_out_by_a_neighbour()
    {
        var keys = new WrongKeys();
        keys.Note("a", "ours", isRight: true, Now);
        Guess(keys, "a", WrongKeys.AtOnce);

        Assert.True(keys.MayTry("a", "ours", Now, out _));
        keys.Note("a", "ours", isRight: false, Now); // revoked
        Assert.False(keys.MayTry("a", "ours", Now, out _));
    }

    [Fact]
    public void A_client_with_an_old_key_counts_less_than_one_that_guesses()
    {
        var keys = new WrongKeys();
        for (var i = 0; i < WrongKeys.AtOnce; i++)
        {
            keys.Note("a", "old", isRight: false, Now);
        }

        Assert.True(keys.MayTry("a", "old", Now, out _));
    }

    [Theory]
    [InlineData(null, "198.51.100.7", "198.51.100.7")]
    [InlineData("203.0.113.9", "10.0.0.1", "203.0.113.9")]
    [InlineData("203.0.113.9:51234", "10.0.0.1", "203.0.113.9")]
    [InlineData("1.2.3.4, 203.0.113.9:51234", "10.0.0.1", "203.0.113.9")] // what the caller wrote himself stands before
    [InlineData("203.0.113.9, 10.1.2.3, 169.254.130.1", "127.0.0.1", "203.0.113.9")]
    [InlineData("nonsense, 203.0.113.9", "10.0.0.1", "203.0.113.9")]
    [InlineData("10.1.2.3, 192.168.1.1", "10.0.0.1", "192.168.1.1")]
    [InlineData("nonsense", "10.0.0.1", "10.0.0.1")]
    [InlineData("::ffff:203.0.113.9", "10.0.0.1", "203.0.113.9")]
    [InlineData("[2001:db8:1:2:3:4:5:6]:51234", "10.0.0.1", "20010db800010002")]
    [InlineData("2001:db8:1:2:aaaa::1", "10.0.0.1", "20010db800010002")]
    public void An_address_is_what_the_last_proxy_saw(string? forwarded, string connection, string address)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers["X-Forwarded-For"] = forwarded;
        http.Connection.RemoteIpAddress = IPAddress.Parse(connection);

        Assert.Equal(address, WrongKeys.AddressOf(http.Request));
    }

    [Fact]
    public async Task A_guesser_is_answered_with_429_and_the_administrator_goes_on()
    {
        await using var app = await TestApp.StartAsync(App.Build);
        await app.GetAsync("/api/sources");

        var answers = new List<HttpStatusCode>();
        for (var i = 0; i <= WrongKeys.AtOnce + 60 && !answers.Contains(HttpStatusCode.TooManyRequests); i++)
        {
            answers.Add((await app.GetAsync("/api/sources", key: $"lfk_aaaaaaaaaa_guess-{i}")).Status);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
        Assert.All(answers[..^1], status => Assert.Equal(HttpStatusCode.Unauthorized, status));
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("/api/sources")).Status);
    }

    private static void Guess(WrongKeys keys, string from, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.True(keys.MayTry(from, $"guess {i}", Now, out _));
            keys.Note(from, $"guess {i}", isRight: false, Now);
        }
    }
}
