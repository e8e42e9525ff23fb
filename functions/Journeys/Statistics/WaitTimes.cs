using System.Globalization;

namespace LeadFunctions.Journeys.Statistics;

/// <summary>
/// How long runs waited at steps, as counters: to the second while a step has few different lengths (<c>=3600</c>), from then on by buckets 2 % wide (<c>~413</c>). Waits of a set length never
/// need buckets; those for events soon do, and would else grow with every run.
/// </summary>
internal static class WaitTimes
{
    /// <summary>Different lengths of one step that one row of sums keeps to the second.</summary>
    public const int ExactLengths = 64;

    private const string Prefix = "wait|";
    private const double Width = 1.02;

    /// <summary>Where each bucket begins, in seconds; the first is for less than one. By multiplication, which is the same on every machine, where a logarithm need not be. Up to 130 years.</summary>
    private static readonly double[] Begins = [0, .. Powers(1_120)];

    public static string Exact(string step, TimeSpan length) => FormattableString.Invariant($"{Prefix}{step}|={(long)Math.Max(0, Math.Round(length.TotalSeconds))}");

    /// <summary>Sums and what is added to them, kept bounded.</summary>
    public static Counters Bounded(Counters counters)
    {
        foreach (var step in counters.All.Keys.Where(IsWait).GroupBy(StepOf).Where(step => step.Count() > ExactLengths || step.Any(IsBucket)).ToList())
        {
            Fold(counters, step);
        }

        return counters;
    }

    /// <summary>Whether two count the same, be it to the second or by buckets: which of the two depends on the order in which they were added up.</summary>
    public static bool AreSame(Counters one, Counters other) => one.IsSameAs(other) || Folded(one).IsSameAs(Folded(other));

    /// <summary>By step.</summary>
    public static IReadOnlyDictionary<string, Waited> Of(Counters counters) => counters.All.Where(pair => IsWait(pair.Key) && pair.Value > 0).GroupBy(pair => StepOf(pair.Key)).ToDictionary(step => step.Key, step => Median([.. step]));

    private static Waited Median(IReadOnlyList<KeyValuePair<string, long>> lengths)
    {
        var isExact = !lengths.Any(pair => IsBucket(pair.Key));
        var sorted = lengths.Select(pair => (Seconds: isExact ? NumberOf(pair.Key) : Middle(IsBucket(pair.Key) ? (int)NumberOf(pair.Key) : BucketOf(NumberOf(pair.Key))), Count: pair.Value)).OrderBy(pair => pair.Seconds).ToList();
        var count = sorted.Sum(pair => pair.Count);
        var (low, high) = (At((count - 1) / 2), At(count / 2));
        return new(count, Math.Round(isExact ? (low + high) / 2 : low, 1), isExact);

        double At(long rank)
        {
            foreach (var (seconds, some) in sorted)
            {
                if (rank < some)
                {
                    return seconds;
                }

                rank -= some;
            }

            return sorted[^1].Seconds;
        }
    }

    private static Counters Folded(Counters counters)
    {
        var copy = counters.Copy();
        foreach (var step in copy.All.Keys.Where(IsWait).GroupBy(StepOf).ToList())
        {
            Fold(copy, step);
        }

        return copy;
    }

    private static void Fold(Counters counters, IGrouping<string, string> step)
    {
        foreach (var name in step.Where(name => !IsBucket(name)))
        {
            var count = counters[name];
            counters.Add(name, -count).Add(FormattableString.Invariant($"{Prefix}{step.Key}|~{BucketOf(NumberOf(name))}"), count);
        }
    }

    /// <summary>The bucket in which a wait of so many seconds is counted.</summary>
    internal static int BucketOf(double seconds)
    {
        var at = Array.BinarySearch(Begins, seconds);
        return at >= 0 ? at : ~at - 1;
    }

    private static double Middle(int bucket) => bucket == 0 ? 0 : Begins[bucket] * Math.Sqrt(Width);

    private static bool IsWait(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    private static bool IsBucket(string name) => name[name.LastIndexOf('|') + 1] == '~';

    private static string StepOf(string name) => name[Prefix.Length..name.LastIndexOf('|')];

    private static double NumberOf(string name) => long.Parse(name.AsSpan(name.LastIndexOf('|') + 2), NumberStyles.None, CultureInfo.InvariantCulture);

    private static IEnumerable<double> Powers(int count)
    {
        for (var (i, begin) = (0, 1.0); i < count; i++, begin *= Width)
        {
            yield return begin;
        }
    }
}

/// <param name="Count">Waits that are over.</param>
/// <param name="Median">In seconds.</param>
/// <param name="Exact">Otherwise to 1 %.</param>
internal sealed record Waited(long Count, double Median, bool Exact);
