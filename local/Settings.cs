using System.Collections;
using System.Text.Json;

namespace DevHost;

/// <summary>The app's settings by name, as an environment has them (<c>__</c> parts sections): the file's, over them the environment's, over both the command line's.</summary>
internal static class Settings
{
    internal const string FileName = "local.settings.json";
    internal const string SampleName = "local.settings.sample.json";

    /// <summary>By these Azure's parts know that they run in Azure. What a machine happens to have of them must not make them write its logs and trust its networks.</summary>
    private static readonly string[] OnlyInAzure = ["CONTAINER_NAME", "WEBSITE_INSTANCE_ID", "WEBSITE_SITE_NAME", "WEBSITE_SKU"];

    /// <exception cref="StartException">The file cannot be read.</exception>
    internal static Dictionary<string, string> Read(HostArguments arguments)
    {
        var values = FileOf(arguments) is { } file ? Values(file) : [];
        foreach (var name in OnlyInAzure)
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            values[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        foreach (var (name, value) in arguments.Overrides)
        {
            values[name] = value;
        }

        // Both sides ask for it: the worker's packages and, for how it is to speak with them, the Durable extension.
        values.TryAdd("FUNCTIONS_WORKER_RUNTIME", "dotnet-isolated");
        values.TryAdd("AZURE_FUNCTIONS_ENVIRONMENT", "Development");
        return values;
    }

    /// <summary>The <c>Values</c> of a settings file.</summary>
    /// <exception cref="StartException">It is no such file.</exception>
    internal static Dictionary<string, string> Values(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return document.RootElement.TryGetProperty("Values", out var values)
                ? values.EnumerateObject().ToDictionary(v => v.Name.Replace(":", "__", StringComparison.Ordinal), v => v.Value.ToString(), StringComparer.OrdinalIgnoreCase)
                : [];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new StartException($"{path} is not valid: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The settings cannot be read: {exception.Message}", exception);
        }
    }

    private static string? FileOf(HostArguments arguments)
    {
        string[] folders = [HostArguments.ProjectFolder, arguments.Folder];
        return arguments.SettingsFile
            ?? folders.Select(folder => Path.Combine(folder, FileName)).Concat(folders.Select(folder => Path.Combine(folder, SampleName))).FirstOrDefault(File.Exists);
    }
}
