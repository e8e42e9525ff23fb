namespace LeadFunctions.Scoring;

/// <summary>What folded entries have in common.</summary>
/// <param name="IsKeyed">Each has a key of its own (<c>oncePer</c>).</param>
/// <param name="IsSpent">Their points stand in a carried entry; they are remembered for what repeats ask.</param>
/// <param name="IsMeasured">Each has an amount of its own.</param>
internal readonly record struct FoldedKind(string Model, string Rule, ulong Mask, bool IsKeyed = false, bool IsSpent = false, bool IsMeasured = false) : IComparable<FoldedKind>
{
    /// <summary>As entries of one time are ordered.</summary>
    public int CompareTo(FoldedKind other)
    {
        var order = string.CompareOrdinal(Rule, other.Rule);
        order = order != 0 ? order : string.CompareOrdinal(Model, other.Model);
        order = order != 0 ? order : Mask.CompareTo(other.Mask);
        order = order != 0 ? order : IsKeyed.CompareTo(other.IsKeyed);
        order = order != 0 ? order : IsSpent.CompareTo(other.IsSpent);
        return order != 0 ? order : IsMeasured.CompareTo(other.IsMeasured);
    }
}

/// <summary>Folded entries of one kind, with the last event among them, for the explanation.</summary>
/// <param name="LastAt">Unix ms.</param>
internal sealed record FoldedColumn(FoldedKind Kind, long LastAt, string LastId, string LastName);

/// <summary>An entry of which nothing is kept but what is needed to judge it anew.</summary>
/// <param name="At">Unix ms.</param>
/// <param name="Column">Its place in <see cref="FoldedEntries.Columns"/>.</param>
/// <param name="Key">A hash of the key; 0 when its kind has none.</param>
/// <param name="Units">As of <see cref="LedgerEntry.Units"/>; 0 when its kind is not measured.</param>
internal readonly record struct FoldedEntry(long At, int Column, ulong Key, long Units = 0);

/// <summary>
/// The older entries of a long ledger: when, by which rule, with which key, in the ledger's order; nothing is lost that an event which arrives late needs to be judged right, and to judge
/// right those after it. Three to six bytes each in storage. Immutable.
/// </summary>
internal sealed class FoldedEntries
{
    public static readonly FoldedEntries None = new([], []);

    private readonly FoldedColumn[] _columns;
    private readonly FoldedEntry[] _entries;

    private FoldedEntries(FoldedColumn[] columns, FoldedEntry[] entries)
    {
        (_columns, _entries) = (columns, entries);
        Weight = entries.Sum(WeightOf);
    }

    public int Count => _entries.Length;

    public IReadOnlyList<FoldedColumn> Columns => _columns;

    public ReadOnlySpan<FoldedEntry> Span => _entries;

    /// <summary>About how many bytes they take in storage.</summary>
    public int Weight { get; }

    public static int WeightOf(FoldedEntry entry) => (entry.Key == 0 ? 4 : 12) + (entry.Units == 0 ? 0 : 2);

    /// <summary>Of the entries in a column, up to a time.</summary>
    public IEnumerable<DateTimeOffset> TimesOf(FoldedColumn column, DateTimeOffset until)
    {
        var place = Array.IndexOf(_columns, column);
        return _entries.Where(entry => entry.Column == place).Select(entry => DateTimeOffset.FromUnixTimeMilliseconds(entry.At)).TakeWhile(at => at <= until);
    }

    /// <param name="entries">Columns in any order; columns without entries are left out.</param>
    public static FoldedEntries Of(IReadOnlyList<FoldedColumn> columns, IEnumerable<FoldedEntry> entries)
    {
        var some = entries.ToArray();
        var isUsed = new bool[columns.Count];
        foreach (var entry in some)
        {
            isUsed[entry.Column] = true;
        }
        var used = Enumerable.Range(0, columns.Count).Where(column => isUsed[column]).OrderBy(column => columns[column].Kind).ToArray();
        var places = new int[columns.Count];
        for (var i = 0; i < used.Length; i++)
        {
            places[used[i]] = i;
        }
        var isSorted = true;
        for (var i = 0; i < some.Length; i++)
        {
            some[i] = some[i] with { Column = places[some[i].Column] };
            isSorted &= i == 0 || Compare(some[i - 1], some[i]) <= 0;
        }
        if (!isSorted)
        {
            Array.Sort(some, Compare);
        }
        return new([.. used.Select(column => columns[column])], some);
    }

