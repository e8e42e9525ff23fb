namespace DevHost.Worker;

/// <summary>The last lines that a process wrote to its error stream: why it ended.</summary>
internal sealed class Tail
{
    private const int Kept = 40;

    private readonly Queue<string> lines = new();

    internal void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (lines)
        {
            lines.Enqueue(line);
            if (lines.Count > Kept)
            {
                lines.Dequeue();
            }
        }
    }

    public override string ToString()
    {
        lock (lines)
        {
            return string.Join('\n', lines).Trim();
        }
    }
}
