using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LeadFunctions.Access;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Operations;

/// <summary>Who may what: made of what each route asks for, which is what requests are held against, and of the API's own description. So it cannot age.</summary>
public sealed partial class RolesFunctions(OpenApiDocument document, AccessOptions options, PlatformIdentity platform)
{
    private static readonly Scope[] Scopes = Enum.GetValues<Scope>();

    private readonly Lazy<IReadOnlyList<RouteRoles>> _routes = new(() => [.. Routes(JsonNode.Parse(document.Json.Span)!.AsObject())]); // it is an object

    [Function(nameof(GetRoles)), RequiresScope(Scope.Read)]
    public IResult GetRoles([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/roles")] HttpRequest request)
    {
        var caller = Caller.Of(request);
        return WebJson.Ok(new Roles(new(caller.KeyId, caller.Name, caller.Scopes), new(options.EasyAuth, platform.IsTrusted), options.MaskForRead, _routes.Value));
    }

    private static IEnumerable<RouteRoles> Routes(JsonObject api) =>
        from route in RouteScopes.AllRoutes()
        where route.Scopes is not null
        let roles = Scopes.Where(scope => route.Scopes!.Allows([scope])).ToList() // asked for above
        let path = $"/{Constraint().Replace(route.Route, "}").Replace("{*", "{", StringComparison.Ordinal)}" // as it is described
        from method in route.Methods
        let operation = api["paths"]?[path]?[method]
        where operation is not null // a test holds that there is one
        orderby operation["tags"]?[0]?.GetValue<string>(), path, method
        select new RouteRoles(
            method.ToUpperInvariant(), path, operation["tags"]?[0]?.GetValue<string>() ?? "", operation["summary"]?.GetValue<string>() ?? "", roles, route.Shows is not null, route.Shows?.IsExport == true);

    [GeneratedRegex(@"(:[^}]*|\?)\}")]
    private static partial Regex Constraint();

    /// <param name="MaskForRead">Who may only read sees people without what names or reaches them.</param>
    /// <param name="Routes">All of the management API, by what it is about.</param>
    internal sealed record Roles(You You, EasyAuthState EasyAuth, bool MaskForRead, IReadOnlyList<RouteRoles> Routes);

    internal sealed record You(string KeyId, string Name, IReadOnlyList<Scope> Scopes);

    /// <param name="IsWanted">The setting asks for it.</param>
    /// <param name="IsOn">And the platform reports that its authentication is on: who signed in there is let in with the roles of the app registration, which are called as the roles here.</param>
    internal sealed record EasyAuthState(bool IsWanted, bool IsOn);

    /// <param name="About">What of, as the API's description groups it.</param>
    /// <param name="Summary">What it does.</param>
    /// <param name="Roles">Any of these is enough.</param>
    /// <param name="ShowsPeople">Its answers hold data of people: who asked is put down.</param>
    /// <param name="IsExport">As a file, to be taken away.</param>
    internal sealed record RouteRoles(string Method, string Path, string About, string Summary, IReadOnlyList<Scope> Roles, bool ShowsPeople, bool IsExport);
}
