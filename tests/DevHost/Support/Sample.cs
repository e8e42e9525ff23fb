using System.Runtime.CompilerServices;

namespace DevHost.Tests.Support;

/// <summary>Where the build has put the sample app and the host.</summary>
internal static class Sample
{
    private static readonly string Configuration = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!; // bin/Debug/net10.0

    internal static string Root { get; } = Path.GetFullPath(Path.Combine(SourceFolder(), "..", "..", ".."));

    internal static string Folder { get; } = Path.Combine(Root, "tests", "DevHost", "SampleApp", "bin", Configuration, "net10.0");

    internal static string Host { get; } = Path.Combine(Root, "local", "bin", Configuration, "net10.0", "DevHost.dll");

    /// <summary>A path for a file or folder that nothing else uses.</summary>
    internal static string NewPath() => Path.Combine(Path.GetTempPath(), $"devhost-{Guid.NewGuid():N}");

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!; // the compiler gives a file's path
}
