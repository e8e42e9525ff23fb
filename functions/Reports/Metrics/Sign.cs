namespace LeadFunctions.Reports.Metrics;

/// <summary>
/// How many more of those who were sent something reached an outcome afterwards than of those who were only sent other things. Who is sent what differs in more than that, so it is a sign, and no effect: but where even the
/// sign may be nothing, nobody should believe in one.
/// </summary>
/// <param name="Difference">Of two shares.</param>
/// <param name="Lower">Between this and <paramref name="Upper"/> it is 95 of 100 times.</param>
internal sealed record Sign(double Difference, double Lower, double Upper)
{
    private const double Deviations = 1.96;

    /// <summary>It may as well be none.</summary>
    public bool IsNone => Lower <= 0 && Upper >= 0;

    /// <summary>By value of a dimension of messages, of those that went out in the range.</summary>
    public static IReadOnlyDictionary<string, Sign> Of(Counting counting, string dimension)
    {
        var (outcome, from, to) = (counting.Query.Option(Contribution.Outcome), Periods.Moment(counting.Query.From, counting.Zone), Periods.Moment(counting.Query.To.PlusDays(1), counting.Zone));
        var (sent, all, reached) = (new Dictionary<string, Group>(), default(Group), new List<KnownFact>());
        var (first, others) = (new Dictionary<string, long>(), new Dictionary<string, Group>());
        foreach (var person in counting.People)
        {
            first.Clear();
            var (any, bounced) = (long.MaxValue, person.Facts.Where(fact => fact.Kind == FactKind.Bounce).Select(fact => fact.Subject).ToHashSet());
            foreach (var fact in person.Facts)
            {
                if (fact.Kind == FactKind.Send && fact.At >= from && fact.At < to && !bounced.Contains(fact.Subject))
                {
                    any = Math.Min(any, fact.At);
                    first.TryAdd(fact.Values[dimension] ?? ReportQuery.Unknown, fact.At);
                }
            }

            if (any == long.MaxValue)
            {
                continue;
            }

            reached.Clear();
            Contribution.Reached(person, outcome, reached);
            all = all.With(Came(any));
            foreach (var (value, at) in first)
            {
                sent[value] = sent.GetValueOrDefault(value).With(Came(at));
                others[value] = others.GetValueOrDefault(value).With(Came(any)); // what is taken off all
            }
        }

        return sent.Where(one => all.People > others[one.Key].People).ToDictionary(one => one.Key, one => Between(one.Value, new(all.People - others[one.Key].People, all.Reached - others[one.Key].Reached)));

        bool Came(long at) => reached.Exists(one => one.At > at && one.At - at <= Contribution.Window);
    }

    /// <summary>After Agresti and Caffo: as if one more of each had come, and one more had not, so that it also holds for few.</summary>
    private static Sign Between(Group one, Group other)
    {
        var (p, q) = ((one.Reached + 1.0) / (one.People + 2), (other.Reached + 1.0) / (other.People + 2));
        var half = Deviations * Math.Sqrt((p * (1 - p) / (one.People + 2)) + (q * (1 - q) / (other.People + 2)));
        return new(((double)one.Reached / one.People) - ((double)other.Reached / other.People), p - q - half, p - q + half);
    }

    private readonly record struct Group(int People, int Reached)
    {
        public Group With(bool came) => new(People + 1, Reached + (came ? 1 : 0));
    }
}
