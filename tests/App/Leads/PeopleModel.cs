using LeadFunctions.Events;

namespace LeadFunctions.Tests.Leads;

/// <summary>
/// The rules of docs/concepts.md and of ADR 3 and 14, applied to one event after the other, with sets in memory: no rows, redirects, batches or claims.
/// </summary>
internal sealed class PeopleModel
{
    private readonly Dictionary<string, Lead> _byName = [];
    private readonly Dictionary<string, Lead> _byId = [];
    private readonly HashSet<(string, string)> _apart = [];

    /// <summary>Every lead that is not part of another: id, what it is known by, the names of its events.</summary>
    public IEnumerable<string> People => _byId.Values.Where(lead => lead.Into is null)
        .Select(lead => Show(lead.Id, lead.All.SelectMany(part => part.Names), lead.All.SelectMany(part => part.Events)));

    public static string Show(string id, IEnumerable<string> names, IEnumerable<string> events) =>
        $"{id} {string.Join(',', names.Distinct().Order(StringComparer.Ordinal))} [{string.Join(',', events.Order(StringComparer.Ordinal))}]";

    public void Apply(LeadEvent e)
    {
        var said = new List<string>();
        AddName("u:", e.UserId);
        AddName("e:", e.Type == EventType.Identify && e.Traits.ValueKind == System.Text.Json.JsonValueKind.Object && e.Traits.TryGetProperty("email", out var email) ? email.GetString() : null);
        AddName("a:", e.AnonymousId);
        if (e is { Type: EventType.Alias, MayMergeKnown: not true } && e.PreviousId != e.AnonymousId && e.PreviousId != e.UserId)
        {
            AddName("a:", e.PreviousId);
        }

        var person = said.Where(name => name[0] != 'a').ToHashSet();
        var (own, together) = (new List<string>(), new List<Lead>());
        foreach (var name in said)
        {
            var lead = Find(name);
            if (lead is null || together.Contains(lead))
            {
                own.Add(name);
            }
            else if (!AreTwo(person, Known(lead).Append(name).Where(known => known[0] != 'a').ToHashSet()) && !together.Exists(other => AreApart(other, lead)))
            {
                own.Add(name);
                together.Add(lead);
                person.UnionWith(Known(lead));
            }
        }

        string[] before = e is { Type: EventType.Alias, MayMergeKnown: true } ? [$"u:{e.PreviousId}", $"a:{e.PreviousId}"] : [];
        var meant = before.Select(Find).OfType<Lead>().Distinct().ToList();
        foreach (var lead in meant.Where(lead => !together.Exists(other => AreApart(other, lead))))
        {
            together.Add(lead);
        }

        var stays = together.Distinct().OrderByDescending(lead => Known(lead).Any()).ThenBy(lead => lead.All.Min(part => part.FirstSeen)).ThenBy(lead => lead.Id, StringComparer.Ordinal).FirstOrDefault()
            ?? New(said[0]);
        foreach (var goes in together.Distinct().Where(lead => lead != stays))
        {
            Merge(goes, stays);
        }

        foreach (var name in own.Where(name => Find(name) is null).ToList())
        {
            _byName[name] = stays;
        }

        if (before.Length > 0 && meant.Count == 0)
        {
            _byName[before[0]] = _byName[before[1]] = stays;
            own.Add(before[1]);
        }

        stays.Names.UnionWith(own.Where(name => stays.All.All(part => !part.Names.Contains(name))));
        stays.Events.Add(e.Name);
        stays.FirstSeen = stays.FirstSeen < e.At ? stays.FirstSeen : e.At;

        void AddName(string kind, string? value)
        {
            if (value is not null)
            {
                said.Add(kind + value);
            }
        }
    }

    /// <summary>Because a person says so.</summary>
    public void MergeByHand(string goes, string stays)
    {
        var (from, into) = (_byId[goes], _byId[stays]);
        _apart.RemoveWhere(pair => from.All.Any(lead => lead.Id == pair.Item1) && into.All.Any(lead => lead.Id == pair.Item2));
        _apart.RemoveWhere(pair => from.All.Any(lead => lead.Id == pair.Item2) && into.All.Any(lead => lead.Id == pair.Item1));
        Merge(from, into);
    }

    public void TakeBack(string keeper, string part)
    {
        var (from, goes) = (_byId[keeper], _byId[part]);
        from.Parts.Remove(goes);
        goes.Into = null;
        _apart.Add((keeper, part));
    }

    /// <summary>Leads that others were merged into, with these.</summary>
    public IEnumerable<(string Keeper, string Part)> Merges => _byId.Values.Where(lead => lead.Into is null).SelectMany(lead => lead.Parts.Select(part => (lead.Id, part.Id)));

    public IReadOnlyList<string> Ids => [.. _byId.Values.Where(lead => lead.Into is null).Select(lead => lead.Id).Order(StringComparer.Ordinal)];

    private static void Merge(Lead goes, Lead stays)
    {
        goes.Into = stays;
        stays.Parts.Add(goes);
    }

    private Lead New(string name)
    {
        var lead = new Lead(Identity.OfKey(name).Hash());
        _byName[name] = _byId[lead.Id] = lead;
        return lead;
    }

    private Lead? Find(string name)
    {
        var lead = _byName.GetValueOrDefault(name);
        while (lead?.Into is { } into)
        {
            lead = into;
        }

        return lead;
    }

    private static HashSet<string> Known(Lead lead) => [.. lead.All.SelectMany(part => part.Names).Where(name => name[0] != 'a')];

    /// <summary>Other user ids; or, where one of the two has none, other addresses.</summary>
    private static bool AreTwo(IReadOnlySet<string> a, IReadOnlySet<string> b)
    {
        foreach (var kind in "ue")
        {
            if (a.Any(name => name[0] == kind) && b.Any(name => name[0] == kind))
            {
                return !a.Any(name => name[0] == kind && b.Contains(name));
            }
        }

        return false;
    }

    private bool AreApart(Lead a, Lead b) => _apart.Any(pair => (Has(a, pair.Item1) && Has(b, pair.Item2)) || (Has(a, pair.Item2) && Has(b, pair.Item1)));

    private static bool Has(Lead lead, string id) => lead.All.Any(part => part.Id == id);

    private sealed class Lead(string id)
    {
        public string Id => id;

        public HashSet<string> Names { get; } = [];

        public List<string> Events { get; } = [];

        public List<Lead> Parts { get; } = [];

        public Lead? Into { get; set; }

        public DateTimeOffset FirstSeen { get; set; } = DateTimeOffset.MaxValue;

        /// <summary>It and all that was merged into it.</summary>
        public IEnumerable<Lead> All => Parts.SelectMany(part => part.All).Prepend(this);
    }
}
