using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Leads.Erasing;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Tests.Leads;

/// <summary>
/// What somebody with the key of a page and somebody else's address comes to. Ann is known by her address alone: an import or a form said it, and no user id protects her.
/// </summary>
[Collection(nameof(OneLeadApp))]
public sealed class PublicPageTests(SharedLeadApp shared)
{
    [Fact]
    public async Task A_page_that_may_say_neither_user_ids_nor_addresses_speaks_for_its_browsers_alone()
    {
        await using var app = shared.Borrow();
        await app.SendAsync(HttpMethod.Put, "api/sources/page-only", new { name = "Page", acceptUserIds = false, acceptAddresses = false });
        var made = await (await app.SendAsync(HttpMethod.Post, "api/sources/page-only/keys")).Content.ReadFromJsonAsync<JsonObject>();
        var page = (string)made!["key"]!; // the answer has it
        await PostAsync(app, Api.WriteKey, new { type = "identify", traits = new { email = "ann@public.example", firstName = "Ann" } });

        await PostAsync(app, page,
            new { type = "page", anonymousId = "evil-b" },
            new { type = "identify", anonymousId = "evil-b", traits = new { email = "ann@public.example", firstName = "Mallory" } },
            new { type = "identify", anonymousId = "evil-b", userId = "mallory", traits = new { email = "ann@public.example" } },
            new { type = "alias", anonymousId = "evil-b", userId = "mallory", previousId = "ann@public.example" },
            new { type = "track", anonymousId = "evil-b", @event = "Consent Changed", properties = new { marketing = true } });

        var (ann, browser) = (await app.FindAsync("email=ann@public.example"), await app.FindAsync("anonymousId=evil-b"));
        Assert.NotEqual((string?)ann!["id"], (string?)browser!["id"]);
        Assert.Equal(("Ann", null, 0), ((string?)ann["traits"]!["firstName"], (string?)ann["userId"], ann["consent"]!.AsObject().Count));
        Assert.Empty(ann["anonymousIds"]!.AsArray());
        Assert.Null(await app.FindAsync("userId=mallory"));

        // What is Ann's is neither erased nor exported with the browser that only said her address.
        var burial = app.App.NewServices().GetRequiredService<LeadBurial>();
        Assert.Equal("ann@public.example", (string?)browser["traits"]!["email"]);
        Assert.Empty((await burial.FindAsync((string)browser["id"]!, default))!.Person.Addresses);
        Assert.Equal(["ann@public.example"], (await burial.FindAsync((string)ann["id"]!, default))!.Person.Addresses);
    }

    [Fact]
    public async Task Elsewhere_an_address_is_how_a_browser_becomes_known_and_it_moves_nobodys_mail()
    {
        await using var app = shared.Borrow();
        await PostAsync(app, Api.WriteKey, new { type = "identify", traits = new { email = "bea@public.example", firstName = "Bea" } });
        await PostAsync(app, Api.WriteKey, new { type = "identify", anonymousId = "new-b", traits = new { email = "bea@public.example" } });
        await PostAsync(app, Api.WriteKey, new { type = "identify", anonymousId = "new-b", traits = new { email = "evil@public.example" } }); // now another

        var (bea, evil) = (await app.FindAsync("email=bea@public.example"), await app.FindAsync("email=evil@public.example"));
        Assert.Equal((string?)bea!["id"], (string?)(await app.FindAsync("anonymousId=new-b"))!["id"]);
        Assert.NotEqual((string?)bea["id"], (string?)evil!["id"]);
        Assert.Equal("bea@public.example", (string?)bea["email"]); // her mail goes where it went
    }

    private static async Task PostAsync(LeadApp app, string key, params object[] calls)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/batch") { Content = JsonContent.Create(new { batch = calls }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(key + ":")));
        using var response = await app.App.Client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        await app.App.SettleAsync();
    }
}
