using System.Net;
using System.Text;
using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace LeadFunctions.Tests.Access;

/// <summary>An app behind the platform's authentication, where who may only read sees nobody's name.</summary>
public sealed class GuardedApp() : SharedApp(null, new Dictionary<string, string> { ["LeadFunctions__EasyAuth"] = "true", ["WEBSITE_AUTH_ENABLED"] = "True", ["LeadFunctions__MaskForRead"] = "true" });

public sealed class PlatformIdentityTests(GuardedApp shared) : IClassFixture<GuardedApp>
{
    [Theory]
    [InlineData("true", "True", true)]
    [InlineData("true", "False", false)]
    [InlineData("true", null, false)]
    [InlineData("false", "True", false)]
    public void The_platform_is_believed_where_a_setting_says_so_and_its_authentication_is_on(string setting, string? reported, bool isTrusted)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["LeadFunctions:EasyAuth"] = setting, ["WEBSITE_AUTH_ENABLED"] = reported }).Build();

        Assert.Equal(isTrusted, new PlatformIdentity(AccessOptions.From(configuration), configuration).IsTrusted);
    }

    [Fact]
    public void Somebody_is_who_the_claims_say_with_the_roles_that_are_ours()
    {
        var caller = PlatformIdentity.Read(Principal("Sales", "Owner", "marketer"));

        Assert.Equal(("entra:7f", "Ann Lee"), (caller!.KeyId, caller.Name));
        Assert.Equal([Scope.Sales, Scope.Marketer], caller.Scopes);
        Assert.Empty(PlatformIdentity.Read(Principal("1", "root"))!.Scopes);
        Assert.All(["", "x", "bm90IEpTT04=", Convert.ToBase64String("null"u8), Convert.ToBase64String("{}"u8), Convert.ToBase64String("""{"claims":[]}"""u8)], header => Assert.Null(PlatformIdentity.Read(header)));
    }

    [Fact]
    public async Task Who_signed_in_to_the_platform_may_do_what_the_role_allows_from_our_own_pages()
    {
        await using var app = shared.Borrow();

        var me = await SendAsync(app, "/api/me", Principal("sales"));
        Assert.Equal((HttpStatusCode.OK, "entra:7f", "sales"), (me.Status, me.Json.GetProperty("keyId").GetString(), me.Json.GetProperty("role").GetString()));
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(app, "/api/keys", Principal("sales"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(app, "/api/keys", Principal("admin"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(app, "/api/me", Principal("somebody"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(app, "/api/me", "x")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(app, "/api/me", Principal("admin"), site: "cross-site")).Status);
    }

    [Fact]
    public async Task Who_may_only_read_sees_how_people_do_and_not_who_they_are()
    {
        await using var app = shared.Borrow();
        var lead = (await app.PostAsync("/api/leads", """{"traits":{"email":"ann@masked.example","name":"Ann Masked","phone":"+48 1","company":{"name":"Masked & Sons"}},"note":"likes plants"}""")).Json.GetProperty("leadId").GetString();
        await app.PostAsync("/api/clock/settle");
        var (read, sales) = (await app.CreateKeyAsync("read"), await app.CreateKeyAsync("sales"));

        foreach (var path in new[] { "/api/leads", $"/api/leads/{lead}", $"/api/leads/{lead}/timeline", $"/api/leads/{lead}/handover", "/api/notes?q=plants" })
        {
            var (masked, open) = (await app.GetAsync(path, read.Key), await app.GetAsync(path, sales.Key));
            Assert.DoesNotMatch("(?i)ann|masked|48 1|plants", masked.Status == HttpStatusCode.OK ? masked.Text : "");
            Assert.Matches("(?i)ann|plants", open.Text);
        }

        await app.GetAsync("/api/tail");
        using (var sent = new HttpRequestMessage(HttpMethod.Post, "/v1/identify") { Content = new StringContent("""{"userId":"ann","traits":{"email":"ann@masked.example"}}"""), Headers = { Authorization = new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(Api.WriteKey + ":"))) } })
        {
            await app.Client.SendAsync(sent);
        }

        var told = await Eventually.ThatAsync(() => app.GetAsync("/api/tail", read.Key), tail => tail.Json.GetProperty("items").GetArrayLength() > 0);
        Assert.DoesNotMatch("(?i)ann|masked", told.Text);
        Assert.Equal(("default", "identify"), (told.Json.GetProperty("items")[0].GetProperty("source").GetString(), told.Json.GetProperty("items")[0].GetProperty("name").GetString()));
        Assert.Matches("ann@masked", (await app.GetAsync("/api/tail", sales.Key)).Text);
        Assert.Equal("lead", (await app.GetAsync($"/api/leads/{lead}", read.Key)).Json.GetProperty("stage").GetString());
        Assert.Equal(lead, (await app.GetAsync("/api/leads", read.Key)).Json.GetProperty("items")[0].GetProperty("id").GetString());
        Assert.Equal(HttpStatusCode.Forbidden, (await app.GetAsync("/api/leads?email=ann@masked.example", read.Key)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.GetAsync("/api/leads/export", read.Key)).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("/api/leads/export")).Status);
    }

    [Fact]
    public async Task Where_nobody_said_so_a_request_that_carries_the_platforms_word_is_refused()
    {
        await using var app = shared.Borrow();
        var plain = new PlatformIdentity(new AccessOptions("k", "w"), new ConfigurationBuilder().Build());

        Assert.False(plain.IsTrusted);
        // Also with a good key: nobody is two people at once.
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(app, "/api/me", "x", key: Api.AdminKey)).Status);
    }

    private static string Principal(params string[] roles) => Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
    {
        auth_typ = "aad",
        name_typ = "name",
        role_typ = "roles",
        claims = new[] { new { typ = "http://schemas.microsoft.com/identity/claims/objectidentifier", val = "7f" }, new { typ = "name", val = "Ann Lee" } }.Concat(roles.Select(role => new { typ = "roles", val = role })),
    })));

    private static async Task<Answer> SendAsync(TestApp app, string path, string principal, string site = "same-origin", string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-MS-CLIENT-PRINCIPAL", principal);
        request.Headers.Add("X-LeadFunctions", "test");
        request.Headers.Add("Sec-Fetch-Site", site);
        if (key is not null)
        {
            request.Headers.Add("Authorization", $"Bearer {key}");
        }

        using var response = await app.Client.SendAsync(request);
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers, response.Content.Headers.ContentType?.MediaType);
    }
}
