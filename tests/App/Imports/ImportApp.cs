using System.Net;
using System.Text;
using System.Text.Json;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Imports;

/// <summary>Imports as a marketer with any client makes them.</summary>
internal static class ImportApp
{
    /// <returns>Its id.</returns>
    public static async Task<string> ImportAsync(this TestApp app, string name, string csv, object? mapping = null)
    {
        var made = await app.PostAsync("/api/imports", mapping is null ? JsonSerializer.Serialize(new { name }) : JsonSerializer.Serialize(new { name, mapping }));
        Assert.True(made.Status == HttpStatusCode.Created, made.Text);
        var id = made.Json.GetProperty("id").GetString()!; // it was just made
        var put = await app.PutFileAsync(id, Encoding.UTF8.GetBytes(csv));
        Assert.True(put.Status == HttpStatusCode.OK, put.Text);
        return id;
    }

    public static async Task<Answer> PutFileAsync(this TestApp app, string id, byte[] bytes, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/imports/{id}/file{query}") { Content = new ByteArrayContent(bytes) };
        request.Headers.Authorization = new("Bearer", Api.AdminKey);
        request.Content.Headers.ContentType = new("text/csv");
        using var response = await app.Client.SendAsync(request);
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers, response.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>Starts it, and waits until all is applied that it causes.</summary>
    public static async Task<JsonElement> RunAsync(this TestApp app, string id, string query = "")
    {
        var started = await app.PostAsync($"/api/imports/{id}/start{query}");
        Assert.True(started.Status == HttpStatusCode.Accepted, started.Text);
        await app.SettleAsync();
        return (await app.GetAsync($"/api/imports/{id}")).Json;
    }

    public static async Task<JsonElement> LeadAsync(this TestApp app, string email) =>
        (await app.GetAsync($"/api/leads?email={Uri.EscapeDataString(email)}")).Json.GetProperty("items") is var found && found.GetArrayLength() == 1 ? found[0] : throw new InvalidOperationException($"{email}: {found}");
}
