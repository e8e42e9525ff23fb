using System.Text.Json;

namespace LeadFunctions.Events.Seen;

/// <summary>Counts names: those of the events that it is given, and those counted elsewhere. Bounded, whatever a client sends.</summary>
internal sealed class SeenTally
{
    public const int MostEvents = 200;
    public const int MostProperties = 50;
    public const int MostTraits = 200;

    /// <summary>Of objects in objects: <c>a.b.c</c>.</summary>
    private const int Depth = 3;

    /// <summary>What nobody has sent for so long makes room first.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromDays(30);

    private readonly Dictionary<string, Counted> _events = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _traits = new(StringComparer.Ordinal);
    private bool _isFull;

    /// <summary>Events that were given to it.</summary>
    public int Seen { get; private set; }

    /// <returns>Whether it has a name that it had not, and has room for it: of names without end not each is news.</returns>
    public bool Add(LeadEvent e, DateTimeOffset now)
    {
        if (e.Type is not (EventType.Track or EventType.Page or EventType.Screen or EventType.Identify or EventType.Group) || !NameShape.IsName(e.Name))
        {
            return false;
        }

        Seen++;
        var isNew = false;
        if (!_events.TryGetValue(e.Name, out var counted))
        {
            if (_events.Count >= 2 * MostEvents)
            {
                _isFull = true;
                return false;
            }

            counted = _events[e.Name] = new(e.Type);
            isNew = _events.Count <= MostEvents;
        }

        (counted.Count, counted.LastSeen) = (counted.Count + 1, now);
        return Walk(e.Properties, "", Depth, counted.Properties, MostProperties)
            | (e.Type == EventType.Identify && Walk(e.Traits, "", Depth, _traits, MostTraits))
            | isNew;
    }

    /// <summary>Adds what was counted elsewhere, or before.</summary>
    public void Add(SeenNames other)
    {
        _isFull |= other.Full;
        foreach (var one in other.Events)
        {
            var counted = _events.TryGetValue(one.Name, out var known) ? known : _events[one.Name] = new(one.Type);
            (counted.Count, counted.LastSeen) = (counted.Count + one.Count, one.LastSeen > counted.LastSeen ? one.LastSeen : counted.LastSeen);
            Sum(counted.Properties, one.Properties);
        }

        Sum(_traits, other.Traits);
    }

    /// <summary>As if what was given to the other one had been given to this one.</summary>
    public void Join(SeenTally other)
    {
        Add(other.Answer(null));
        Seen += other.Seen;
    }

    /// <summary>What is kept of it: of the names seen lately the most frequent, of the others what there is room for.</summary>
    public SeenNames Answer(DateTimeOffset? asOf)
    {
        var newest = _events.Values.Select(counted => counted.LastSeen).DefaultIfEmpty().Max();
        return new(
            asOf,
            [
                .. _events.OrderBy(one => newest - one.Value.LastSeen > Stale).ThenByDescending(one => one.Value.Count).ThenByDescending(one => one.Value.LastSeen).ThenBy(one => one.Key, StringComparer.Ordinal).Take(MostEvents)
                    .Select(one => new SeenEvent(one.Key, one.Value.Type, one.Value.Count, one.Value.LastSeen, Most(one.Value.Properties, MostProperties))),
            ],
            Most(_traits, MostTraits),
            _isFull || _events.Count > MostEvents);
    }

    private static IReadOnlyList<SeenName> Most(Dictionary<string, long> names, int most) =>
        [.. names.OrderByDescending(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal).Take(most).Select(one => new SeenName(one.Key, one.Value))];

    private static void Sum(Dictionary<string, long> names, IReadOnlyList<SeenName> others)
    {
        foreach (var (name, count) in others)
        {
            names[name] = names.GetValueOrDefault(name) + count;
        }
    }

    /// <summary>Members of members by their paths, as conditions name them. Lists are not walked into: conditions do not either.</summary>
    private bool Walk(JsonElement json, string path, int depth, Dictionary<string, long> names, int most)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        var isNews = false;
        foreach (var member in json.EnumerateObject())
        {
            var name = path + member.Name;
            if (!NameShape.IsName(name))
            {
                continue;
            }

            if (member.Value.ValueKind == JsonValueKind.Object && depth > 1)
            {
                isNews |= Walk(member.Value, $"{name}.", depth - 1, names, most);
            }
            else if (names.TryGetValue(name, out var count))
            {
                names[name] = count + 1;
            }
            else if (names.Count < 2 * most)
            {
                names[name] = 1;
                isNews |= names.Count <= most;
            }
        }

        return isNews;
    }

    private sealed class Counted(EventType type)
    {
        public EventType Type => type;

        public long Count { get; set; }

        public DateTimeOffset LastSeen { get; set; }

        public Dictionary<string, long> Properties { get; } = new(StringComparer.Ordinal);
    }
}
