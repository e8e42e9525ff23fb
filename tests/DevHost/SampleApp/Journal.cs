namespace SampleApp;

/// <summary>What happened, for a test to read, in a file: it outlives the worker.</summary>
public static class Journal
{
    private static readonly Lock Gate = new();

    public static string Path { get; } = Environment.GetEnvironmentVariable("SAMPLE_JOURNAL") ?? System.IO.Path.GetTempFileName();

    public static void Write(string line)
    {
        lock (Gate)
        {
            File.AppendAllText(Path, line + "\n");
        }
    }

    /// <summary>Writes it; true when it stood there already.</summary>
    public static bool WriteAgain(string line)
    {
        lock (Gate)
        {
            var stood = File.Exists(Path) && File.ReadAllLines(Path).Contains(line);
            File.AppendAllText(Path, line + "\n");
            return stood;
        }
    }
}
