using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Platform;

/// <summary>What links to this app begin with.</summary>
internal static class PublicAddress
{
    /// <summary>Ends with a slash.</summary>
    /// <exception cref="OptionsValidationException">The setting is no address that a link can begin with.</exception>
    public static Uri Of(SiteOptions site, IConfiguration configuration)
    {
        // The platform sets it, and so do Core Tools and the development host.
        var own = configuration["WEBSITE_HOSTNAME"] is { Length: > 0 } host ? $"{(IsLocal(host) ? "http" : "https")}://{host}" : site.Base.OriginalString;
        var text = (site.PublicUrl.Length > 0 ? site.PublicUrl : own).TrimEnd('/') + "/";
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.Query.Length + address.Fragment.Length == 0
            ? address! // it was just read
            : throw new OptionsValidationException(nameof(SiteOptions), typeof(SiteOptions), [$"The app does not start: the setting {SiteOptions.Setting} is no address that a link can begin with. Set it to one such as https://mail.example.com, or leave it empty."]);
    }

    private static bool IsLocal(string host) => Uri.TryCreate($"http://{host}/", UriKind.Absolute, out var address) && address.IsLoopback;
}
