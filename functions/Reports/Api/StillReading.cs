using LeadFunctions.Platform.Http;
using LeadFunctions.Reports.Stored;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Reports.Api;

/// <summary>There is no figure yet, and so far it is: 202, to be asked again. No page of figures, file or list stands in for what is not known.</summary>
internal sealed class StillReading(FactReading reading) : IResult
{
    private const string Seconds = "2";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.RetryAfter = Seconds;
        httpContext.Response.Headers.CacheControl = "no-store";
        return Results.Json(new Shown(reading), WebJson.Options, statusCode: StatusCodes.Status202Accepted).ExecuteAsync(httpContext);
    }

    private sealed record Shown(FactReading Reading);
}
