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
        var named = (configuration["LeadFunctions:PublicUrl"] ?? "").Trim();
        // The platform sets it, and so do Core Tools and the development host.
        var own = configuration["WEBSITE_HOSTNAME"] is { Length: > 0 } host ? $"{(IsLocal(host) ? "http" : "https")}://{host}/" : null;
        var text = named.Length > 0 ? named : own ?? "http://localhost:7071/";
        return Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.Query.Length + address.Fragment.Length == 0
            ? new SiteOptions(named) { Base = address! } // it was just read
            : throw new OptionsValidationException(nameof(SiteOptions), typeof(SiteOptions), [$"The app does not start: the setting {Setting} is no address that a link can begin with. Set it to one such as https://mail.example.com, or leave it empty."]);
    }

    private static bool IsLocal(string host) => Uri.TryCreate($"http://{host}/", UriKind.Absolute, out var address) && address.IsLoopback;
}
