using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using LeadFunctions.Platform.Http;
using Microsoft.Extensions.Configuration;

namespace LeadFunctions.Access;

/// <summary>
/// Who App Service says has signed in (Easy Auth, with Entra ID). The platform strips this header from what comes from outside, but only where its authentication is on; anywhere else whoever wants may
/// write it. So it counts only where a setting wants it and the platform reports that it is on, and a request that carries it elsewhere is refused rather than taken for one without.
/// </summary>
public sealed class PlatformIdentity(AccessOptions options, IConfiguration configuration)
{
    public const string HeaderName = "X-MS-CLIENT-PRINCIPAL";
    private const string Reported = "WEBSITE_AUTH_ENABLED";

    private static readonly string[] Ids = ["http://schemas.microsoft.com/identity/claims/objectidentifier", "oid", "sub"];
    private static readonly string[] Names = ["name", "preferred_username"];

    // What the platform adds to it in time must not lock anybody out.
    private static readonly JsonSerializerOptions Lenient = new(WebJson.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip, RespectRequiredConstructorParameters = false };

    /// <summary>True where the header may be believed.</summary>
    public bool IsTrusted { get; } = options.EasyAuth && string.Equals(configuration[Reported], "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The caller that a header names; null when it cannot be read. Somebody without a role here may do nothing.</summary>
    /// <param name="header">JSON in base 64.</param>
    public static Caller? Read(string header)
    {
        try
        {
            var principal = JsonSerializer.Deserialize<Principal>(Encoding.UTF8.GetString(Convert.FromBase64String(header)), Lenient);
            if (principal?.Claims is not { } claims || First(claims, Ids) is not { } id)
            {
                return null;
            }

            var roles = claims.Where(claim => claim.Typ is { } type && (type == principal.RoleTyp || type is "roles" or "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"));
            var scopes = roles.Select(role => Enum.TryParse<Scope>(role.Val, ignoreCase: true, out var scope) && Enum.IsDefined(scope) && !char.IsAsciiDigit(role.Val![0]) ? scope : (Scope?)null) // it parsed
                .OfType<Scope>().Distinct().Order().ToList();
            return new Caller($"entra:{id}", First(claims, Names) ?? id, scopes);
        }
        catch (Exception unreadable) when (unreadable is FormatException or JsonException)
        {
            return null;
        }
    }

    private static string? First(IReadOnlyList<Claim> claims, string[] types) => types.Select(type => claims.FirstOrDefault(claim => claim.Typ == type)?.Val).FirstOrDefault(value => value is { Length: > 0 });

    private sealed record Claim(string? Typ, string? Val);

    private sealed record Principal(
        [property: JsonPropertyName("claims")] IReadOnlyList<Claim>? Claims, [property: JsonPropertyName("role_typ")] string? RoleTyp);
}
