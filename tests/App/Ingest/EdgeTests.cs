using System.Text;
using System.Text.Json;
using LeadFunctions.Ingest;
using LeadFunctions.Ingest.Reading;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Tests.Ingest;

/// <summary>The small rules around a request: keys, origins, rates, the pixel's query, the browser's settings.</summary>
public sealed class EdgeTests
{
    [Theory]
    [InlineData("Basic S0VZOg==", "", "KEY")]
    [InlineData("basic S0VZOg==", "", "KEY")]
    [InlineData("Basic S0VZ", "", "KEY")]
    [InlineData("Basic S0VZOnB3", "", "KEY")]
    [InlineData("Bearer KEY", "", "KEY")]
    [InlineData("", "?k=KEY", "KEY")]
    [InlineData("", "?writeKey=KEY", "KEY")]
    [InlineData("Basic !!!", "?k=KEY", null)]
    [InlineData("Basic Og==", "", null)]
    [InlineData("Digest KEY", "", null)]
    [InlineData("", "", null)]
    public void The_key_is_found_where_clients_put_it(string authorization, string query, string? key)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Authorization = authorization;
        request.QueryString = new QueryString(query);

        Assert.Equal(key, WriteKey.Find(request));
    }

    [Fact]
    public void A_key_may_stand_in_the_body_and_has_a_sane_length()
    {
        Assert.Equal("K", WriteKey.Find(JsonDocument.Parse("""{"writeKey":"K"}""").RootElement));
        Assert.Null(WriteKey.Find(JsonDocument.Parse("""{"writeKey":7}""").RootElement));
        Assert.Null(WriteKey.Find(JsonDocument.Parse($$"""{"writeKey":"{{new string('k', 201)}}"}""").RootElement));
        Assert.Null(WriteKey.Find(JsonDocument.Parse("[]").RootElement));
    }

    [Theory]
    [InlineData("*", "https://x.example", true)]
    [InlineData("*", "null", true)]
    [InlineData("https://shop.example", "https://shop.example", true)]
    [InlineData("https://shop.example", "https://SHOP.example", true)]
    [InlineData("https://shop.example", "http://shop.example", false)]
    [InlineData("https://shop.example", "https://shop.example.evil.example", false)]
    [InlineData("https://*.shop.example", "https://www.shop.example", true)]
    [InlineData("https://*.shop.example", "https://shop.example", false)]
    [InlineData("https://*.shop.example", "https://evilshop.example", false)]
    [InlineData("https://*.shop.example", "https://.shop.example", false)]
    [InlineData("https://*.shop.example", "http://www.shop.example", false)]
    public void An_origin_is_allowed_when_it_is_listed(string allowed, string origin, bool isAllowed) =>
        Assert.Equal(isAllowed, Cors.Allows(Normalised.Source with { AllowedOrigins = [allowed] }, origin));

    [Fact]
    public void A_preflight_repeats_only_what_is_a_headers_name_and_not_without_end()
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.AccessControlRequestHeaders = "X-Mine, sp-anonymous,bad:name,\u00e4";
        Cors.AnswerPreflight(http, "https://x.example");
        Assert.Equal("anonymousid,authorization,content-encoding,content-type,sp-anonymous,x-retry-count,X-Mine", http.Response.Headers.AccessControlAllowHeaders.ToString());

        http.Request.Headers.AccessControlRequestHeaders = new string('x', 1001);
        Cors.AnswerPreflight(http, "https://x.example");
        Assert.EndsWith(",x-retry-count", http.Response.Headers.AccessControlAllowHeaders.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rate_is_per_source_refills_and_lets_a_large_batch_overdraw()
    {
        var now = TimeSpan.FromDays(3);
        var limits = new RateLimits();
        var ten = Normalised.Source with { EventsPerSecond = 10 };

        Assert.True(limits.TryTake(ten, 10, now, out _));
        Assert.False(limits.TryTake(ten, 1, now, out var retryAfter));
        Assert.InRange(retryAfter.TotalSeconds, 0.05, 0.1);
        Assert.True(limits.TryTake(ten with { Id = "other" }, 1, now, out _));
        Assert.True(limits.TryTake(ten, 100, now + TimeSpan.FromSeconds(1), out _));
        Assert.False(limits.TryTake(ten, 1, now + TimeSpan.FromSeconds(9), out retryAfter));
        Assert.True(limits.TryTake(ten, 1, now + TimeSpan.FromSeconds(9) + retryAfter, out _));
        Assert.True(limits.TryTake(ten with { Id = "free", EventsPerSecond = 0 }, 1_000_000, now, out _));
        Assert.True(limits.TryTake(ten, 1, now + TimeSpan.FromHours(1), out _));
    }

    [Fact]
    public void What_a_request_turned_out_to_hold_is_taken_afterwards()
    {
        var now = TimeSpan.FromDays(3);
        var limits = new RateLimits();
        var ten = Normalised.Source with { EventsPerSecond = 10 };

        Assert.True(limits.TryTake(ten, 1, now, out _));
        limits.Take(ten, -1);
        Assert.True(limits.TryTake(ten, 1, now, out _));
        limits.Take(ten, 28);
        Assert.False(limits.TryTake(ten, 1, now, out var retryAfter));
        Assert.InRange(retryAfter.TotalSeconds, 2, 2.2);
        limits.Take(ten with { Id = "free", EventsPerSecond = 0 }, 1_000_000);
        Assert.True(limits.TryTake(ten with { Id = "free", EventsPerSecond = 0 }, 1, now, out _));
    }

    [Fact]
    public void A_source_has_a_rate_unless_it_says_otherwise() => Assert.InRange(LeadFunctions.Access.Source.Default.EventsPerSecond, 1_000, 10_000);

    [Fact]
    public void One_request_cannot_silence_a_source_for_more_than_a_minute()
    {
        var now = TimeSpan.FromDays(3);
        var limits = new RateLimits();
        var ten = Normalised.Source with { EventsPerSecond = 10 };

        Assert.True(limits.TryTake(ten, 170_000, now, out _));

        Assert.False(limits.TryTake(ten, 1, now, out var retryAfter));
        Assert.InRange(retryAfter.TotalSeconds, 60, 60.2);
    }

    [Fact]
    public void A_pixel_is_a_page_of_whoever_shows_it_or_a_named_event_with_properties()
    {
        var page = Pixel("?k=K&a=browser-1", referer: "https://x.example/pricing?p=1");
        var track = Pixel("?e=Order%20Completed&u=u1&id=m1&p.revenue=30.5&p.vip=true&p.order=007&coupon=12");

        Assert.Equal(("page", "browser-1", "/pricing"), (page.Name, page.AnonymousId, page.Properties.GetProperty("path").GetString()));
        Assert.Equal(("Order Completed", "u1", "m1"), (track.Name, track.UserId, track.Id));
        Assert.Equal("""{"revenue":30.5,"vip":true,"order":"007","coupon":"12"}""", track.Properties.GetRawText());
        Assert.Equal("Mozilla/5.0", track.Context.GetProperty("userAgent").GetString());
    }

    [Theory]
    [InlineData("", "", "http", "app.example:7071/v1")]
    [InlineData("https", "events.example", "https", "events.example/v1")]
    [InlineData("gopher", "evil/../\"host", "http", "app.example:7071/v1")]
    public void Browser_settings_point_at_the_address_that_was_called(string forwardedProto, string forwardedHost, string protocol, string apiHost)
    {
        var http = new DefaultHttpContext();
        http.Request.Scheme = "http";
        http.Request.Host = new HostString("app.example:7071");
        http.Request.Headers["X-Forwarded-Proto"] = forwardedProto;
        http.Request.Headers["X-Forwarded-Host"] = forwardedHost;
        http.Response.Body = new MemoryStream();

        BrowserSettings.For(http.Request, "KEY").ExecuteAsync(http);

        var settings = JsonDocument.Parse(((MemoryStream)http.Response.Body).ToArray()).RootElement;
        Assert.Equal("{\"Segment.io\":{\"apiKey\":\"KEY\",\"apiHost\":\"" + apiHost + "\",\"protocol\":\"" + protocol + "\"}}", settings.GetProperty("integrations").GetRawText());
    }

    private static LeadFunctions.Events.LeadEvent Pixel(string query, string referer = "")
    {
        var request = new DefaultHttpContext().Request;
        request.QueryString = new QueryString(query);
        request.Headers.Referer = referer;
        request.Headers.UserAgent = "Mozilla/5.0";
        return Normalised.Of(Encoding.UTF8.GetString(PixelEvent.ToJson(request))).Event;
    }
}
