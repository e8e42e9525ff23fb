using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Platform;

/// <summary>Where the world reaches this app: what its links in messages begin with.</summary>
/// <param name="PublicUrl"><c>LeadFunctions__PublicUrl</c>; when empty the platform's own name for the app, and on a developer's machine the host's address.</param>
public sealed record SiteOptions(string PublicUrl)
{
    public const string Setting = "LeadFunctions__PublicUrl";

    /// <summary>Ends with a slash.</summary>
    internal Uri Base { get; private init; } = new("http://localhost:7071/");

    /// <exception cref="OptionsValidationException">It is no address that a link can begin with.</exception>
    public static SiteOptions From(IConfiguration configuration)
    {
        var site = new SiteOptions((configuration["LeadFunctions:PublicUrl"] ?? "").Trim());
        return site with { Base = PublicAddress.Of(site, configuration) };
    }
}
