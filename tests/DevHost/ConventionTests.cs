using System.Text.RegularExpressions;
using DevHost.Tests.Support;

namespace DevHost.Tests;

/// <summary>What keeps the host small, of use to any app, and made of Microsoft's own parts.</summary>
public sealed partial class ConventionTests
{
    private const int MaxLines = 1_200;

    private static readonly string[] NoSource = ["bin", "obj", "node_modules", ".git", ".data"];

    private static readonly string Local = Path.Combine(Sample.Root, "local");

    [Fact]
    public void The_host_has_at_most_1200_lines_of_CSharp()
    {
        var lines = Files(Local, "*.cs").Sum(file => File.ReadLines(file).Count());

        Assert.True(lines <= MaxLines, $"local/ has {lines} lines of C#. Find what is said twice.");
    }

    [Fact]
    public void The_host_does_not_know_the_app()
    {
        var offenders = from file in Files(Local, "*")
                        from line in File.ReadLines(file)
                        where line.Contains("LeadFunctions", StringComparison.OrdinalIgnoreCase)
                            && !line.Contains("<InternalsVisibleTo ", StringComparison.Ordinal) // Which tests may use it says nothing of what it does.
                        select $"{file}: {line}";

        Assert.Empty(offenders);
    }

    [Fact]
    public void Nothing_passes_for_a_part_of_Microsofts()
    {
        var offenders = Files(Sample.Root, "*.cs").Where(file => File.ReadLines(file).Any(line => TheirNamespace().IsMatch(line))).ToList();

        Assert.Empty(offenders);
    }

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern).Concat(Directory.EnumerateDirectories(folder).Where(inner => !NoSource.Contains(Path.GetFileName(inner))).SelectMany(inner => Files(inner, pattern)));

    [GeneratedRegex(@"^\s*namespace\s+(Microsoft|Azure|DurableTask)\b")]
    private static partial Regex TheirNamespace();
}
