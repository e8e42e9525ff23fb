namespace LeadFunctions.Tests.Support;

/// <summary>Where the build has put the app and its host.</summary>
public static class AppOutput
{
    public static string Configuration { get; } = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";

    public static string Root { get; } = FindRoot();

    /// <summary>The app's output folder: what the host runs.</summary>
    public static string Folder { get; } = Path.Combine(Root, "functions", "bin", Configuration, "net10.0");

    public static string Host { get; } = Path.Combine(Root, "local", "bin", Configuration, "net10.0", "DevHost.dll");

    public static string SampleSettings { get; } = Path.Combine(Root, "local.settings.sample.json");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LeadFunctions.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("The tests do not run inside the repository.");
    }
}
