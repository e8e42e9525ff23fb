using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace LeadFunctions.Platform;

/// <summary>
/// Where the app runs: on a developer's machine, or deployed, where strangers reach it. What the environment is called decides, but the platform's own marks go before it: a
/// deployed app whose environment somebody named Development is deployed all the same.
/// </summary>
public sealed record Deployment(bool IsDeployed)
{
    public static Deployment Of(IHostEnvironment environment, IConfiguration configuration) => new(
        !environment.IsDevelopment()
        || configuration["WEBSITE_SITE_NAME"] is { Length: > 0 } // App Service sets it for every app
        || (configuration["CONTAINER_NAME"] is { Length: > 0 } && !IsEmulator(configuration["AzureWebJobsStorage"]))); // the Functions platform for its containers; but so do others, for a developer's

    /// <summary>Storage on this very machine, which no deployed app has.</summary>
    private static bool IsEmulator(string? connectionString)
    {
        var parts = (connectionString ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var endpoints = parts.Where(part => part.Split('=')[0].EndsWith("Endpoint", StringComparison.OrdinalIgnoreCase)).Select(part => part[(part.IndexOf('=', StringComparison.Ordinal) + 1)..]).ToList();
        return parts.Contains("UseDevelopmentStorage=true", StringComparer.OrdinalIgnoreCase)
            || (endpoints.Count > 0 && endpoints.TrueForAll(endpoint => Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.IsLoopback));
    }
}
