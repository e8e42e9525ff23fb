using DevHost.Http;

namespace DevHost;

/// <summary>What a person sees once the app runs: what to open, and keys to try it with.</summary>
internal static class Banner
{
    internal static void Write(ILogger log, Uri address, AppFolder app, IReadOnlyDictionary<string, string> settings, HostArguments arguments, bool ownsStorage)
    {
        if (ownsStorage)
        {
            Log.Storage(log, arguments.Data);
        }

        foreach (var (name, value) in SampleKeys(settings, arguments))
        {
            Log.Key(log, name, value);
        }

        var root = address.ToString().TrimEnd('/').Replace("[::1]", "localhost", StringComparison.Ordinal);
        Log.Listening(log, root, app.Functions.Count);

        // A function named Open… is a page for people.
        foreach (var function in app.Functions.Where(function => function.IsHttp && function.Name.StartsWith("Open", StringComparison.Ordinal)))
        {
            Log.Open(log, $"{root}/{HttpTriggers.RouteOf(app, function).Split("/{")[0]}");
        }
    }

    /// <summary>Only those that still have the sample's value, which is no secret.</summary>
    private static IEnumerable<(string Name, string Value)> SampleKeys(IReadOnlyDictionary<string, string> settings, HostArguments arguments)
    {
        var sample = new[] { HostArguments.ProjectFolder, arguments.Folder }.Select(folder => Path.Combine(folder, Settings.SampleName)).FirstOrDefault(File.Exists);
        return from value in sample is null ? [] : Settings.Values(sample)
               where value.Key.EndsWith("Key", StringComparison.Ordinal) && value.Value.Length > 0 && settings.GetValueOrDefault(value.Key) == value.Value
               select (value.Key.Split("__")[^1], value.Value);
    }
}
