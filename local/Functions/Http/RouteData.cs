using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Local.Functions.Http;

internal static class RouteData
{
    /// <summary>The request's route values, as binding data.</summary>
    internal static IReadOnlyDictionary<string, object?> Of(HttpContext http) =>
        new Dictionary<string, object?>(http.Request.RouteValues, StringComparer.OrdinalIgnoreCase);
}
