using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Crm;

/// <summary>Where webhooks of LeadFunctions point to: one for each CRM.</summary>
public sealed class Receivers(Deliveries deliveries, HubSpot hubSpot, Salesforce salesforce)
{
    [Function(nameof(ReceiveForHubSpot))]
    public Task<IResult> ReceiveForHubSpot([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "hubspot")] HttpRequest request, CancellationToken cancellationToken) =>
        ReceiveAsync(request, told => hubSpot.ApplyAsync(told, cancellationToken));

    [Function(nameof(ReceiveForSalesforce))]
    public Task<IResult> ReceiveForSalesforce([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "salesforce")] HttpRequest request, CancellationToken cancellationToken) =>
        ReceiveAsync(request, told => salesforce.ApplyAsync(told, cancellationToken));

    /// <summary>Whatever the CRM's trouble, LeadFunctions tries again, and keeps the lead's next events back until then.</summary>
    private async Task<IResult> ReceiveAsync(HttpRequest request, Func<Told, Task> apply)
    {
        if (await deliveries.ReadAsync(request) is not { } told)
        {
            return Results.Unauthorized();
        }

        try
        {
            await apply(told);
            return Results.NoContent();
        }
        catch (Exception trouble) when (trouble is HttpRequestException or TaskCanceledException)
        {
            return Results.StatusCode(StatusCodes.Status502BadGateway);
        }
    }
}
