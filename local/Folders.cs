using System.Text.Json;

namespace DevHost;

/// <summary>Folders, and the JSON files in them.</summary>
internal static class Folders
{
    /// <summary>The folder that the app is run from: the nearest at or above the current one that holds host.json.</summary>
    internal static string Project => Above(Environment.CurrentDirectory).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "host.json"))) ?? Environment.CurrentDirectory;

    /// <summary>A folder and those that it lies in, outwards.</summary>
    internal static IEnumerable<string> Above(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            yield return folder.FullName;
        }
    }

    /// <summary>A JSON file as settings, <c>:</c> between sections; comments are allowed, and a list is a section without a name.</summary>
    /// <exception cref="StartException">It is not valid, or not there.</exception>
    internal static IConfiguration ReadJson(string path, string whenMissing)
    {
        try
        {
            var text = File.ReadAllText(path);
            return new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(text.StartsWith('[') ? $"{{ \"\": {text} }}" : text))).Build();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartException(whenMissing, exception);
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            throw new StartException($"{path} is not valid: {exception.Message}", exception);
        }
    }
}

/// <summary>The app cannot run, for a reason that its user can act on: shown without a stack trace.</summary>
internal sealed class StartException(string message, Exception? innerException = null) : Exception(message, innerException);
