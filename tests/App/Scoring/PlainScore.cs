using System.Text.Json.Nodes;

namespace LeadFunctions.Tests.Scoring;

/// <summary>An event as the plain model of the rules knows it.</summary>
/// <param name="Ms">When it happened.</param>
/// <param name="Version">Index of the document that was live when it arrived.</param>
internal sealed record PlainEvent(string Id, string Name, long Ms, int N, int Version = 0)
{
    /// <summary>What it is worth in some currency: nothing said, less than nothing, or so much.</summary>
    public decimal? Amount => N % 7 == 3 ? null : N % 11 == 4 ? -N : N * 0.3m;
}

/// <summary>
/// The rules of engagement as <c>docs/concepts.md</c> states them, told once more and plainly, over the whole raw history at once: it shares no code with the product, keeps nothing, and knows
/// no order of arrival. What the two disagree about is a fault of one of them.
/// </summary>
internal sealed class PlainScore(JsonNode[] documents, IReadOnlyList<PlainEvent> history, IReadOnlyDictionary<string, object> traits)
{
    private readonly Dictionary<string, long[]> _times = history.GroupBy(e => e.Name).ToDictionary(name => name.Key, name => name.Select(e => e.Ms).ToArray());

    /// <summary>The sum before it is clamped, as of times after all of it.</summary>
    public Func<long, double> Sum()
    {
        var earned = history
            .SelectMany(e => Rules(documents[e.Version]).Select(rule => (Event: e, Rule: rule, Id: rule["id"]!.GetValue<string>())))
            .Where(one => Holds(one.Rule["when"]!, one.Event))
            .OrderBy(one => one.Event.Ms).ThenBy(one => one.Id, StringComparer.Ordinal).ThenBy(one => one.Event.Version)
            .ThenByDescending(one => Math.Abs(PointsOf(one.Rule["points"]!, one.Event))).ThenBy(one => one.Event.N);
        var counted = new Dictionary<string, List<(long Ms, int? Key)>>();
        var purses = new Dictionary<string, Purse>();
        var total = new Purse();
        foreach (var (e, rule, id) in earned)
        {
            var before = counted.TryGetValue(id, out var list) ? list : counted[id] = [];
            if (!MayRepeat(rule["repeat"], e, before))
            {
                continue;
            }
            before.Add((e.Ms, rule["repeat"] is JsonObject { Count: 1 } ? e.N : null)); // an event that counted by a version without a key has none
            var points = PointsOf(rule["points"]!, e);
            var halfLife = rule["halfLife"] is { } text ? Length(text) : double.PositiveInfinity;
            var own = Find(purses, "rule " + id);
            var group = rule["group"] is { } name ? Find(purses, "group " + name) : null;
            if (points > 0)
            {
                var room = double.PositiveInfinity;
                if (rule["cap"] is { } cap)
                {
                    room = Math.Min(room, cap.GetValue<double>() - own.At(e.Ms));
                }
                if (group is not null)
                {
                    room = Math.Min(room, documents[e.Version]["engagement"]!["groups"]![rule["group"]!.GetValue<string>()]!["cap"]!.GetValue<double>() - group.At(e.Ms));
                }
                points = Math.Max(0, Math.Min(points, room));
            }
            own.Put(points, halfLife, e.Ms);
            group?.Put(points, halfLife, e.Ms);
            total.Put(points, halfLife, e.Ms);
        }
        return total.At;
    }

    // Counted by taking full ones away, one after the other.
    private static double PointsOf(JsonNode points, PlainEvent e)
    {
        if (points is not JsonObject by)
        {
            return points.GetValue<double>();
        }
        var (each, gives, worth) = (by["each"]?.GetValue<double>() ?? 1, by["points"]!.GetValue<double>(), 0.0);
        for (var left = e.Amount ?? 0; left >= (decimal)each; left -= (decimal)each)
        {
            worth += Math.Abs(gives);
        }
        return (gives < 0 ? -1 : 1) * Math.Min(worth, by["max"]?.GetValue<double>() ?? double.PositiveInfinity);
    }

    private static IEnumerable<JsonNode> Rules(JsonNode document) => document["engagement"]!["rules"]!.AsArray()!;

    private bool Holds(JsonNode condition, PlainEvent e)
    {
        var (kind, value) = condition.AsObject().First();
        switch (kind)
        {
            case "all":
                return value!.AsArray().All(part => Holds(part!, e));
            case "any":
                return value!.AsArray().Any(part => Holds(part!, e));
            case "not":
                return !Holds(value!, e);
            case "trait":
                return traits.TryGetValue(value!.GetValue<string>(), out var known) && known.Equals(condition["equals"]!.GetValue<double>());
            default:
                var names = value is JsonArray many ? many.Select(name => name!.GetValue<string>()).Distinct().ToArray() : [value!.GetValue<string>()];
                if (condition["within"] is null && condition["count"] is null)
                {
                    return names.Contains(e.Name) && (condition["where"]?["n"] is not { } n || Compare(n, e.N));
                }
                var from = condition["within"] is { } within ? e.Ms - Length(within) : double.NegativeInfinity;
                var count = names.Sum(name => CountIn(name, from, e.Ms));
                return condition["count"] is { } test ? Compare(test, count) : count > 0;
        }
    }

    private int CountIn(string name, double from, long to)
    {
        var count = 0;
        foreach (var ms in _times.GetValueOrDefault(name) ?? [])
        {
            count += ms >= from && ms <= to ? 1 : 0;
        }
        return count;
    }

    private static bool Compare(JsonNode test, double value)
    {
        if (test is not JsonObject)
        {
            return value == test.GetValue<double>();
        }
        var (op, to) = (test.AsObject().First().Key, test.AsObject().First().Value!.GetValue<double>());
        return op switch { "gte" => value >= to, "lte" => value <= to, "gt" => value > to, _ => value < to };
    }

    private static bool MayRepeat(JsonNode? repeat, PlainEvent e, List<(long Ms, int? Key)> before) => repeat switch
    {
        null => true,
        JsonValue => before.Count == 0,
        _ when repeat["oncePer"] is not null => before.TrueForAll(other => other.Key != e.N),
        _ => before.Count(other => other.Ms > e.Ms - Length(repeat["per"]!)) < repeat["max"]!.GetValue<int>(),
    };

    private static Purse Find(Dictionary<string, Purse> purses, string name) => purses.TryGetValue(name, out var purse) ? purse : purses[name] = new();

    private static double Length(JsonNode text)
    {
        var written = text.GetValue<string>();
        return double.Parse(written[..^1], System.Globalization.CultureInfo.InvariantCulture) * written[^1] switch { 'd' => 86_400_000, 'h' => 3_600_000, _ => 60_000 };
    }

    /// <summary>Points that decay, each with its half-life.</summary>
    private sealed class Purse
    {
        private readonly Dictionary<double, (double Points, long Ms)> _byHalfLife = [];

        public double At(long ms) => _byHalfLife.Sum(part => part.Value.Points * Math.Pow(0.5, (ms - part.Value.Ms) / part.Key));

        public void Put(double points, double halfLife, long ms)
        {
            var (had, since) = _byHalfLife.GetValueOrDefault(halfLife, (0, ms));
            _byHalfLife[halfLife] = ((had * Math.Pow(0.5, (ms - since) / halfLife)) + points, ms);
        }
    }
}
