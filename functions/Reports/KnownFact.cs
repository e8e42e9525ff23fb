namespace LeadFunctions.Reports;

/// <summary>A fact as it is counted: without what only makes it unique.</summary>
/// <param name="Subject">The send's hash, where there is one.</param>
internal readonly record struct KnownFact(FactKind Kind, long At, long ArrivedAt, int Order, ulong Subject, double Number, FactValues Values) : IComparable<KnownFact>
{
    /// <summary>In the order in which they happened; of one moment, in the order in which they were heard of.</summary>
    public int CompareTo(KnownFact other) =>
        At != other.At ? At.CompareTo(other.At) : ArrivedAt != other.ArrivedAt ? ArrivedAt.CompareTo(other.ArrivedAt) : Order.CompareTo(other.Order);
}

/// <summary>What a fact says by dimension: of the person, and of itself. Many facts say the same of either: they share it.</summary>
internal readonly record struct FactValues(ValueSet OfPerson, ValueSet Own)
{
    public static readonly FactValues None = new(ValueSet.Empty, ValueSet.Empty);

    public static FactValues Of(string dimension, string value) => Of(KeyValuePair.Create(dimension, value));

    public static FactValues Of(params KeyValuePair<string, string>[] values) => None with { Own = new(values) };

    /// <summary>Null where it says nothing.</summary>
    public string? this[string dimension] => Own[dimension] ?? OfPerson[dimension];
}

/// <summary>Values by dimension, a few; two of the same are equal.</summary>
/// <param name="values">Sorted by dimension.</param>
internal sealed class ValueSet(KeyValuePair<string, string>[] values) : IEquatable<ValueSet>
{
    public static readonly ValueSet Empty = new([]);

    /// <summary>Null where there is none.</summary>
    public string? this[string dimension]
    {
        get
        {
            foreach (var value in values)
            {
                if (value.Key == dimension)
                {
                    return value.Value;
                }
            }

            return null;
        }
    }

    public bool Equals(ValueSet? other) => other is not null && other.Values.SequenceEqual(Values);

    public override bool Equals(object? obj) => Equals(obj as ValueSet);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var value in values)
        {
            hash.Add(value.Key);
            hash.Add(value.Value);
        }

        return hash.ToHashCode();
    }

    private ReadOnlySpan<KeyValuePair<string, string>> Values => values;
}

/// <summary>A person as reports see one: all facts of all leads that have turned out to be them, in order.</summary>
/// <param name="LeadId">The lead that the others are merged into.</param>
internal readonly record struct Person(string LeadId, IReadOnlyList<KnownFact> Facts)
{
    /// <summary>How they came, as was noted when they became eligible first: <c>live</c>, also where nobody noted it, or <c>import</c>.</summary>
    public string Origin
    {
        get
        {
            foreach (var fact in Facts)
            {
                if (fact.Kind == FactKind.Eligible)
                {
                    return fact.Values[Dimensions.Origin] ?? Dimensions.Live;
                }
            }

            return Dimensions.Live;
        }
    }
}
