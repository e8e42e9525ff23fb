using System.Text.RegularExpressions;

namespace LeadFunctions.Tests.Conventions;

/// <summary>Rules that keep the code easy to see and to change; the text of a failure says what to do.</summary>
public sealed partial class SourceConventions
{
    private const int MaxLines = 300;

    // A longer file, and why it is better so.
    private static readonly Dictionary<string, string> LongFiles = [];

    // Words of the business: Platform would serve any app.
    private static readonly string[] BusinessWords = ["Lead", "Score", "Scoring", "Segment", "Journey", "Campaign", "Visitor", "Marketer", "Engagement", "WriteKey"];

    private static readonly string[] Suffixes = ["Manager", "Helper", "Helpers", "Util", "Utils", "Processor", "Impl", "Dto", "Base"];

    [Fact]
    public void No_file_is_longer_than_a_reader_can_follow()
    {
        var longer = new[] { "functions", "local" }.SelectMany(folder => Repository.Files(folder, "*.cs"))
            .Select(file => (file, lines: Repository.Read(file).Count(c => c == '\n')))
            .Where(f => f.lines > MaxLines && !LongFiles.ContainsKey(f.file));

        Assert.True(!longer.Any(), $"Split these, or enter them with the reason: {string.Join(", ", longer)}");
    }

    [Fact]
    public void The_app_knows_nothing_of_its_development_host()
    {
        var offenders = Repository.Files("functions", "*.cs").Concat(Repository.Files("functions", "*.csproj")).Where(file => DevelopmentHost().IsMatch(Repository.Read(file)));

        Assert.True(!offenders.Any(), $"It must run under any Functions host as it stands: {string.Join(", ", offenders)}");
    }

    [Fact]
    public void Platform_holds_no_word_of_the_business()
    {
        var offenders = from file in Repository.Files("functions/Platform", "*.cs")
                        let text = Repository.Read(file).Replace("LeadFunctions", "", StringComparison.Ordinal)
                        from word in BusinessWords
                        where Regex.IsMatch(text, $@"\b(\w*{word}(?![a-z])|{word.ToLowerInvariant()}s?\b)")
                        select $"{file}: {word}";

        Assert.True(!offenders.Any(), string.Join(", ", offenders));
    }

    [Fact]
    public void Types_are_named_for_what_they_are()
    {
        var offenders = typeof(App).Assembly.GetTypes().Select(t => t.Name.Split('`')[0]).Where(name => Suffixes.Any(s => name.EndsWith(s, StringComparison.Ordinal)));

        Assert.True(!offenders.Any(), string.Join(", ", offenders));
    }

    [Fact]
    public void Nothing_is_left_for_later()
    {
        var offenders = new[] { "functions", "local" }.SelectMany(folder => Repository.Files(folder, "*.cs")).Where(file => Later().IsMatch(Repository.Read(file)));

        Assert.True(!offenders.Any(), string.Join(", ", offenders));
    }

    [GeneratedRegex(@"\bDevHost|^#if", RegexOptions.Multiline)]
    private static partial Regex DevelopmentHost();

    [GeneratedRegex(@"//.*\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex Later();
}
