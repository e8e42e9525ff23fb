using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace LeadFunctions.Local.Functions.Hosting;

/// <summary>Reads host.json and local.settings.json, as the Functions host and Core Tools do.</summary>
internal static class Settings
{
    /// <summary>host.json, which settings named <c>AzureFunctionsJobHost__…</c> override.</summary>
    internal static IConfiguration Host(string folder, IConfiguration configuration)
    {
        var builder = new ConfigurationBuilder();
        if (Path.Combine(folder, "host.json") is var path && File.Exists(path))
        {
            builder.AddJsonStream(new MemoryStream(File.ReadAllBytes(path)));
        }

        // Copied, not chained: a chained configuration loses values that are empty, such as a route prefix of "".
        return builder.AddInMemoryCollection(configuration.GetSection("AzureFunctionsJobHost").AsEnumerable(makePathsRelative: true).Where(s => s.Value is not null)).Build();
    }

    /// <summary>The <c>Values</c> of local.settings.json, or of its sample where there is none; <c>__</c> parts sections.</summary>
    internal static IReadOnlyDictionary<string, string?> Local(IEnumerable<string> folders)
    {
        var path = folders.Select(f => Path.Combine(f, "local.settings.json"))
            .Concat(folders.Select(f => Path.Combine(f, "local.settings.sample.json")))
            .FirstOrDefault(File.Exists);
        return path is null ? new Dictionary<string, string?>() : Values(path);
    }

    internal static Dictionary<string, string?> Values(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return document.RootElement.TryGetProperty("Values", out var values)
                ? values.EnumerateObject().ToDictionary(v => v.Name.Replace("__", ":", StringComparison.Ordinal), v => (string?)v.Value.ToString(), StringComparer.OrdinalIgnoreCase)
                : [];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new LocalStartException($"{path} is not valid: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LocalStartException($"The settings cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Replaces <c>%name%</c> by the setting of that name.</summary>
    internal static string Resolve(IConfiguration configuration, string text)
    {
        for (int start; (start = text.IndexOf('%', StringComparison.Ordinal)) >= 0 && text.IndexOf('%', start + 1) is > 0 and var end;)
        {
            var name = text[(start + 1)..end];
            var value = configuration[name] ?? configuration[name.Replace("__", ":", StringComparison.Ordinal)]
                ?? throw new LocalStartException($"The setting {name}, named by a trigger or binding as %{name}%, is missing.");
            text = text[..start] + value + text[(end + 1)..];
        }

        return text;
    }

    /// <summary>The nearest folder at or above <paramref name="from"/> that holds host.json.</summary>
    internal static string? FindProjectFolder(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "host.json")))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}

/// <summary>The app cannot start, for a reason that its user can act on: shown without a stack trace.</summary>
internal sealed class LocalStartException(string message, Exception? innerException = null) : Exception(message, innerException);
