using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Forms;

/// <summary>Forms as marketers publish and people send them.</summary>
internal static class FormDoors
{
    public static async Task PublishAsync(TestApp app, string id, string document)
    {
        var put = await app.PutAsync($"/api/forms/{id}", document);
        Assert.True(put.Status is HttpStatusCode.Created or HttpStatusCode.OK, put.Text);
        var published = await app.PostAsync($"/api/forms/{id}/publish");
        Assert.True(published.Status == HttpStatusCode.OK, published.Text);
        await Eventually.ThatAsync(() => app.GetAsync($"/f/{id}.js", key: null), answer => answer.Status == HttpStatusCode.OK);
    }

    public static async Task<Answer> SendAsync(TestApp app, string form, HttpContent content, string? accept = null, string? origin = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/f/{form}") { Content = content };
        if (accept is not null)
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        }

        if (origin is not null)
        {
            request.Headers.TryAddWithoutValidation("Origin", origin);
        }

        using var response = await app.Client.SendAsync(request);
        return new(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers, response.Content.Headers.ContentType?.MediaType);
    }

    public static StringContent JsonBody(string text) => new(text, Encoding.UTF8, "application/json");

    public static async Task<IReadOnlyList<JsonElement>> TimelineAsync(TestApp app, string email)
    {
        var lead = (await app.GetAsync($"/api/leads?email={email}")).Json.GetProperty("items")[0].GetProperty("id").GetString();
        return [.. (await app.GetAsync($"/api/leads/{lead}/timeline")).Json.GetProperty("items").EnumerateArray()];
    }

    public static async Task<JsonElement> EventAsync(TestApp app, string email, string name) => Assert.Single(await TimelineAsync(app, email), e => e.GetProperty("name").GetString() == name);
}
