namespace DevHost;

/// <summary>A function of the app, with its bindings as its metadata say them.</summary>
internal sealed record Function(string Name, IReadOnlyList<IConfigurationSection> Bindings, bool HasRetryPolicy)
{
    internal IConfigurationSection Trigger { get; } = Bindings.Single(binding => binding["type"]!.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase)); // the build always writes a type

    internal bool IsHttp { get; } = Bindings.Any(binding => binding["type"] == "httpTrigger");

    internal IReadOnlyList<IConfigurationSection> DurableClients { get; } = [.. Bindings.Where(binding => binding["type"] == "durableClient")];

    /// <summary>What its host must know to run it.</summary>
    internal IEnumerable<string> Needs => [.. Bindings.Select(binding => binding["type"]!), .. HasRetryPolicy ? ["a retry policy"] : Array.Empty<string>()]; // as above
}

/// <summary>A built or published app: what its files say of it.</summary>
/// <param name="Executable">What to start.</param>
/// <param name="WorkerPath">Its first argument; null when the executable is the app itself.</param>
/// <param name="Functions">Those that no setting disables.</param>
/// <param name="Configuration">The settings, and host.json as a section of them, which they may override.</param>
internal sealed record AppFolder(string Path, string Executable, string? WorkerPath, IReadOnlyList<Function> Functions, IConfiguration Configuration)
{
    internal const string HostSection = "AzureFunctionsJobHost";

    private static readonly string[] Known = ["httpTrigger", "queueTrigger", "orchestrationTrigger", "activityTrigger", "entityTrigger", "durableClient", "http"];

    internal IConfiguration HostJson => Configuration.GetSection(HostSection);

    /// <exception cref="StartException">It is no app, or has triggers that this host does not know.</exception>
    internal static AppFolder Read(string folder, IReadOnlyDictionary<string, string> settings)
    {
        var worker = Json("worker.config.json").GetSection("description");
        var functions = Json("functions.metadata").GetSection("").GetChildren()
            .Select(function => new Function(function["name"]!, [.. function.GetSection("bindings").GetChildren()], function.GetSection("retry").Exists())) // as the type
            .ToList();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(Json("host.json").AsEnumerable().Select(setting => KeyValuePair.Create($"{HostSection}:{setting.Key}", setting.Value)))
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), (string?)setting.Value)))
            .Build();
        var enabled = functions.Where(function => configuration[$"AzureWebJobs.{function.Name}.Disabled"]?.ToUpperInvariant() is not ("TRUE" or "1")).ToList();
        if (enabled.SelectMany(function => function.Needs.Except(Known), (function, need) => (function.Name, need)).FirstOrDefault() is ({ } name, var unknown))
        {
            throw new StartException($"The function {name} needs {unknown}, which this host does not know. It knows {string.Join(", ", Known)}. "
                + $"Run the app with Azure Functions Core Tools instead (func start), or without this function: --setting AzureWebJobs.{name}.Disabled=true");
        }

        var executable = worker["defaultExecutablePath"] ?? throw new StartException($"{folder} names no executable in worker.config.json.");
        return functions.Count > 0 ? new AppFolder(folder, executable, worker["defaultWorkerPath"], enabled, configuration) : throw new StartException($"{folder} holds an app without functions.");

        IConfiguration Json(string file) => Folders.ReadJson(System.IO.Path.Combine(folder, file), $"{folder} is not the output of a built Functions app (.NET isolated): it has no {file}.");
    }
}
