using System.Net.Http.Headers;
using System.Text.Json;
using LeadFunctions.Clock;
using LeadFunctions.Feedback;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Tests.Leads;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Tests.Feedback;

/// <summary>A message that went out, and its reader.</summary>
internal static class FeedbackDoors
{
    public const string Browser = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

    /// <summary>A lead with an address who wants news, and the links of a mail that went out to it.</summary>
    public static async Task<(string Lead, SendLinks Links)> SendAsync(LeadApp app, string address, int hoursAgo)
    {
        var entered = await app.App.PostAsync("/api/leads", JsonSerializer.Serialize(new { traits = new { email = address }, consent = new { news = true }, how = "form" }));
        await app.App.SettleAsync();
        var lead = entered.Json.GetProperty("leadId").GetString()!;
        return (lead, await LinksAsync(app, lead, address, hoursAgo));
    }

    /// <summary>The links of a mail about news that went out to a lead.</summary>
    public static async Task<SendLinks> LinksAsync(LeadApp app, string lead, string address, int hoursAgo)
    {
        var services = app.App.NewServices();
        await services.GetRequiredService<ClockReader>().FreshAsync(CancellationToken.None);
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        return await services.GetRequiredService<MessageLinks>().ForAsync(new($"test/{address}", lead, now.AddHours(-hoursAgo), Topic: "news"), CancellationToken.None);
    }

    public static FormUrlEncodedContent OneClick() => new([new("List-Unsubscribe", "One-Click")]);

    public static async Task<HttpResponseMessage> AskAsync(LeadApp app, HttpMethod method, string path, HttpContent? content = null, string language = "en")
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.UserAgent.ParseAdd(Browser);
        request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue(language));
        using var client = app.App.NewClient();
        return await client.SendAsync(request);
    }

    public static string LinkIn(string html, string door, int which) => new Uri(html.Split('"').Where(part => part.Contains(door, StringComparison.Ordinal)).ElementAt(which - 1)).AbsolutePath;
}
