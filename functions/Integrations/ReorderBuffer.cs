namespace LeadFunctions.Integrations;

/// <summary>
/// What is told of a lead goes out in the order of its numbers, though the messages that bring it arrive in any order, and more than once. Pure: where the numbers wait is the caller's business.
/// </summary>
internal static class ReorderBuffer
{
    /// <summary>The numbers that can go out now: those that follow each other from the next one on, and before them what comes after its turn, which is late but not lost.</summary>
    /// <param name="next">The lowest that has not gone out.</param>
    /// <param name="waiting">Sorted.</param>
    public static IReadOnlyList<long> Ready(long next, IEnumerable<long> waiting)
    {
        var ready = new List<long>();
        foreach (var number in waiting)
        {
            if (number > next)
            {
                break;
            }

            ready.Add(number);
            next = Math.Max(next, number + 1);
        }

        return ready;
    }

    /// <summary>The lowest that has not gone out, when these have.</summary>
    public static long After(long next, IReadOnlyList<long> gone) => gone.Count > 0 ? Math.Max(next, gone[^1] + 1) : next;
}
