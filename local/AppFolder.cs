namespace DevHost;

/// <summary>A function of the app, with its bindings as its metadata say them.</summary>
internal sealed record Function(string Name, IReadOnlyList<IConfigurationSection> Bindings)
{
    internal IConfigurationSection Trigger { get; } = Bindings.Single(binding => binding["type"]!.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase)); // the build always writes a type

    internal string TriggerType => Trigger["type"]!; // as above

    internal bool IsHttp { get; } = Bindings.Any(binding => binding["type"] == "httpTrigger");

    internal IReadOnlyList<IConfigurationSection> DurableClients { get; } = [.. Bindings.Where(binding => binding["type"] == "durableClient")];
}

/// <summary>A built or published app: what its files say of it.</summary>
/// <param name="Executable">What to start.</param>
/// <param name="WorkerPath">Its first argument; null when the executable is the app itself.</param>
internal sealed record AppFolder(string Path, string Executable, string? WorkerPath, IReadOnlyList<Function> Functions, IConfiguration HostJson)
{
    private static readonly string[] Known = ["httpTrigger", "queueTrigger", "orchestrationTrigger", "activityTrigger", "entityTrigger", "durableClient", "http"];

    /// <exception cref="StartException">It is no app, or has triggers that this host does not know.</exception>
    internal static AppFolder Read(string folder)
    {
        var worker = Json("worker.config.json").GetSection("description");
        var functions = Json("functions.metadata").GetSection("").GetChildren().Select(function => new Function(function["name"]!, [.. function.GetSection("bindings").GetChildren()])).ToList(); // as the type
        if (functions.SelectMany(function => function.Bindings, (function, binding) => (function.Name, Type: binding["type"])).FirstOrDefault(pair => !Known.Contains(pair.Type)) is { Name: { } name } strange)
        {
            throw new StartException($"The function {name} has a binding of type {strange.Type}, which this host does not know. It knows {string.Join(", ", Known)}. Run the app with Azure Functions Core Tools instead: func start.");
        }

        var executable = worker["defaultExecutablePath"] ?? throw new StartException($"{folder} names no executable in worker.config.json.");
        return functions.Count > 0 ? new AppFolder(folder, executable, worker["defaultWorkerPath"], functions, Json("host.json")) : throw new StartException($"{folder} holds an app without functions.");

        IConfiguration Json(string file) => Folders.ReadJson(System.IO.Path.Combine(folder, file), $"{folder} is not the output of a built Functions app (.NET isolated): it has no {file}.");
    }
}
