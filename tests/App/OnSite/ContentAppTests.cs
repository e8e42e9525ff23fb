using System.Net;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.OnSite;

/// <summary>Contents through the whole app.</summary>
[Collection(nameof(OneManagedApp))]
public sealed class ContentAppTests(SharedApp shared)
{
    [Fact]
    public async Task A_content_is_published_shown_to_whom_it_is_for_capped_by_what_was_seen_and_deleted()
    {
        await using var app = shared.Borrow();
        Assert.Equal(["$.slot"], (await app.PutAsync("/api/content/spring", """{"name":"x","slot":"NO","html":"x"}""")).ErrorPaths);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.PutAsync("/api/content/spring", "{}", (await app.CreateKeyAsync("read")).Key)).Status);
        var put = await app.PutAsync("/api/content/spring", """{"name":"Spring","slot":"onsite","html":"<p onclick='x()'>Hi</p>","when":{"trait":"onsiteCity","equals":"Koper"},"frequency":[{"max":1,"per":"7d"}],"priority":1}""");
        Assert.Equal((HttpStatusCode.Created, "$.html"), (put.Status, put.Json.GetProperty("warnings")[0].GetProperty("path").GetString()));
        Assert.Equal(HttpStatusCode.Created, (await app.PutAsync("/api/content/all", """{"name":"All","slot":"onsite","html":"<p>All</p>","pages":["/shop*"]}""")).Status);

        await app.PostAsync("/v1/batch", """{"batch":[{"type":"identify","anonymousId":"onsite-1","messageId":"onsite-1","traits":{"email":"one@onsite.example","onsiteCity":"Koper"}}]}""", Api.WriteKey);
        await app.PostAsync("/v1/batch", """{"batch":[{"type":"identify","anonymousId":"onsite-2","messageId":"onsite-2","traits":{"onsiteCity":"Koper"}}]}""", Api.WriteKey);
        await app.SettleAsync();
        var reach = (await app.PostAsync("/api/content/spring/publish?dryRun=true")).Json;
        Assert.Equal((2, 0), (reach.GetProperty("for").GetInt32(), reach.GetProperty("refused").GetInt32()));
        Assert.Empty(await ShownAsync(app, "onsite-1"));
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/api/content/spring/publish")).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/api/content/all/publish")).Status);

        Assert.Equal(["spring"], await Eventually.ThatAsync(() => ShownAsync(app, "onsite-1"), shown => shown is ["spring"]));
        Assert.Equal(["all"], await ShownAsync(app, null)); // nobody
        Assert.Equal(["all"], await ShownAsync(app, "onsite-never-seen"));
        var answer = await app.GetAsync("/v1/content?slot=onsite&k=local-write-key&anonymousId=onsite-1&url=https://a.example/shop", key: null);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Contains("<p>Hi</p>", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Koper", answer.Text, StringComparison.Ordinal);

        // Seen, of that person alone; and whoever refuses is a stranger from then on.
        await app.PostAsync("/v1/batch", """{"batch":[{"type":"track","event":"Content Shown","anonymousId":"onsite-1","messageId":"onsite-3","properties":{"content":"spring","version":1,"slot":"onsite"}}]}""", Api.WriteKey);
        await app.SettleAsync();
        Assert.Equal(["all"], await ShownAsync(app, "onsite-1"));
        Assert.Equal(["spring"], await ShownAsync(app, "onsite-2"));
        await app.PostAsync("/v1/batch", """{"batch":[{"type":"track","event":"Consent Changed","anonymousId":"onsite-2","messageId":"onsite-4","properties":{"tracking":false}}]}""", Api.WriteKey);
        await app.SettleAsync();
        Assert.Equal(["all"], await ShownAsync(app, "onsite-2"));

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.BadRequest), (
            (await app.GetAsync("/v1/content?slot=onsite", key: null)).Status, (await app.GetAsync("/v1/content?slot=NO&url=x&k=local-write-key", key: null)).Status));
        Assert.Equal("LeadFunctions content", (await app.GetAsync("/api/schemas/content.json")).Json.GetProperty("title").GetString());
        Assert.Contains((await app.GetAsync("/api/content")).Json.GetProperty("items").EnumerateArray(), one => one.GetProperty("name").GetString() == "Spring");
        Assert.Equal("Spring", (await app.GetAsync("/api/content/spring/versions/1")).Json.GetProperty("document").GetProperty("name").GetString());
        Assert.Equal("text/javascript", (await app.GetAsync("/lf-content.js", key: null)).ContentType);
        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync("/api/content/spring")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync("/api/content/all")).Status);
        Assert.Empty(await ShownAsync(app, null));
    }

    [Fact]
    public async Task A_journeys_step_offers_a_content_until_somebody_clicks_in_it()
    {
        await using var app = shared.Borrow();
        Assert.Equal(HttpStatusCode.Created, (await app.PutAsync("/api/content/offered", """{"name":"Offered","slot":"popup","kind":"popup","title":"For you","html":"<a href='/x'>Yes</a>","onlyOffered":true}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/api/content/offered/publish")).Status);
        Assert.Equal(HttpStatusCode.Created, (await app.PutAsync("/api/journeys/offers", """{"name":"Offers","trigger":{"event":"Wants Offers"},"steps":[{"id":"show","type":"onSite","content":"offered","timeout":"7d","then":[{"id":"thank","type":"setTraits","traits":{"tookOffer":true}}]}]}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/api/journeys/offers/publish")).Status);
        await app.PostAsync("/v1/batch", """{"batch":[{"type":"track","event":"Wants Offers","anonymousId":"offer-1","messageId":"offer-1"},{"type":"page","anonymousId":"offer-2","messageId":"offer-2"}]}""", Api.WriteKey);
        await app.SettleAsync();

        Assert.Equal(["offered"], await ShownAsync(app, "offer-1"));
        Assert.Empty(await ShownAsync(app, "offer-2"));
        await app.PostAsync("/v1/batch", """{"batch":[{"type":"track","event":"Content Clicked","anonymousId":"offer-1","messageId":"offer-3","properties":{"content":"offered"}}]}""", Api.WriteKey);
        await app.SettleAsync();
        Assert.Empty(await ShownAsync(app, "offer-1"));
        var lead = (await app.GetAsync("/api/leads?anonymousId=offer-1")).Json.GetProperty("items")[0];
        Assert.True(lead.GetProperty("traits").GetProperty("tookOffer").GetBoolean());

        // Others share the app.
        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync("/api/content/offered")).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/api/journeys/offers/archive")).Status);
    }

    private static async Task<IReadOnlyList<string>> ShownAsync(TestApp app, string? anonymousId)
    {
        var answer = await app.GetAsync($"/v1/content?slot=onsite&slot=popup&k=local-write-key&url=https://a.example/shop/x{(anonymousId is null ? "" : $"&anonymousId={anonymousId}")}", key: null);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return [.. answer.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString() ?? "")];
    }
}
