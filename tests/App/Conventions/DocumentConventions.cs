using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using LeadFunctions.Access;
using LeadFunctions.Clock;
using LeadFunctions.Mail;
using LeadFunctions.Platform;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Tests.Conventions;

/// <summary>What stands twice must stand the same: functions and the flow, settings and the sample.</summary>
public sealed partial class DocumentConventions
{
    private static readonly Assembly App = typeof(LeadFunctions.App).Assembly;

    [Fact]
    public void Every_function_stands_in_the_flow_with_what_starts_it_and_nothing_else()
    {
        var functions = (from method in App.GetTypes().SelectMany(type => type.GetMethods())
                         let name = method.GetCustomAttribute<FunctionAttribute>()?.Name
                         where name is not null
                         select $"`{name}` {method.GetParameters().Select(TriggerOf).Single(trigger => trigger is not null)}").ToHashSet();
        var inFlow = FlowEntry().Matches(Repository.Read("docs/flow.md")).Select(match => match.Groups[1].Value).ToHashSet();

        Assert.True(functions.IsSubsetOf(inFlow), "Add to docs/flow.md, each as a line: - " + string.Join(", ", functions.Except(inFlow)));
        Assert.True(inFlow.IsSubsetOf(functions), "In docs/flow.md, but not so in the code: " + string.Join(", ", inFlow.Except(functions)));
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

    // The options of a slice are bound to the section of its name; the keys, the clock, the address and who carries mail stand above all slices.
    private static IEnumerable<string> Options() =>
        from type in OptionTypes()
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        where property.Name != "EqualityContract"
        select type == typeof(AccessOptions) || type == typeof(ClockOptions) || type == typeof(SiteOptions) || type == typeof(MailOptions) ? $"LeadFunctions__{property.Name}" : $"LeadFunctions__{type.Name[..^"Options".Length]}__{property.Name}";

    /// <summary>In the words of docs/flow.md, which leaves out what browsers ask before (OPTIONS), HEAD, and of what kind a parameter is; null when the parameter is no trigger.</summary>
    private static string? TriggerOf(ParameterInfo parameter) => parameter.GetCustomAttributes().Select(attribute => attribute switch
    {
        HttpTriggerAttribute http => $"{string.Join(" and ", http.Methods!.Select(method => method.ToUpperInvariant()).Except(["OPTIONS", "HEAD"]))} /{Constraint().Replace(http.Route!, "}")}", // all name both
        QueueTriggerAttribute queue => $"queue {queue.QueueName}",
        OrchestrationTriggerAttribute => "orchestration",
        ActivityTriggerAttribute => "activity",
        _ => null,
    }).FirstOrDefault(trigger => trigger is not null);

    [GeneratedRegex(@"^\s*- (`\w+` (?:[A-Z]+(?: and [A-Z]+)* /[^\s:]*|queue [\w-]+|orchestration|activity))", RegexOptions.Multiline)]
    private static partial Regex FlowEntry();

    [GeneratedRegex(@":\w+}")]
    private static partial Regex Constraint();
}
