using System.Text;
using System.Text.Json;

namespace LeadFunctions.Tests.Crash;

/// <summary>A client of apps that are killed: what a kill interrupts is done again, as clients do.</summary>
/// <param name="address">Whom to ask at which try, from 0: as a load balancer would.</param>
internal sealed class StubbornClient(Func<int, Uri> address) : IDisposable
{
    private const int MostTries = 1_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);
    private static readonly string Admin = "Bearer " + Api.AdminKey;
    private static readonly string Writer = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Api.WriteKey + ":"));

    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(5) };

    public Task<JsonElement> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <summary>To the tracking API.</summary>
    public Task<JsonElement> TrackAsync(string path, object body) => SendAsync(HttpMethod.Post, path, JsonSerializer.Serialize(body), Writer);

    /// <summary>Undefined for an answer without a body.</summary>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, string? body = null, string? authorization = null, string contentType = "application/json")
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var request = new HttpRequestMessage(method, new Uri(address(tries), path));
                request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, contentType);
                request.Headers.TryAddWithoutValidation("Authorization", authorization ?? Admin);
                using var response = await _client.SendAsync(request);
                var text = await response.Content.ReadAsStringAsync();
                if (response.IsSuccessStatusCode)
                {
                    return text.Length > 0 ? JsonDocument.Parse(text).RootElement : default;
                }

                Assert.True((int)response.StatusCode >= 500 && tries < MostTries, $"{path}: {response.StatusCode} {text}");
            }
            catch (HttpRequestException) when (tries < MostTries)
            {
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    public void Dispose() => _client.Dispose();
}
