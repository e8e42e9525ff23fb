using System.Text.Json;
using Microsoft.AspNetCore.Http;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;

namespace LeadFunctions.Crm;

/// <summary>What LeadFunctions tells, as far as a CRM cares.</summary>
/// <param name="Type">Without <c>LeadFunctions.</c></param>
/// <param name="At">When it happened: a replay may bring what is older than what is known.</param>
/// <param name="Lead">The lead as of then; of an erased one the id alone.</param>
public sealed record Told(string Type, DateTimeOffset At, JsonElement Lead)
{
    public string LeadId => Lead.GetProperty("id").GetString()!; // every lead has one

    public string? Email => Lead.TryGetProperty("email", out var email) ? email.GetString() : null;
}

/// <summary>Takes a delivery apart, if it is one: whoever knows the address can post anything.</summary>
public sealed class Deliveries(string secret)
{
    private readonly StandardWebhook _webhook = new(secret);

    /// <returns>Null when the signature is not right, or minutes old.</returns>
    public async Task<Told?> ReadAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        try
        {
            _webhook.Verify(body, request.Headers);
        }
        catch (WebhookVerificationException)
        {
            return null;
        }

        using var e = JsonDocument.Parse(body);
        return new(
            e.RootElement.GetProperty("type").GetString()!["LeadFunctions.".Length..], // by the schema
            e.RootElement.GetProperty("time").GetDateTimeOffset(),
            e.RootElement.GetProperty("data").GetProperty("lead").Clone());
    }
}
