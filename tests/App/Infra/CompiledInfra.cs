using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace LeadFunctions.Tests.Infra;

/// <summary>The Bicep files as the real compiler understands them, and what it says about them.</summary>
public sealed class CompiledInfra
{
    private readonly Lazy<(JsonElement Template, string Said)> _compiled = new(Compile);

    /// <summary>The ARM template.</summary>
    public JsonElement Template => _compiled.Value.Template;

    /// <summary>Warnings and errors.</summary>
    public string Said => _compiled.Value.Said;

    /// <summary>All resources of the template and of the modules in it.</summary>
    public IReadOnlyList<JsonElement> Resources => [.. In(Template)];

    public IReadOnlyList<JsonElement> OfType(string type) => [.. Resources.Where(resource => resource.GetProperty("type").GetString() == type)];

    /// <summary>What one of the modules has under that name.</summary>
    public JsonElement Variable(string name) =>
        Templates(Template).Select(template => template.TryGetProperty("variables", out var variables) && variables.TryGetProperty(name, out var value) ? value : default)
            .Single(value => value.ValueKind != JsonValueKind.Undefined);

    /// <summary>A variable that is a list of names.</summary>
    public IReadOnlyList<string> List(string variable) => [.. Variable(variable).EnumerateArray().Select(item => item.GetString()!)]; // names

    /// <summary>What the modules that have a parameter of that name are given for it.</summary>
    public IReadOnlyList<string> Passed(string parameter) =>
        [.. OfType("Microsoft.Resources/deployments").Select(module => module.GetProperty("properties").GetProperty("parameters"))
            .Where(parameters => parameters.TryGetProperty(parameter, out _)).Select(parameters => parameters.GetProperty(parameter).GetProperty("value").GetString()!)]; // expressions

    private static IEnumerable<JsonElement> Templates(JsonElement template) =>
        Own(template).Where(resource => resource.GetProperty("type").GetString() == "Microsoft.Resources/deployments")
            .SelectMany(module => Templates(module.GetProperty("properties").GetProperty("template"))).Prepend(template);

    private static IEnumerable<JsonElement> In(JsonElement template) => Templates(template).SelectMany(Own);

    private static IEnumerable<JsonElement> Own(JsonElement template) => template.GetProperty("resources") is { ValueKind: JsonValueKind.Array } list
        ? list.EnumerateArray()
        : template.GetProperty("resources").EnumerateObject().Select(resource => resource.Value).Where(resource => !(resource.TryGetProperty("existing", out var existing) && existing.GetBoolean()));

    private static (JsonElement, string) Compile()
    {
        var bicep = typeof(CompiledInfra).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Bicep").Value!; // the project says it
        var start = new ProcessStartInfo(bicep, ["build", "--stdout", Path.Combine(Repository.Root, "infra", "main.bicep")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" },
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The compiler did not start.");
        var said = process.StandardError.ReadToEndAsync();
        var json = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (json.Length > 0 ? JsonDocument.Parse(json).RootElement : default, said.GetAwaiter().GetResult());
    }
}

/// <summary>The compiler is downloaded for 64-bit Linux, where CI runs.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CompilerFactAttribute : FactAttribute
{
    public CompilerFactAttribute()
    {
        if (!(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64))
        {
            Skip = "The Bicep compiler is here for 64-bit Linux only.";
        }
    }
}
