namespace LeadFunctions.Publications;

/// <summary>Counts who would enter and leave, of things of one kind.</summary>
internal sealed class ShiftCount(int named)
{
    private readonly SortedDictionary<string, Counted> _byId = new(StringComparer.Ordinal);

    /// <param name="rule">That did it; null where none did.</param>
    public void Add(IEnumerable<string> before, IEnumerable<string> after, Lazy<NamedLead> lead, string? rule = null)
    {
        var (was, becomes) = (before.ToHashSet(), after.ToHashSet());
        foreach (var id in was)
        {
            var one = Of(id);
            one.Before++;
            if (!becomes.Contains(id))
            {
                one.Leave++;
                Name(one.Leaving, lead);
                one.Blame(rule);
            }
        }

        foreach (var id in becomes)
        {
            var one = Of(id);
            one.After++;
            if (!was.Contains(id))
            {
                one.Enter++;
                Name(one.Entering, lead);
                one.Blame(rule);
            }
        }
    }

    /// <summary>Those for whom something differs.</summary>
    public IReadOnlyList<Shift> Answer() => [.. _byId.Where(one => one.Value.Enter + one.Value.Leave > 0)
        .Select(one => new Shift(one.Key, one.Value.Before, one.Value.After, one.Value.Enter, one.Value.Leave, one.Value.Entering, one.Value.Leaving, one.Value.Rules))];

    private Counted Of(string id) => _byId.TryGetValue(id, out var counted) ? counted : _byId[id] = new();

    private void Name(List<NamedLead> some, Lazy<NamedLead> lead)
    {
        if (some.Count < named)
        {
            some.Add(lead.Value);
        }
    }

    private sealed class Counted
    {
        public int Before { get; set; }

        public int After { get; set; }

        public int Enter { get; set; }

        public int Leave { get; set; }

        public List<NamedLead> Entering { get; } = [];

        public List<NamedLead> Leaving { get; } = [];

        public IReadOnlyList<RuleCount>? Rules =>
            _rules.Count > 0 ? [.. _rules.OrderByDescending(rule => rule.Value).ThenBy(rule => rule.Key, StringComparer.Ordinal).Select(rule => new RuleCount(rule.Key, rule.Value))] : null;

        private readonly Dictionary<string, int> _rules = [];

        public void Blame(string? rule)
        {
            if (rule is not null)
            {
                _rules[rule] = _rules.GetValueOrDefault(rule) + 1;
            }
        }
    }
}
