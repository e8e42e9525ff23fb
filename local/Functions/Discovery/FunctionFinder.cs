using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace LeadFunctions.Local.Functions.Discovery;

/// <summary>Every function of the app, as the generator of Microsoft's SDK would list them: public methods of public classes.</summary>
internal sealed class FunctionCatalog(IReadOnlyList<LocalFunction> functions)
{
    internal IReadOnlyList<LocalFunction> Functions { get; } = functions;

    internal static FunctionCatalog Of(Assembly assembly) => new([.. Find(assembly)]);

    /// <summary>Keeps the functions that the host settings leave switched on.</summary>
    internal FunctionCatalog Where(Func<LocalFunction, bool> predicate) => new([.. Functions.Where(predicate)]);

    /// <summary>The extensions whose attributes the functions carry.</summary>
    internal IReadOnlyList<IFunctionsExtension> Extensions() =>
        [.. Functions
            .SelectMany(f => f.Method.GetParameters())
            .SelectMany(p => p.GetCustomAttributes<BindingAttribute>())
            .Select(a => a.GetType().Assembly)
            .Distinct()
            .Select(ExtensionOf)
            .OfType<IFunctionsExtension>()];

    internal static IFunctionsExtension? ExtensionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<FunctionsExtensionAttribute>() is { } extension
            ? (IFunctionsExtension)Activator.CreateInstance(extension.Type, nonPublic: true)!
            : null;

    private static IEnumerable<LocalFunction> Find(Assembly assembly)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var type in assembly.GetTypes().Where(t => t.IsVisible && t is { IsClass: true, ContainsGenericParameters: false }))
        {
            foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            {
                if (method.GetCustomAttribute<FunctionAttribute>() is not { } function)
                {
                    continue;
                }

                if (!names.Add(function.Name))
                {
                    throw new InvalidOperationException($"Two functions are named {function.Name}.");
                }

                yield return Read(function, method);
            }
        }
    }

    private static LocalFunction Read(FunctionAttribute function, MethodInfo method)
    {
        var triggers = method.GetParameters()
            .Select(p => (Parameter: p, Trigger: p.GetCustomAttribute<TriggerBindingAttribute>()))
            .Where(p => p.Trigger is not null)
            .ToList();
        if (triggers is not [var (parameter, trigger)])
        {
            throw new InvalidOperationException($"Function {function.Name} has {triggers.Count} triggers; it needs exactly one.");
        }

        return trigger is not HttpTriggerAttribute || parameter.ParameterType == typeof(HttpRequest)
            ? new LocalFunction(function.Name, method, parameter, trigger!)
            : throw new InvalidOperationException($"Function {function.Name}: the local runtime gives an HTTP trigger an HttpRequest, not a {parameter.ParameterType}.");
    }
}
