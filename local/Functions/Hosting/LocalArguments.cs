using System.Globalization;

namespace LeadFunctions.Local.Functions.Hosting;

/// <summary>The command line of the local runtime. What it does not know goes to configuration, as upstream does with all of it.</summary>
/// <param name="Port">0 for any free one.</param>
/// <param name="Data">Where storage, timers and the clock are kept between runs.</param>
/// <param name="Reset">Clear that first.</param>
/// <param name="SettingsFile">Read instead of the project's local.settings.json.</param>
/// <param name="Overrides">Settings that win over all others.</param>
internal sealed record LocalArguments(int Port, string Data, bool Reset, string? SettingsFile, IReadOnlyDictionary<string, string?> Overrides, string[] Rest)
{
    internal const int DefaultPort = 7071;

    /// <summary>The folder that the app is run from: where host.json stands.</summary>
    internal static string ProjectFolder { get; } = Settings.FindProjectFolder(Environment.CurrentDirectory) ?? Environment.CurrentDirectory;

    internal static LocalArguments Parse(IReadOnlyList<string> args)
    {
        var (port, data, reset, settingsFile) = (DefaultPort, (string?)null, false, (string?)null);
        var overrides = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var rest = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            var split = args[i].IndexOf('=', StringComparison.Ordinal);
            var name = split < 0 ? args[i] : args[i][..split];
            switch (name)
            {
                case "--port":
                    port = int.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 65535
                        ? number
                        : throw new LocalStartException("--port takes a number from 0 (any free port) to 65535.");
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
                    var setting = Value();
                    var equals = setting.IndexOf('=', StringComparison.Ordinal);
                    if (equals < 1)
                    {
                        throw new LocalStartException("--setting takes Name=Value.");
                    }

                    overrides[setting[..equals].Replace("__", ":", StringComparison.Ordinal)] = setting[(equals + 1)..];
                    break;
                default:
                    rest.Add(args[i]);
                    break;
            }

            string Value() => split >= 0 ? args[i][(split + 1)..]
                : ++i < args.Count ? args[i]
                : throw new LocalStartException($"{name} needs a value.");
        }

        return new LocalArguments(port, Path.GetFullPath(data ?? Path.Combine(ProjectFolder, ".data")), reset, settingsFile, overrides, [.. rest]);
    }
}
