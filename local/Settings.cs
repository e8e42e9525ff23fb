using System.Collections;

namespace DevHost;

/// <summary>The app's settings by name, as an environment has them (<c>__</c> parts sections): the file's, over them the environment's, over both the command line's.</summary>
internal static class Settings
{
    /// <summary>By these Azure's parts know that they run in Azure. What a machine happens to have of them must not make them write its logs and trust its networks.</summary>
    private static readonly string[] OnlyInAzure = ["CONTAINER_NAME", "WEBSITE_INSTANCE_ID", "WEBSITE_SITE_NAME", "WEBSITE_SKU"];

    /// <exception cref="StartException">The file cannot be read.</exception>
    internal static Dictionary<string, string> Read(HostArguments arguments)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            // Both sides ask for it: the worker's packages and, for how it is to speak with them, the Durable extension.
            ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated",
            ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development",
        };
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(variable => !OnlyInAzure.Contains(variable.Key))
            .Select(variable => KeyValuePair.Create((string)variable.Key, (string?)variable.Value ?? ""));
        foreach (var (name, value) in ((arguments.SettingsFile ?? Find(arguments, "local.settings.json") ?? FindSample(arguments)) is { } file ? Values(file) : []).Concat(environment).Concat(arguments.Overrides))
        {
            values[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return values;
    }

    /// <summary>The <c>Values</c> of a settings file.</summary>
    /// <exception cref="StartException">It is no such file.</exception>
    internal static IEnumerable<KeyValuePair<string, string>> Values(string path) => Folders.ReadJson(path, $"The settings cannot be read: there is no {path}.")
        .GetSection("Values").AsEnumerable(makePathsRelative: true)
        .Where(setting => setting.Value is not null)
        .Select(setting => KeyValuePair.Create(setting.Key.Replace(":", "__", StringComparison.Ordinal), setting.Value!)); // not null: just asked

    /// <summary>The sample settings, if the app has some.</summary>
    internal static string? FindSample(HostArguments arguments) => Find(arguments, "local.settings.sample.json");

    private static string? Find(HostArguments arguments, string name) => new[] { Folders.Project, arguments.Folder }.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
