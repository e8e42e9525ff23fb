namespace DevHost.Tests.Support;

/// <summary>What the sample app wrote down of what happened in it.</summary>
internal sealed class Journal
{
    internal string FilePath { get; } = Sample.NewPath();

    internal IReadOnlyList<string> Lines => File.Exists(FilePath) ? File.ReadAllLines(FilePath) : [];

    internal int Count(string line) => Lines.Count(l => l == line);

    internal Task ShowsAsync(string line, TimeSpan? patience = null) => Eventually.BeTrueAsync(() => Lines.Contains(line), () => $"The journal lacks \"{line}\":\n{string.Join('\n', Lines)}", patience);

    /// <summary>Lets go on what waits for this file.</summary>
    internal void Release(string name) => File.WriteAllText($"{FilePath}.{name}", "");
}
