using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Events;
using LeadFunctions.Scoring;

namespace LeadFunctions.Tests.Scoring;

/// <summary>Models and histories that nobody would write, with everything that rules can say.</summary>
internal sealed class RandomModels(int seed)
{
    private static readonly string[] Names = ["a", "b", "c", "d"];

    private readonly Random _random = new(seed);

    public Random Random => _random;

    public JsonNode Document(int rules)
    {
        while (true)
        {
            var groups = new JsonObject { ["g"] = new JsonObject { ["cap"] = _random.Next(5, 60) }, ["h"] = new JsonObject { ["cap"] = _random.Next(5, 200) } };
            var all = Enumerable.Range(0, rules).Select(i => Rule($"r{i}"));
            var json = new JsonObject { ["name"] = "m", ["engagement"] = new JsonObject { ["groups"] = groups, ["rules"] = new JsonArray([.. all]) } }.ToJsonString();
            if (ScoringModelDocument.Parse(JsonElement.Parse(json)).Errors.Count == 0)
            {
                return JsonNode.Parse(json)!; // it is written above
            }
        }
    }

    /// <param name="step">Of the clock, in ms: a coarse one makes events of the same time.</param>
    public PlainEvent[] History(int count, int days, long step, int versions = 1) =>
        [.. Enumerable.Range(0, count).Select(i => new PlainEvent($"e{i}", Name(), (Start + _random.NextInt64(days * 86_400_000L)) / step * step, _random.Next(_random.Next(2) == 0 ? 3 : 60), _random.Next(versions)))];

    public static long Start { get; } = Shop.Start.ToUnixTimeMilliseconds();

    public static LeadEvent ToEvent(PlainEvent e) => new()
    {
        Id = e.Id,
        Type = EventType.Track,
        Name = e.Name,
        At = DateTimeOffset.FromUnixTimeMilliseconds(e.Ms),
        UserId = "u1",
        Properties = e.Amount is not { } amount ? JsonSerializer.SerializeToElement(new { n = e.N })
            : e.N % 2 == 0 ? JsonSerializer.SerializeToElement(new { n = e.N, worth = amount })
            : JsonSerializer.SerializeToElement(new { n = e.N, worth = FormattableString.Invariant($"{amount}") }),
    };

    private JsonObject Rule(string id)
    {
        var rule = new JsonObject { ["id"] = id, ["points"] = _random.Next(5) == 0 ? -_random.Next(1, 9) : _random.Next(1, 20), ["when"] = When() };
        if (_random.Next(4) == 0)
        {
            // The event is asked once: of events of one millisecond that differ in more than their amounts, the plain model does not know which comes first.
            (rule["points"], rule["when"]) = (ByAmount(), _random.Next(2) == 0 ? ThisEvent() : new JsonObject { ["all"] = new JsonArray(ThisEvent(), Asked(_random.Next(1, 6))) });
        }
        if (_random.Next(3) > 0)
        {
            rule["halfLife"] = $"{_random.Next(1, 40)}d";
        }
        if (_random.Next(3) == 0)
        {
            rule["group"] = _random.Next(2) == 0 ? "g" : "h";
        }
        if (_random.Next(4) == 0)
        {
            rule["cap"] = _random.Next(1, 80);
        }
        JsonNode? repeat = _random.Next(6) switch
        {
            0 => "once",
            1 => new JsonObject { ["oncePer"] = "n" },
            2 or 3 => new JsonObject { ["max"] = _random.Next(1, 4), ["per"] = _random.Next(2) == 0 ? $"{_random.Next(1, 10)}d" : $"{_random.Next(1, 300)}m" },
            _ => null,
        };
        if (repeat is not null)
        {
            rule["repeat"] = repeat;
        }
        return rule;
    }

    // A rule is about an event; the rest of it asks whatever may be asked.
    private JsonObject When() => _random.Next(3) == 0 ? ThisEvent() : new JsonObject { ["all"] = new JsonArray(ThisEvent(), Node(2)) };

    private JsonObject ByAmount()
    {
        var points = new JsonObject { ["per"] = "worth", ["points"] = _random.Next(5) == 0 ? -_random.Next(1, 3) : _random.Next(1, 5) / 2.0, ["each"] = _random.Next(1, 40) / 10.0 };
        if (_random.Next(2) == 0)
        {
            points["max"] = _random.Next(1, 12);
        }
        return points;
    }

    private JsonObject Node(int depth) => Asked(_random.Next(depth > 0 ? 9 : 6), depth);

    private JsonObject Asked(int what, int depth = 0) => what switch
    {
        0 => ThisEvent(),
        1 => new JsonObject { ["trait"] = _random.Next(2) == 0 ? "x" : "y", ["equals"] = _random.Next(2) },
        2 => new JsonObject { ["event"] = Name(), ["within"] = Window() },
        3 => new JsonObject { ["event"] = new JsonArray(Name(), Name()), ["within"] = Window(), ["count"] = Test(8) },
        4 => new JsonObject { ["event"] = Name(), ["count"] = Test(200) },
        5 => new JsonObject { ["event"] = Name(), ["within"] = Window(), ["count"] = _random.Next(1, 4) },
        6 => new JsonObject { ["not"] = Node(depth - 1) },
        7 => new JsonObject { ["all"] = new JsonArray(Node(depth - 1), Node(depth - 1)) },
        _ => new JsonObject { ["any"] = new JsonArray(Node(depth - 1), Node(depth - 1)) },
    };

    private JsonObject ThisEvent()
    {
        var asked = new JsonObject { ["event"] = _random.Next(3) == 0 ? new JsonArray(Name(), Name()) : Name() };
        if (_random.Next(3) == 0)
        {
            asked["where"] = new JsonObject { ["n"] = Test(4) };
        }
        return asked;
    }

    private JsonObject Test(int below) => new() { [_random.Next(4) switch { 0 => "gte", 1 => "lte", 2 => "gt", _ => "lt" }] = _random.Next(1, below) };

    private string Window() => _random.Next(3) switch { 0 => $"{_random.Next(1, 90)}m", 1 => $"{_random.Next(1, 72)}h", _ => $"{_random.Next(1, 60)}d" };

    private string Name() => Names[Math.Min(_random.Next(4), _random.Next(4))];
}
