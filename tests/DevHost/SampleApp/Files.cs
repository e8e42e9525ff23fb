namespace SampleApp;

/// <summary>Files that a test writes to let a function go on.</summary>
public static class Files
{
    public static async Task AppearAsync(string name)
    {
        while (!File.Exists($"{Journal.Path}.{name}"))
        {
            await Task.Delay(20);
        }
    }
}
