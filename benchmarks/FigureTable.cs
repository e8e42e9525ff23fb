using System.Runtime.InteropServices;

namespace LeadFunctions.Benchmarks;

/// <summary>The results, as Markdown.</summary>
internal sealed class FigureTable
{
    private readonly List<string[]> _rows = [];

    public void Add(string what, string measured, string floor, string budget, bool? isMet)
    {
        _rows.Add([what, measured, floor, budget, isMet switch { true => "yes", false => "NO", null => "" }]);
        Console.Error.WriteLine($"{what}: {measured} (floor {floor}; budget {budget})");
    }

    public void Print()
    {
        Console.WriteLine($"{RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}");
        Console.WriteLine();
        string[] head = ["what", "measured", "floor, same run", "budget", "met"];
        Console.WriteLine("| " + string.Join(" | ", head) + " |");
        Console.WriteLine("|" + string.Concat(head.Select(_ => " --- |")));
        _rows.ForEach(row => Console.WriteLine("| " + string.Join(" | ", row) + " |"));
    }
}
