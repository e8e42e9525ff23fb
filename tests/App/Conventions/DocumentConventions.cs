using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using LeadFunctions.Access;
using LeadFunctions.Clock;
using LeadFunctions.Events;
using LeadFunctions.Platform.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Tests.Conventions;

/// <summary>What stands twice must stand the same: functions and the flow, settings and the sample, queues and tables and the deployment.</summary>
public sealed partial class DocumentConventions
{
    private static readonly Assembly App = typeof(LeadFunctions.App).Assembly;

    [Fact]
    public void Every_function_stands_in_the_flow_and_nothing_else()
    {
        var functions = App.GetTypes().SelectMany(t => t.GetMethods()).Select(m => m.GetCustomAttribute<FunctionAttribute>()?.Name).OfType<string>().ToHashSet();
        var inFlow = FlowEntry().Matches(Repository.Read("docs/flow.md")).Select(m => m.Groups[1].Value).ToHashSet();

        Assert.True(functions.IsSubsetOf(inFlow), "Add to docs/flow.md as a line that begins with - `Name`: " + string.Join(", ", functions.Except(inFlow)));
        Assert.True(inFlow.IsSubsetOf(functions), "In docs/flow.md, but no function: " + string.Join(", ", inFlow.Except(functions)));
    }

    [Fact]
    public void Every_queue_and_table_is_created_by_the_deployment()
    {
        var infra = Repository.Read("infra/storage.bicep");
        var queues = List(infra, "queues");
        var tables = List(infra, "tables");
        using var app = LeadFunctions.App.Build(["--AzureWebJobsStorage=UseDevelopmentStorage=true"]);
        var queueNames = Constants(typeof(Queues)).SelectMany(name => new[] { name, $"{name}-poison" }).ToHashSet();
        var tableNames = app.Services.GetServices<OwnedTable>().Select(t => t.Name).ToHashSet();

        Assert.True(queueNames.SetEquals(queues), $"infra/storage.bicep has the queues {string.Join(", ", queues)}; the code {string.Join(", ", queueNames)}");
        Assert.True(tableNames.IsSubsetOf(tables), $"infra/storage.bicep has the tables {string.Join(", ", tables)}; the code {string.Join(", ", tableNames)}");
    }

    [Fact]
    public void Every_option_stands_in_the_sample_settings_and_is_read()
    {
        var sample = JsonDocument.Parse(Repository.Read("local.settings.sample.json")).RootElement.GetProperty("Values").EnumerateObject()
            .Select(p => p.Name).Where(n => n.StartsWith("LeadFunctions__", StringComparison.Ordinal)).ToHashSet();
        var options = Options().ToHashSet();

        Assert.True(options.IsSubsetOf(sample), "Add to local.settings.sample.json: " + string.Join(", ", options.Except(sample)));
        Assert.True(sample.IsSubsetOf(options), "In local.settings.sample.json, but no option: " + string.Join(", ", sample.Except(options)));

        var code = Repository.Files("functions", "*.cs").Where(f => !f.EndsWith("Options.cs", StringComparison.Ordinal)).Select(Repository.Read).ToList();
        var unread = OptionTypes().SelectMany(t => t.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(p => p.Name != "EqualityContract" && !code.Exists(text => text.Contains($".{p.Name}", StringComparison.Ordinal)))
            .Select(p => $"{p.DeclaringType!.Name}.{p.Name}"); // declared there
        Assert.True(!unread.Any(), "Nothing reads: " + string.Join(", ", unread));
    }

    private static IEnumerable<Type> OptionTypes() => App.GetTypes().Where(t => t.Name.EndsWith("Options", StringComparison.Ordinal) && t.Namespace!.StartsWith("LeadFunctions.", StringComparison.Ordinal)); // every type of ours has one

    // The options of a slice are bound to the section of its name; the keys and the clock stand above all slices.
    private static IEnumerable<string> Options() =>
        from type in OptionTypes()
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        where property.Name != "EqualityContract"
        select type == typeof(AccessOptions) || type == typeof(ClockOptions) ? $"LeadFunctions__{property.Name}" : $"LeadFunctions__{type.Name[..^"Options".Length]}__{property.Name}";

    private static IEnumerable<string> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!); // a literal has a value

    private static HashSet<string> List(string bicep, string name) =>
        [.. Quoted().Matches(Regex.Match(bicep, $@"^var {name} = \[(.*?)^\]", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value).Select(m => m.Groups[1].Value)];

    [GeneratedRegex(@"^\s*- `(\w+)`", RegexOptions.Multiline)]
    private static partial Regex FlowEntry();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();
}
