namespace LeadFunctions.Reports;

/// <summary>A fact as it is counted: without what only makes it unique.</summary>
/// <param name="Subject">The send's hash, where there is one.</param>
internal readonly record struct KnownFact(FactKind Kind, long At, long ArrivedAt, int Order, ulong Subject, double Number, FactValues Values) : IComparable<KnownFact>
{
    /// <summary>In the order in which they happened; of one moment, in the order in which they were heard of.</summary>
    public int CompareTo(KnownFact other) =>
        At != other.At ? At.CompareTo(other.At) : ArrivedAt != other.ArrivedAt ? ArrivedAt.CompareTo(other.ArrivedAt) : Order.CompareTo(other.Order);
}

/// <summary>What a fact says by dimension. Many facts say the same: they share one.</summary>
internal sealed class FactValues(IReadOnlyList<KeyValuePair<string, string>> values)
{
    public static readonly FactValues None = new([]);

    /// <summary>Null where it says nothing.</summary>
    public string? this[string dimension]
    {
        get
        {
            for (var i = 0; i < values.Count; i++)
            {
                if (values[i].Key == dimension)
                {
                    return values[i].Value;
                }
            }

            return null;
        }
    }
}

/// <summary>A person as reports see one: all facts of all leads that have turned out to be them, in order.</summary>
/// <param name="LeadId">The lead that the others are merged into.</param>
internal readonly record struct Person(string LeadId, IReadOnlyList<KnownFact> Facts);
