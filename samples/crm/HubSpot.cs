using System.Net.Http.Json;
using System.Text.Json;

namespace LeadFunctions.Crm;

/// <summary>Contacts of HubSpot (CRM API v3). The properties that begin with <c>leadfunctions_</c> are custom ones: make them first.</summary>
public sealed class HubSpot(HttpClient client)
{
    private const string Contacts = "crm/v3/objects/contacts";
    private const string LeadId = "leadfunctions_id";

    public static readonly FieldMap Map = new(
        [
            new("id", LeadId, Owner.LeadFunctions),
            new("email", "email", Owner.Crm),
            new("name", "lastname", Owner.Crm),
            new("company", "company", Owner.Crm),
            new("stage", "leadfunctions_stage", Owner.LeadFunctions),
            new("engagement", "leadfunctions_engagement", Owner.LeadFunctions),
            new("grade", "leadfunctions_grade", Owner.LeadFunctions),
        ],
        "leadfunctions_at");

    /// <exception cref="HttpRequestException">HubSpot does not answer, or refuses: to be tried again.</exception>
    public async Task ApplyAsync(Told told, CancellationToken cancellationToken)
    {
        var (id, current) = await FindAsync(LeadId, told.LeadId, cancellationToken) is { Id: not null } known ? known
            : told.Email is { } email ? await FindAsync("email", email, cancellationToken)
            : default;
        if (told.Type == "LeadErased")
        {
            await (id is null ? Task.CompletedTask : SendAsync(HttpMethod.Delete, $"{Contacts}/{id}", null, cancellationToken));
            return;
        }

        if (Map.Changes(told, current) is { Count: > 0 } properties)
        {
            await (id is null
                ? SendAsync(HttpMethod.Post, Contacts, new { properties }, cancellationToken)
                : SendAsync(HttpMethod.Patch, $"{Contacts}/{id}", new { properties }, cancellationToken));
        }
    }

    private async Task<(string? Id, IReadOnlyDictionary<string, string?>? Current)> FindAsync(string property, string value, CancellationToken cancellationToken)
    {
        var found = await SendAsync(HttpMethod.Post, $"{Contacts}/search", new
        {
            filterGroups = new[] { new { filters = new[] { new { propertyName = property, @operator = "EQ", value } } } },
            properties = Map.Fields.Select(field => field.Theirs).Append(Map.At),
            limit = 1,
        }, cancellationToken);
        return found.GetProperty("results").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } contact
            ? (contact.GetProperty("id").GetString(), contact.GetProperty("properties").Deserialize<Dictionary<string, string?>>())
            : default;
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await client.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return response.Content.Headers.ContentLength is 0 or null && response.StatusCode == System.Net.HttpStatusCode.NoContent ? default : await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }
}
