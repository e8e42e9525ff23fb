using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace LeadFunctions.Platform;

/// <summary>
/// Where the app runs: on a developer's machine, or deployed, where strangers reach it. What the environment is called decides, but Azure's own marks go before it: a
/// deployed app whose environment somebody named Development is deployed all the same.
/// </summary>
public sealed record Deployment(bool IsDeployed)
{
    /// <summary>App Service sets the first on every app, the Functions platform the second on every container that it starts.</summary>
    private static readonly string[] Marks = ["WEBSITE_SITE_NAME", "CONTAINER_NAME"];

    public static Deployment Of(IHostEnvironment environment, IConfiguration configuration) =>
        new(!environment.IsDevelopment() || Marks.Any(mark => configuration[mark] is { Length: > 0 }));
}
