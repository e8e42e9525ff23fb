using System.Text.Json;

namespace DevHost;

/// <summary>A binding of a function, as its metadata say it.</summary>
internal sealed record Binding(string Name, string Type, JsonElement Document)
{
    internal string? Find(string property) => Document.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>A function of the app.</summary>
internal sealed record Function(string Name, string ScriptFile, string EntryPoint, IReadOnlyList<Binding> Bindings)
{
    internal Binding Trigger { get; } = Bindings.Single(binding => binding.Type.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase));

    internal bool IsHttp => Trigger.Type == "httpTrigger";
}

/// <summary>A built or published app: what its files say of it.</summary>
/// <param name="Executable">What to start.</param>
/// <param name="WorkerPath">Its first argument; null when the executable is the app itself.</param>
internal sealed record AppFolder(string Path, string Executable, string? WorkerPath, IReadOnlyList<Function> Functions, IConfiguration HostJson)
{
    private static readonly string[] Known = ["httpTrigger", "queueTrigger", "orchestrationTrigger", "activityTrigger", "entityTrigger", "durableClient", "http"];

    /// <summary>A short name that all hosts of the app share.</summary>
    internal string Id => new([.. System.IO.Path.GetFileNameWithoutExtension(Functions[0].ScriptFile).ToLowerInvariant().Where(char.IsAsciiLetterOrDigit).Take(32)]);

    /// <exception cref="StartException">It is no app, or has triggers that this host does not know.</exception>
    internal static AppFolder Read(string folder)
    {
        var worker = Folders.ReadConfiguration(File("worker.config.json"), Missing("worker.config.json")).GetSection("description");
        var functions = Folders.ReadJson(File("functions.metadata"), Missing("functions.metadata"), file => JsonSerializer.Deserialize<JsonElement[]>(file)!.Select(Read).ToList()); // not null: the build writes an array
        if (functions.SelectMany(function => function.Bindings, (function, binding) => (function, binding)).FirstOrDefault(pair => !Known.Contains(pair.binding.Type)) is { function: { } strange } unknown)
        {
            throw new StartException($"The function {strange.Name} has a binding of type {unknown.binding.Type}, which this host does not know. It knows {string.Join(", ", Known)}. Run the app with Azure Functions Core Tools instead: func start.");
        }

        if (functions.Count == 0)
        {
            throw new StartException($"{folder} holds an app without functions.");
        }

        return new AppFolder(
            folder, worker["defaultExecutablePath"] ?? throw new StartException($"{File("worker.config.json")} names no defaultExecutablePath."), worker["defaultWorkerPath"], functions,
            Folders.ReadConfiguration(File("host.json"), Missing("host.json")));

        string File(string name) => System.IO.Path.Combine(folder, name);

        string Missing(string name) => $"{folder} is not the output of a built Functions app (.NET isolated): it has no {name}.";
    }

    private static Function Read(JsonElement function) => new(
        Text(function, "name"), Text(function, "scriptFile"), Text(function, "entryPoint"),
        [.. function.GetProperty("bindings").EnumerateArray().Select(binding => new Binding(Text(binding, "name"), Text(binding, "type"), binding))]);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!; // the build always writes it
}
