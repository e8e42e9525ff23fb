using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using LeadFunctions.Access;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Access;

[Collection(nameof(OneManagedApp))]
public sealed class SessionTests(SharedApp shared)
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Signing = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public void A_session_is_read_as_it_was_written_until_it_is_over()
    {
        var session = new Session("abc", Now + Session.Length);
        var cookie = session.Write(Signing);

        Assert.Equal(session, Session.Read(cookie, KeyOf, Now));
        Assert.Equal(session, Session.Read(cookie, KeyOf, Now + Session.Length - TimeSpan.FromSeconds(1)));
        Assert.Null(Session.Read(cookie, KeyOf, Now + Session.Length));
    }

    [Fact]
    public void Nothing_in_a_session_can_be_altered()
    {
        var parts = new Session("abc", Now + Session.Length).Write(Signing).Split('.');

        Assert.Null(Session.Read($"abd.{parts[1]}.{parts[2]}", _ => Signing, Now));
        Assert.Null(Session.Read($"abc.{long.Parse(parts[1]) + 1}.{parts[2]}", KeyOf, Now));
        Assert.Null(Session.Read($"abc.{parts[1]}.{parts[2][1..]}", KeyOf, Now));
        Assert.Null(Session.Read($"abc.{parts[1]}.{parts[2]}", _ => RandomNumberGenerator.GetBytes(32), Now));
        Assert.Null(Session.Read($"gone.{parts[1]}.{parts[2]}", KeyOf, Now));
        Assert.All(new[] { "", "a", "a.b", "a.b.c", "abc.99999999999999999999.x", $"abc.{long.MaxValue}.x", "abc.-1.x", "....", "ä.1.ü" }, text => Assert.Null(Session.Read(text, KeyOf, Now)));
    }

    [Fact]
    public async Task A_key_is_exchanged_for_a_cookie_that_allows_what_the_key_allows_from_our_own_pages_alone()
    {
        await using var app = shared.Borrow();
        var key = await app.CreateKeyAsync("sales");
        var begun = await app.PostAsync("/api/session", "", key.Key);
        Assert.Equal(HttpStatusCode.OK, begun.Status);
        Assert.Equal("sales", begun.Json.GetProperty("role").GetString());
        var set = Assert.Single(begun.Headers.GetValues("Set-Cookie"));
        Assert.All(new[] { "httponly", "samesite=strict", "max-age=43200", "path=/api" }, mark => Assert.Contains(mark, set, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(key.Key, set, StringComparison.Ordinal);
        var cookie = set.Split(';')[0];

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, "/api/me", cookie));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, "/api/sales/queue", cookie));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(app, "/api/keys", cookie));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(app, "/api/session", cookie, HttpMethod.Post));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(app, "/api/me", cookie, header: false));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(app, "/api/me", cookie, site: null));
        foreach (var site in new[] { "cross-site", "same-site", "none" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(app, "/api/me", cookie, site: site));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(app, "/api/me", cookie[..^1]));

        await app.DeleteAsync($"/api/keys/{key.Id}");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(app, "/api/me", cookie));
    }

    [Fact]
    public async Task Signing_out_removes_the_cookie()
    {
        await using var app = shared.Borrow();

        var ended = await app.DeleteAsync("/api/session");

        Assert.Equal(HttpStatusCode.NoContent, ended.Status);
        Assert.Contains("max-age=0", Assert.Single(ended.Headers.GetValues("Set-Cookie")), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_dashboard_is_served_with_a_policy_that_lets_nothing_foreign_in()
    {
        await using var app = shared.Borrow();

        var page = await app.GetAsync("/app/leads/some-lead", key: null);

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.StartsWith("text/html", page.ContentType, StringComparison.Ordinal);
        Assert.True(page.Headers.CacheControl is { NoCache: true });
        Assert.Contains("default-src 'none'", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        var asset = Regex.Match(page.Text, "/app/assets/[^\"]+\\.js").Value;
        Assert.Contains("immutable", (await app.GetAsync(asset, key: null)).Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/app/assets/none.js", key: null)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/app/assets/..%2f..%2fhost.json", key: null)).Status);
    }

    private static byte[]? KeyOf(string id) => id == "abc" ? Signing : null;

    private static async Task<HttpStatusCode> StatusAsync(TestApp app, string path, string cookie, HttpMethod? method = null, bool header = true, string? site = "same-origin")
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        request.Headers.Add("Cookie", cookie);
        if (header)
        {
            request.Headers.Add(Session.HeaderName, "dashboard");
        }

        if (site is not null)
        {
            request.Headers.Add("Sec-Fetch-Site", site);
        }

        using var answer = await app.Client.SendAsync(request);
        return answer.StatusCode;
    }
}