    /// <summary>Of single entries of the ledger, in its order.</summary>
    /// <param name="keepsEarliest">Kinds of which one with the same key as an earlier one can never count.</param>
    public static FoldedEntries Of(IEnumerable<LedgerEntry> entries, Predicate<LedgerEntry> isKeyed, Predicate<FoldedKind> keepsEarliest)
    {
        var columns = new List<FoldedColumn>();
        var places = new Dictionary<FoldedKind, int>();
        var folded = new List<FoldedEntry>();
        foreach (var entry in entries)
        {
            var column = new FoldedColumn(entry.Kind with { IsKeyed = isKeyed(entry), IsMeasured = entry.Units is not null }, entry.At.ToUnixTimeMilliseconds(), entry.EventId, entry.EventName);
            if (places.TryAdd(column.Kind, columns.Count))
            {
                columns.Add(column);
            }
            var place = places[column.Kind];
            columns[place] = Shown(columns[place], column, keepsEarliest);
            folded.Add(new(column.LastAt, place, column.Kind.IsKeyed ? entry.KeyHash : 0, entry.Units ?? 0));
        }
        return Of(columns, folded).WithoutLater(keepsEarliest);
    }

    /// <summary>The entries of both, which must be of different events.</summary>
    public static FoldedEntries Join(FoldedEntries a, FoldedEntries b) => Join(a, b, _ => false);

    public static FoldedEntries Join(FoldedEntries a, FoldedEntries b, Predicate<FoldedKind> keepsEarliest)
    {
        if (a.Count == 0 || b.Count == 0)
        {
            return a.Count == 0 ? b : a;
        }
        var columns = a._columns.Concat(b._columns).GroupBy(column => column.Kind).OrderBy(same => same.Key).Select(same => same.Aggregate((one, other) => Shown(one, other, keepsEarliest))).ToArray();
        var (ofA, ofB) = (a.PlacesIn(columns), b.PlacesIn(columns));
        var entries = new FoldedEntry[a.Count + b.Count];
        for (int i = 0, j = 0; i + j < entries.Length;)
        {
            var mine = i < a.Count ? a._entries[i] with { Column = ofA[a._entries[i].Column] } : default;
            var theirs = j < b.Count ? b._entries[j] with { Column = ofB[b._entries[j].Column] } : default;
            var isMine = j == b.Count || (i < a.Count && Compare(mine, theirs) <= 0);
            entries[i + j] = isMine ? mine : theirs;
            (i, j) = isMine ? (i + 1, j) : (i, j + 1);
        }
        return new FoldedEntries(columns, entries).WithoutLater(keepsEarliest);
    }

    private FoldedEntries WithoutLater(Predicate<FoldedKind> of)
    {
        var keepsEarliest = Array.ConvertAll(_columns, column => of(column.Kind));
        if (!keepsEarliest.Contains(true))
        {
            return this;
        }
        var seen = new HashSet<(int, ulong)>();
        var kept = Array.FindAll(_entries, entry => !keepsEarliest[entry.Column] || seen.Add((entry.Column, entry.Key)));
        return kept.Length == Count ? this : new(_columns, kept);
    }

    private static int Compare(FoldedEntry a, FoldedEntry b)
    {
        var order = a.At.CompareTo(b.At);
        order = order != 0 ? order : a.Column.CompareTo(b.Column);
        order = order != 0 ? order : b.Units.CompareTo(a.Units);
        return order != 0 ? order : a.Key.CompareTo(b.Key);
    }

    private int[] PlacesIn(FoldedColumn[] columns)
    {
        var kinds = Array.ConvertAll(columns, column => column.Kind);
        return Array.ConvertAll(_columns, column => Array.BinarySearch(kinds, column.Kind));
    }

    // Where but one is left, it is the earliest.
    private static FoldedColumn Shown(FoldedColumn a, FoldedColumn b, Predicate<FoldedKind> keepsEarliest)
    {
        var order = a.LastAt != b.LastAt ? a.LastAt.CompareTo(b.LastAt) : string.CompareOrdinal(a.LastId, b.LastId);
        return order < 0 == (keepsEarliest(a.Kind) && !a.Kind.IsKeyed) ? a : b;
    }
}
