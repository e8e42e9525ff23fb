using System.Net.Http.Headers;

namespace LeadFunctions.Crm;

public static class Crms
{
    public static void Address(HttpClient client, string url, string? token)
    {
        client.BaseAddress = new Uri(url.TrimEnd('/') + "/");
        client.Timeout = TimeSpan.FromSeconds(10); // LeadFunctions waits for 15
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }
}
