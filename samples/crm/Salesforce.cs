using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace LeadFunctions.Crm;

/// <summary>Leads of Salesforce (REST API), found by an external id: make the custom field <c>LeadFunctionsId__c</c> first, external and unique, and the other custom ones.</summary>
public sealed class Salesforce(HttpClient client)
{
    private const string Leads = "services/data/v62.0/sobjects/Lead/LeadFunctionsId__c/";

    public static readonly FieldMap Map = new(
        [
            new("email", "Email", Owner.Crm),
            new("name", "LastName", Owner.Crm),
            new("company", "Company", Owner.Crm),
            new("stage", "LeadFunctionsStage__c", Owner.LeadFunctions),
            new("engagement", "LeadFunctionsEngagement__c", Owner.LeadFunctions),
            new("grade", "LeadFunctionsGrade__c", Owner.LeadFunctions),
        ],
        "LeadFunctionsAt__c");

    /// <summary>Salesforce makes no lead without these.</summary>
    private static readonly string[] Required = ["LastName", "Company"];

    /// <exception cref="HttpRequestException">Salesforce does not answer, or refuses: to be tried again.</exception>
    public async Task ApplyAsync(Told told, CancellationToken cancellationToken)
    {
        var path = Leads + told.LeadId;
        var current = await FindAsync(path, cancellationToken);
        if (told.Type == "LeadErased")
        {
            await (current is null ? Task.CompletedTask : SendAsync(HttpMethod.Delete, path, null, cancellationToken));
            return;
        }

        var changes = Map.Changes(told, current).ToDictionary();
        if (changes.Count == 0)
        {
            return;
        }

        foreach (var name in current is null ? Required : [])
        {
            changes.TryAdd(name, told.Email ?? "(unknown)");
        }

        await SendAsync(HttpMethod.Patch, path, changes, cancellationToken); // makes it where it is not
    }

    private async Task<IReadOnlyDictionary<string, string?>?> FindAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync(path, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        response.EnsureSuccessStatusCode();
        var lead = await response.Content.ReadFromJsonAsync<Dictionary<string, JsonElement>>(cancellationToken) ?? [];
        return lead.ToDictionary(field => field.Key, field => field.Value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => field.Value.GetString(),
            _ => field.Value.GetRawText(),
        });
    }

    private async Task SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await client.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
