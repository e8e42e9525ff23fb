using System.Collections.Frozen;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Access;

/// <summary>Which functions are management routes and what each asks for, read once from the attributes.</summary>
public sealed class RouteScopes
{
    private const string ManagementPrefix = "api/";

    private readonly FrozenDictionary<string, RequiresScopeAttribute?> _byFunction = Discover().ToFrozenDictionary(r => r.Function, r => r.Scopes, StringComparer.Ordinal);

    private readonly FrozenDictionary<string, ShowsPeopleAttribute> _shows = AllRoutes().Where(r => r.Shows is not null).ToFrozenDictionary(r => r.Function, r => r.Shows!, StringComparer.Ordinal); // as asked

    /// <summary>Null when a function's answers hold no data of people.</summary>
    public ShowsPeopleAttribute? Shows(string function) => _shows.GetValueOrDefault(function);

    /// <summary>True for a function whose route is under <c>api/</c>; <paramref name="required"/> is null when it declares no scope, and must be refused.</summary>
    public bool IsManagement(string function, out RequiresScopeAttribute? required) => _byFunction.TryGetValue(function, out required);

    /// <summary>Every HTTP function: its name, route, methods, declared scope, and whether it shows people.</summary>
    public static IEnumerable<(string Function, string Route, IReadOnlyList<string> Methods, RequiresScopeAttribute? Scopes, ShowsPeopleAttribute? Shows)> AllRoutes() =>
        from type in typeof(RouteScopes).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        let trigger = method.GetParameters().Select(p => p.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(t => t is not null)
        where trigger is not null
        select (function.Name, (trigger.Route ?? function.Name).TrimStart('/'), (IReadOnlyList<string>)(trigger.Methods ?? []), method.GetCustomAttribute<RequiresScopeAttribute>(), method.GetCustomAttribute<ShowsPeopleAttribute>());

    private static IEnumerable<(string Function, RequiresScopeAttribute? Scopes)> Discover() =>
        AllRoutes().Where(r => r.Route.StartsWith(ManagementPrefix, StringComparison.OrdinalIgnoreCase)).Select(r => (r.Function, r.Scopes));
}
