using System.CommandLine;

namespace DevHost;

/// <summary>The command line.</summary>
/// <param name="Folder">The app: build or publish output.</param>
/// <param name="Port">0 for any free one.</param>
/// <param name="Data">Where the storage emulator keeps its data.</param>
/// <param name="Reset">Clear that first.</param>
/// <param name="SettingsFile">Read instead of local.settings.json.</param>
/// <param name="Overrides">Settings that win over all others.</param>
/// <param name="IsDataChosen">The command line says where the data are: no others will do.</param>
internal sealed record HostArguments(string Folder, int Port, string Data, bool Reset, string? SettingsFile, IEnumerable<KeyValuePair<string, string>> Overrides, bool IsDataChosen = false)
{
    /// <summary>Runs what the command line asks for: this, or its own help. Gives the exit code.</summary>
    internal static Task<int> InvokeAsync(string[] args, Func<HostArguments, Task<int>> run)
    {
        var folder = new Argument<string>("folder") { Description = "The app: its build or publish output" };
        var port = new Option<ushort>("--port") { Description = "Where it listens; 0 for any free port", HelpName = "number", DefaultValueFactory = _ => 7071 };
        var data = new Option<string>("--data") { Description = "Where the storage emulator keeps its data", HelpName = "folder", DefaultValueFactory = _ => Path.Combine(Folders.Project, ".data") };
        var reset = new Option<bool>("--reset") { Description = "Forget that data first" };
        var file = new Option<string>("--settings") { Description = "Read instead of local.settings.json", HelpName = "file" };
        var settings = new Option<string[]>("--setting") { Description = "A setting that wins over the file and the environment; as often as needed", HelpName = "name=value", DefaultValueFactory = _ => [] };
        settings.Validators.Add(given => given.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) <= 0).ToList().ForEach(token => given.AddError($"--setting takes NAME=VALUE, not {token.Value}.")));
        var command = new RootCommand("Runs an Azure Functions app (.NET isolated) on this machine, with a storage emulator.") { folder, port, data, reset, file, settings };
        command.SetAction(parsed => run(new HostArguments(
            Path.GetFullPath(parsed.GetRequiredValue(folder)), parsed.GetValue(port), Path.GetFullPath(parsed.GetRequiredValue(data)), parsed.GetValue(reset), parsed.GetValue(file),
            parsed.GetRequiredValue(settings).Select(text => text.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1])), parsed.GetResult(data) is { Implicit: false })));
        return command.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }
}
