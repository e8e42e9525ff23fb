using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Xml;

namespace LeadFunctions.Tests.Support;

/// <summary>The app's clock, moved through its API as anybody would.</summary>
public static class AppClock
{
    private const string AdminKey = "local-admin-key";

    public static Task AdvanceAsync(HttpClient client, TimeSpan by) => PostAsync(client, "/api/clock", new { advance = XmlConvert.ToString(by) });

    public static Task SettleAsync(HttpClient client, TimeSpan? patience) => PostAsync(client, $"/api/clock/settle?timeout={(int)(patience ?? TimeSpan.FromSeconds(60)).TotalSeconds}s", new { });

    /// <exception cref="TimeoutException">Something would not finish; the message names it.</exception>
    private static async Task PostAsync(HttpClient client, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        using var response = await client.SendAsync(request);
        if (!response.IsSuccessStatusCode)
        {
            throw new TimeoutException($"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }
    }
}
