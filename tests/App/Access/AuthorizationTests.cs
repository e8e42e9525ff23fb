using System.Net;
using System.Text.RegularExpressions;
using LeadFunctions.Access;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Tests.Access;

[Collection(nameof(OneManagedApp))]
public sealed partial class AuthorizationTests(SharedApp shared)
{
    [Fact]
    public async Task Every_management_route_refuses_a_request_without_a_key_and_one_with_too_small_a_scope()
    {
        await using var app = shared.Borrow();
        var reader = await app.CreateKeyAsync("read");
        var management = RouteScopes.AllRoutes().Where(r => r.Route.StartsWith("api/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(management);

        foreach (var route in management)
        {
            Assert.True(route.Scopes is { Scopes.Count: > 0 }, $"{route.Function} declares no scope: give it [RequiresScope].");
            foreach (var method in route.Methods.Select(m => HttpMethod.Parse(m)))
            {
                var path = "/" + Parameter().Replace(route.Route, "1");

                var without = await app.SendAsync(method, path, key: null);
                Assert.True(without.Status == HttpStatusCode.Unauthorized, $"{method} {path} without a key: {without.Status}");
                Assert.Equal("/problems/unauthorized", without.Problem);
                Assert.Contains("Bearer", without.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);

                var wrong = await app.SendAsync(method, path, key: "lfk_aaaaaaaaaa_nobody-made-this-key");
                Assert.Equal(HttpStatusCode.Unauthorized, wrong.Status);

                if (!route.Scopes.Scopes.Contains(Scope.Read))
                {
                    var small = await app.SendAsync(method, path, key: reader.Key);
                    Assert.True(small.Status == HttpStatusCode.Forbidden, $"{method} {path} with the scope read: {small.Status}");
                }
            }
        }
    }

    [Fact]
    public void Routes_leave_authorization_to_the_app_and_not_to_the_host()
    {
        var levels = from type in typeof(App).Assembly.GetTypes()
                     from method in type.GetMethods()
                     from parameter in method.GetParameters()
                     let trigger = parameter.GetCustomAttributes(typeof(HttpTriggerAttribute), false).Cast<HttpTriggerAttribute>().SingleOrDefault()
                     where trigger is not null
                     select (method.Name, trigger.AuthLevel);

        Assert.All(levels, l => Assert.Equal(AuthorizationLevel.Anonymous, l.AuthLevel));
    }

    [Theory]
    [InlineData(new[] { Scope.Admin }, new[] { Scope.Admin }, true)]
    [InlineData(new[] { Scope.Admin }, new[] { Scope.Marketer, Scope.Sales, Scope.Read }, false)]
    [InlineData(new[] { Scope.Marketer }, new[] { Scope.Admin }, true)]
    [InlineData(new[] { Scope.Marketer }, new[] { Scope.Sales }, false)]
    [InlineData(new[] { Scope.Marketer, Scope.Sales }, new[] { Scope.Sales }, true)]
    [InlineData(new[] { Scope.Read }, new[] { Scope.Sales }, true)]
    [InlineData(new[] { Scope.Read }, new Scope[0], false)]
    [InlineData(new Scope[0], new[] { Scope.Marketer }, false)]
    public void A_scope_allows_what_it_names_and_reading(Scope[] required, Scope[] granted, bool isAllowed) =>
        Assert.Equal(isAllowed, new RequiresScopeAttribute(required).Allows(granted));

    [Fact]
    public async Task A_revoked_key_is_refused_on_every_instance_within_five_seconds()
    {
        await using var first = shared.Borrow();
        await using var second = await shared.BorrowSecondAsync();
        var key = await first.CreateKeyAsync("read");
        await Eventually.ThatAsync(() => second.GetAsync("/api/sources", key.Key), a => a.Status == HttpStatusCode.OK);

        await first.DeleteAsync($"/api/keys/{key.Id}");

        Assert.Equal(HttpStatusCode.Unauthorized, (await first.GetAsync("/api/sources", key.Key)).Status);
        await second.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.Unauthorized, (await second.GetAsync("/api/sources", key.Key)).Status);
    }

    [Fact]
    public async Task Keys_appear_neither_in_listings_nor_in_the_log()
    {
        await using var app = shared.Borrow();
        var key = await app.CreateKeyAsync("marketer", "read");
        await app.GetAsync("/api/sources", key.Key);

        var listed = await app.GetAsync("/api/keys");

        Assert.Single(listed.Json.GetProperty("items").EnumerateArray(), item => item.GetProperty("id").GetString() == key.Id);
        Assert.DoesNotContain(key.Key, listed.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret.HashOf(key.Key), listed.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(app.Logs.Lines, l => l.Message.Contains(key.Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_request_is_answered_with_all_its_mistakes()
    {
        await using var app = shared.Borrow();

        var empty = await app.PostAsync("/api/keys", """{ "name": " ", "scopes": [] }""");
        Assert.Equal(HttpStatusCode.BadRequest, empty.Status);
        Assert.Equal("application/problem+json", empty.ContentType);
        Assert.Equal(["$.name", "$.scopes"], empty.ErrorPaths);
        Assert.Equal(["$.scopes[0]"], (await app.PostAsync("/api/keys", """{ "name": "x", "scopes": ["emperor"] }""")).ErrorPaths);
        Assert.Contains("one of read, sales, marketer, admin", (await app.PostAsync("/api/keys", """{ "name": "x", "scopes": ["emperor"] }""")).Text, StringComparison.Ordinal);
        Assert.Contains("\"expected\":\"a list\"", (await app.PostAsync("/api/keys", """{ "name": "x", "scopes": "read" }""")).Text, StringComparison.Ordinal);
        Assert.Equal(["$.owner"], (await app.PostAsync("/api/keys", """{ "name": "x", "scopes": ["read"], "owner": "me" }""")).ErrorPaths);
        Assert.Contains("scopes", (await app.PostAsync("/api/keys", """{ "name": "x" }""")).Text, StringComparison.Ordinal);
        Assert.Contains("This is not JSON", (await app.PostAsync("/api/keys", """{ "name": "x", """)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_caller_is_known_to_the_routes_behind()
    {
        await using var app = shared.Borrow();
        var keys = app.NewServices().GetRequiredService<ApiKeys>();
        await keys.FreshAsync(CancellationToken.None);

        Assert.Equal(ApiKeys.SettingKeyId, keys.FindCaller(Api.AdminKey)?.KeyId);
        Assert.Null(keys.FindCaller(Api.WriteKey));
        Assert.Null(keys.FindCaller(""));
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
