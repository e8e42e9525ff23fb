using DevHost.Http;

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

        foreach (var (name, value) in SampleKeys(settings, arguments))
        {
            Log.Say(log, $"{name}: {value}");
        }

        var root = address.ToString().TrimEnd('/').Replace("[::1]", "localhost", StringComparison.Ordinal);
        Log.Say(log, $"Listening on {root}: {app.Functions.Count} functions (Ctrl-C ends)");

        // A function named Open… is a page for people.
        foreach (var function in app.Functions.Where(function => function.IsHttp && function.Name.StartsWith("Open", StringComparison.Ordinal)))
        {
            Log.Say(log, $"Open {root}/{HttpTriggers.RouteOf(app, function).Split("/{")[0]}");
        }
    }

    /// <summary>Only those that still have the sample's value, which is no secret.</summary>
    private static IEnumerable<(string Name, string Value)> SampleKeys(IReadOnlyDictionary<string, string> settings, HostArguments arguments) =>
        from value in Settings.FindSample(arguments) is { } sample ? Settings.Values(sample) : []
        where value.Key.EndsWith("Key", StringComparison.Ordinal) && value.Value.Length > 0 && settings.GetValueOrDefault(value.Key) == value.Value
        select (value.Key.Split("__")[^1], value.Value);
}
