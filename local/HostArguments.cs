using System.Globalization;

namespace DevHost;

/// <summary>The command line.</summary>
/// <param name="Folder">The app: build or publish output.</param>
/// <param name="Port">0 for any free one.</param>
/// <param name="Data">Where the storage emulator keeps its data.</param>
/// <param name="Reset">Clear that first.</param>
/// <param name="SettingsFile">Read instead of local.settings.json.</param>
/// <param name="Overrides">Settings that win over all others.</param>
internal sealed record HostArguments(string Folder, int Port, string Data, bool Reset, string? SettingsFile, IReadOnlyDictionary<string, string> Overrides)
{
    internal const string Usage = """
        Runs an Azure Functions app (.NET isolated) on this machine, with a storage emulator.

          --port N             where it listens; 7071 when left out, 0 for any free port
          --data FOLDER        where the storage emulator keeps its data; .data when left out
          --reset              forget that data first
          --settings FILE      read instead of local.settings.json
          --setting NAME=VALUE a setting that wins over the file and the environment
        """;

    private const int DefaultPort = 7071;

    /// <summary>The folder that the app is run from: the nearest at or above the current one that holds host.json.</summary>
    internal static string ProjectFolder { get; } = FindProjectFolder() ?? Environment.CurrentDirectory;

    internal static bool AsksForHelp(IReadOnlyList<string> args) => args.Any(arg => arg is "--help" or "-h" or "-?");

    /// <exception cref="StartException">It cannot be understood.</exception>
    internal static HostArguments Parse(IReadOnlyList<string> args)
    {
        var (folder, port, data, reset, settingsFile) = ((string?)null, DefaultPort, (string?)null, false, (string?)null);
        var overrides = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < args.Count; i++)
        {
            var split = args[i].IndexOf('=', StringComparison.Ordinal);
            var name = split < 0 ? args[i] : args[i][..split];
            switch (name)
            {
                case "--port":
                    port = int.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 65535
                        ? number
                        : throw new StartException("--port takes a number from 0 (any free port) to 65535.");
                    break;
                case "--data":
                    data = Value();
                    break;
                case "--settings":
                    settingsFile = Value();
                    break;
                case "--reset":
                    reset = true;
                    break;
                case "--setting":
                    var setting = Value().Split('=', 2);
                    if (setting is not [{ Length: > 0 } key, var value])
                    {
                        throw new StartException("--setting takes NAME=VALUE.");
                    }

                    overrides[key.Replace(":", "__", StringComparison.Ordinal)] = value;
                    break;
                default:
                    folder = folder is null && !name.StartsWith('-') ? args[i] : throw new StartException($"{args[i]} is not understood.\n\n{Usage}");
                    break;
            }

            string Value() => split >= 0 ? args[i][(split + 1)..]
                : ++i < args.Count ? args[i]
                : throw new StartException($"{name} needs a value.");
        }

        return new HostArguments(
            Path.GetFullPath(folder ?? throw new StartException($"The app's folder is missing.\n\n{Usage}")), port,
            Path.GetFullPath(data ?? Path.Combine(ProjectFolder, ".data")), reset, settingsFile, overrides);
    }

    private static string? FindProjectFolder()
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "host.json")))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
