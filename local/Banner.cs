namespace DevHost;

/// <summary>What a person sees once the app runs: what to open, and keys to try it with.</summary>
internal static class Banner
{
    internal static void Write(ILogger log, Uri address, AppFolder app, IReadOnlyDictionary<string, string> settings, HostArguments arguments, bool ownsStorage)
    {
        if (ownsStorage)
        {
            Log.Say(log, $"Storage emulator started; data in {arguments.Data}");
        }

        // Only those that still have the sample's value, which is no secret.
        var sample = Settings.FindSample(arguments) is { } file ? Settings.Values(file) : [];
        var unchanged = sample.Where(pair => settings.GetValueOrDefault(pair.Key) == pair.Value && pair.Value.Length > 0);
        foreach (var (name, value) in unchanged.Where(pair => pair.Key.EndsWith("Key", StringComparison.Ordinal)))
        {
            Log.Say(log, $"{name.Split("__")[^1]}: {value}");
        }

        var root = address.ToString().TrimEnd('/').Replace("[::1]", "localhost", StringComparison.Ordinal);
        Log.Say(log, $"Listening on {root}: {app.Functions.Count} functions (Ctrl-C ends)");

        // A function named Open… is a page for people; one whose route names something has nothing to show without it.
        foreach (var function in app.Functions.Where(function => function.IsHttp && function.Name.StartsWith("Open", StringComparison.Ordinal) && !HttpTriggers.RouteOf(app, function).Replace("{*", "", StringComparison.Ordinal).Contains('{', StringComparison.Ordinal)))
        {
            Log.Say(log, $"Open {root}/{HttpTriggers.RouteOf(app, function).Split("/{")[0]}");
        }
    }
}
