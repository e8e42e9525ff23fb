using System.Text.Json;

namespace DevHost;

/// <summary>A binding of a function, as its metadata say it.</summary>
internal sealed record Binding(string Name, string Type, bool IsIn, JsonElement Document)
{
    internal string? Find(string property) => Document.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>A function of the app.</summary>
internal sealed record Function(string Id, string Name, string ScriptFile, string EntryPoint, IReadOnlyList<Binding> Bindings)
{
    internal Binding Trigger { get; } = Bindings.Single(binding => binding.Type.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase));

    internal bool IsHttp => Trigger.Type == "httpTrigger";
}

/// <summary>A built or published app: what its files say of it.</summary>
/// <param name="Executable">What to start.</param>
/// <param name="WorkerPath">Its first argument; null when the executable is the app itself.</param>
/// <param name="HostJson">host.json as settings, <c>:</c> between sections.</param>
internal sealed record AppFolder(string Path, string Executable, string? WorkerPath, IReadOnlyList<Function> Functions, IReadOnlyDictionary<string, string?> HostJson)
{
    private static readonly string[] Known = ["httpTrigger", "queueTrigger", "orchestrationTrigger", "activityTrigger", "entityTrigger", "durableClient", "http"];

    internal string RoutePrefix => HostJson.GetValueOrDefault("extensions:http:routePrefix") ?? "api";

    /// <exception cref="StartException">It is no app, or has triggers that this host does not know.</exception>
    internal static AppFolder Read(string folder)
    {
        using var worker = Parse(folder, "worker.config.json");
        using var metadata = Parse(folder, "functions.metadata");
        using var host = Parse(folder, "host.json");
        var description = worker.RootElement.GetProperty("description");
        var path = description.TryGetProperty("defaultWorkerPath", out var given) ? given.GetString() : null;
        var functions = metadata.RootElement.EnumerateArray().Select(Read).ToList();
        foreach (var function in functions)
        {
            if (function.Bindings.FirstOrDefault(binding => !Known.Contains(binding.Type)) is { } unknown)
            {
                throw new StartException($"The function {function.Name} has a binding of type {unknown.Type}, which this host does not know. It knows {string.Join(", ", Known)}. Run the app with Azure Functions Core Tools instead: func start.");
            }
        }

        var settings = new Dictionary<string, string?>();
        Flatten("", host.RootElement, settings);
        return new AppFolder(folder, description.GetProperty("defaultExecutablePath").GetString()!, path, functions, settings); // a worker always names it
    }

    private static Function Read(JsonElement function)
    {
        var name = function.GetProperty("name").GetString()!; // as the next ones, never absent in what the build writes
        var bindings = function.GetProperty("bindings").EnumerateArray().Select(binding => new Binding(
            binding.GetProperty("name").GetString()!, binding.GetProperty("type").GetString()!,
            !string.Equals(binding.GetProperty("direction").GetString(), "Out", StringComparison.OrdinalIgnoreCase), binding.Clone()));
        return new Function(name, name, function.GetProperty("scriptFile").GetString()!, function.GetProperty("entryPoint").GetString()!, [.. bindings]);
    }

    private static JsonDocument Parse(string folder, string file)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.Combine(folder, file)), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{folder} is not the output of a built Functions app (.NET isolated): it has no {file}.", exception);
        }
        catch (JsonException exception)
        {
            throw new StartException($"{System.IO.Path.Combine(folder, file)} is not valid: {exception.Message}", exception);
        }
    }

    private static void Flatten(string path, JsonElement element, Dictionary<string, string?> into)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    Flatten(path.Length == 0 ? member.Name : $"{path}:{member.Name}", member.Value, into);
                }

                break;
            case JsonValueKind.Array:
                foreach (var (index, item) in element.EnumerateArray().Index())
                {
                    Flatten($"{path}:{index}", item, into);
                }

                break;
            default:
                into[path] = element.ValueKind == JsonValueKind.Null ? null : element.ToString();
                break;
        }
    }
}
