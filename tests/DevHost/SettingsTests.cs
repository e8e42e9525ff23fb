using DevHost.Tests.Support;

namespace DevHost.Tests;

public sealed class SettingsTests : IDisposable
{
    private readonly string file = Sample.NewPath();
    private readonly string inAll = $"DEVHOST_{Guid.NewGuid():N}";
    private readonly string inTwo = $"DEVHOST_{Guid.NewGuid():N}";

    public SettingsTests()
    {
        Environment.SetEnvironmentVariable(inAll, "environment");
        Environment.SetEnvironmentVariable(inTwo, "environment");
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(inAll, null);
        Environment.SetEnvironmentVariable(inTwo, null);
        File.Delete(file);
    }

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        var settings = Read($$"""{ "Values": { "{{inAll}}": "file", "{{inTwo}}": "file", "Only__Here": "file" } }""", (inAll, "command line"));

        Assert.Equal(("command line", "environment", "file"), (settings[inAll], settings[inTwo], settings["Only__Here"]));
    }

    [Fact]
    public void Sections_and_values_of_all_kinds_are_read_comments_included()
    {
        var settings = Read("""
            {
              // as Core Tools allow it
              "IsEncrypted": false,
              "Values": { "A__B": "1", "C:D": 2, "E": { "F": true }, "G": "a=b", "Nothing": null },
            }
            """, ("H:I", "x=y"));

        Assert.Equal(("1", "2", "True", "a=b", "x=y"), (settings["A__B"], settings["C__D"], settings["E__F"], settings["G"], settings["H__I"]));
        Assert.False(settings.ContainsKey("Nothing"));
    }

    [Fact]
    public void What_both_sides_ask_for_has_a_value()
    {
        var settings = Read("{}");

        Assert.Equal(("dotnet-isolated", "Development"), (settings["FUNCTIONS_WORKER_RUNTIME"], settings["AZURE_FUNCTIONS_ENVIRONMENT"]));
    }

    [Fact]
    public void A_machine_that_looks_like_Azure_does_not_make_the_app_believe_it()
    {
        Environment.SetEnvironmentVariable("CONTAINER_NAME", "of-a-build-machine");
        try
        {
            Assert.False(Read("{}").ContainsKey("CONTAINER_NAME"));
            Assert.Equal("wanted", Read("""{ "Values": { "CONTAINER_NAME": "wanted" } }""")["CONTAINER_NAME"]);
        }
        finally
        {
            Environment.SetEnvironmentVariable("CONTAINER_NAME", null);
        }
    }

    [Theory]
    [InlineData("{ \"Values\": { \"A\": ")]
    [InlineData("{ \"Values\": { \"A\": 1, \"a\": 2 } }")]
    [InlineData("no JSON")]
    public void A_file_that_cannot_be_read_is_named_with_the_reason(string text)
    {
        var exception = Assert.Throws<StartException>(() => Read(text));

        Assert.StartsWith($"{file} is not valid: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        var exception = Assert.Throws<StartException>(() => Settings.Values("/nowhere/settings.json").ToList());

        Assert.Equal("The settings cannot be read: there is no /nowhere/settings.json.", exception.Message);
    }

    private IReadOnlyDictionary<string, string> Read(string text, params (string Name, string Value)[] overrides)
    {
        File.WriteAllText(file, text);
        return Settings.Read(new HostArguments("", 0, "", Reset: false, file, overrides.Select(setting => KeyValuePair.Create(setting.Name, setting.Value))));
    }
}
