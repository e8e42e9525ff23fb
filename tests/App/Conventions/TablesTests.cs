using System.Reflection;
using System.Text.RegularExpressions;

namespace LeadFunctions.Tests.Conventions;

public sealed partial class TablesTests
{
    // Who opens another slice's table, and why.
    private static readonly Dictionary<string, string> Excused = new()
    {
        ["functions/Operations/HealthFunctions.cs"] = "Reads one row, to see that storage answers.",
    };

    [Fact]
    public void A_table_is_opened_by_one_slice()
    {
        var opened = (from file in House.Files
                      where House.SliceOf(file) != "Platform" || !file.EndsWith("/StorageLayout.cs", StringComparison.Ordinal) // which creates them all
                      from name in Opens().Matches(Repository.Read(file)).Select(match => match.Groups[1].Value)
                      select (File: file, Table: ConstantOf(name, Path.GetFileNameWithoutExtension(file)))).ToList();
        var shared = opened.Where(use => !Excused.ContainsKey(use.File)).GroupBy(use => use.Table).Where(table => table.Select(use => House.SliceOf(use.File)).Distinct().Count() > 1);

        Assert.True(!shared.Any(), string.Join("; ", shared.Select(table => $"{table.Key} is opened in {string.Join(", ", table.Select(use => use.File))}")));
        Assert.True(opened.Select(use => use.Table).Distinct().Count() > 7); // or the pattern finds nothing any more
        Assert.Equal(Excused.Keys, opened.Select(use => use.File).Intersect(Excused.Keys));
    }

    /// <summary>So that the test above sees every table that is opened.</summary>
    [Fact]
    public void Tables_and_queues_are_opened_in_one_way()
    {
        var offenders = from type in House.Types
                        where House.RoomOf(type) is { Length: > 0 } room && room != "Platform.Storage"
                        from dependency in type.Dependencies
                        where Opening().IsMatch(dependency.Target.FullName) || (dependency is ArchUnitNET.Domain.Dependencies.MethodCallDependency call && Constructing().IsMatch(call.TargetMember.FullName))
                        select $"{type.FullName} uses {dependency.Target.FullName}";

        Assert.True(!offenders.Any(), string.Join('\n', offenders.Distinct()));
        Assert.DoesNotContain(House.Files, file => MethodGroup().IsMatch(Repository.Read(file)));
    }

    /// <summary>The name that a constant such as <c>LeadRows.Table</c> holds; a table may be opened under no other name.</summary>
    private static string ConstantOf(string name, string file)
    {
        var (type, field) = name.Split('.') is [var one, var two] ? (one, two) : (file, name);
        var constants = from candidate in typeof(App).Assembly.GetTypes()
                        where candidate.Name == type
                        let constant = candidate.GetField(field, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
                        where constant is { IsLiteral: true }
                        select (string)constant.GetRawConstantValue()!; // it is a text: Table takes nothing else
        return Assert.Single(constants);
    }

    [GeneratedRegex(@"\.Table\(([^)]*)\)")]
    private static partial Regex Opens();

    [GeneratedRegex(@"\b[\w.]*[sS]torage\.(Table|Queue)\b(?!\()")]
    private static partial Regex MethodGroup();

    [GeneratedRegex(@"^Azure\.(Data\.Tables\.TableServiceClient|Storage\.Queues\.QueueServiceClient|Storage\.Blobs\.)")]
    private static partial Regex Opening();

    [GeneratedRegex(@"Azure\.[\w.]+\.(Table|Queue)Client::\.ctor")]
    private static partial Regex Constructing();
}
