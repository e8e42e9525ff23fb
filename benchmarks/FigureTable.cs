using System.Runtime.InteropServices;

namespace LeadFunctions.Benchmarks;

/// <summary>The results, as Markdown.</summary>
internal sealed class FigureTable
{
    private readonly List<string[]> rows = [];

    public void Add(string what, string measured, string floor = "", string budget = "", bool? isMet = null)
    {
        rows.Add([what, measured, floor, budget, isMet switch { true => "yes", false => "NO", null => "" }]);
        Note($"{what}: {measured} (floor {floor}; budget {budget})");
    }

    /// <summary>What is worth knowing while it runs, but no figure.</summary>
    public static void Note(string text) => Console.Error.WriteLine(text);

    public void Print()
    {
        Console.WriteLine($"{RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}");
        Console.WriteLine();
        string[] head = ["what", "measured", "floor, same run", "budget", "met"];
        Console.WriteLine("| " + string.Join(" | ", head) + " |");
        Console.WriteLine("|" + string.Concat(head.Select(_ => " --- |")));
        rows.ForEach(row => Console.WriteLine("| " + string.Join(" | ", row) + " |"));
    }
}
