using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using LeadFunctions.Events;

namespace LeadFunctions.Tests.Segments;

/// <summary>
/// Conditions of segments as <c>docs/concepts.md</c> states them, told once more and plainly, over all that was ever told of a lead: it shares no code with the product, keeps nothing, and knows no order of arrival.
/// What the two disagree about is a fault of one of them. Scores and interests are those of <see cref="SegmentLaws"/>' model.
/// </summary>
internal sealed class PlainSegment(string leadId, IReadOnlyList<LeadEvent> told, DateTimeOffset now, IReadOnlyDictionary<string, JsonElement> segments)
{
    private readonly List<(long Ms, LeadEvent Event)> _told = [.. told.Select(e => (Ms: e.At.ToUnixTimeMilliseconds(), e)).OrderBy(e => e.Ms)];
    private readonly long _now = now.ToUnixTimeMilliseconds();
    private readonly PlainConsent _consent = new(told);

    public bool Holds(JsonElement condition)
    {
        foreach (var member in condition.EnumerateObject())
        {
            switch (member.Name)
            {
                case "all": return member.Value.EnumerateArray().All(Holds);
                case "any": return member.Value.EnumerateArray().Any(Holds);
                case "not": return !Holds(member.Value);
                case "event": return Happened(condition);
                case "trait": return Passes(condition, Trait(member.Value.GetString()!), "trait");
                case "engagement": return Passes(member.Value, Number(Engagement()));
                case "fit": return Passes(member.Value, Number(Fit()));
                case "grade": return Passes(member.Value, Text(Fit() switch { >= 30 => "A", >= 20 => "B", >= 10 => "C", >= 5 => "D", _ => "F" }));
                case "stage": return Passes(member.Value, Text(Last(EventType.Stage, "stage")?.GetString() ?? "lead"));
                case "segment" or "list":
                    var name = member.Value.GetString()!;
                    return segments.TryGetValue(name, out var other) ? Holds(other) : Last(EventType.Segment, "member")?.GetBoolean() == true;
                case "consent": return _consent.Holds(member.Value);
                case "interest": return Interests(member.Value);
                case "rfm": return Rfm(member.Value);
                case "bucket":
                    var place = Hash($"{member.Value.GetProperty("salt").GetString()}/{leadId}") % 10_000 / 100.0;
                    return place >= member.Value.GetProperty("from").GetDouble() && place < member.Value.GetProperty("to").GetDouble();
            }
        }

        throw new ArgumentException($"Nobody knows {condition}.");
    }

    private bool Happened(JsonElement condition)
    {
        var all = Those(condition).Where(e => e.Ms <= _now).ToList();
        var lately = condition.TryGetProperty("within", out var within) ? [.. all.Where(e => e.Ms >= _now - Length(within))] : all;
        var answers = new List<bool>();
        foreach (var member in condition.EnumerateObject())
        {
            switch (member.Name)
            {
                case "count":
                    answers.Add(Passes(member.Value, Number(lately.Count)));
                    break;
                case "sum":
                    answers.Add(Passes(member.Value, Number(lately.Sum(e => Property(e.Event, member.Value.GetProperty("property").GetString()!)?.GetDouble() ?? 0)), "property"));
                    break;
                case "distinct":
                    answers.Add(Passes(member.Value, Number(lately.Select(e => Property(e.Event, member.Value.GetProperty("property").GetString()!)?.GetString()).OfType<string>().Distinct().Count()), "property"));
                    break;
                case "first" or "last":
                    var one = member.Name == "first" ? all.FirstOrDefault() : all.LastOrDefault();
                    answers.Add(Passes(member.Value, one.Event is null ? null : Text(DateTimeOffset.FromUnixTimeMilliseconds(one.Ms).ToString("O"))));
                    break;
                case "then":
                    var isAbsence = member.Value.TryGetProperty("not", out var absent);
                    var next = isAbsence ? absent : member.Value;
                    var gap = Length(next.GetProperty("within"));
                    var follows = Those(next).Where(e => e.Ms <= _now).ToList();
                    answers.Add(lately.Exists(first => follows.Exists(e => e.Ms > first.Ms && e.Ms <= first.Ms + gap) ? !isAbsence : isAbsence && _now > first.Ms + gap));
                    break;
            }
        }

        return answers.Count == 0 ? lately.Count > 0 : answers.TrueForAll(answer => answer);
    }

    /// <summary>Of these names, whose properties pass.</summary>
    private IEnumerable<(long Ms, LeadEvent Event)> Those(JsonElement condition)
    {
        var named = condition.GetProperty("event");
        string[] names = named.ValueKind == JsonValueKind.Array ? [.. named.EnumerateArray().Select(name => name.GetString()!)] : [named.GetString()!];
        return _told.Where(e => names.Contains(e.Event.Name) && (!condition.TryGetProperty("where", out var where) || where.EnumerateObject().All(test => Passes(test.Value, Property(e.Event, test.Name)))));
    }

    /// <summary>All tests of an object hold, or the value is what stands there, or one of those.</summary>
    private bool Passes(JsonElement tests, JsonElement? value, string? but = null) => tests.ValueKind switch
    {
        JsonValueKind.Object => tests.EnumerateObject().Where(test => test.Name != but && test.Name is not ("dimension" or "top" or "value" or "topic")).All(test => Passes(test.Name, test.Value, value)),
        JsonValueKind.Array => Passes("in", tests, value),
        _ => Passes("equals", tests, value),
    };

    private bool Passes(string test, JsonElement expected, JsonElement? value) => test switch
    {
        "notEquals" => !Passes("equals", expected, value),
        "notIn" => !Passes("in", expected, value),
        "exists" => value is { ValueKind: not JsonValueKind.Null } == expected.GetBoolean(),
        _ when value is null => false,
        _ when value is { ValueKind: JsonValueKind.Array } list => list.EnumerateArray().Any(item => Passes(test, expected, item)),
        "in" => expected.EnumerateArray().Any(one => Passes("equals", one, value)),
        "equals" => string.Equals(Said(expected), Said(value.Value), StringComparison.OrdinalIgnoreCase),
        "contains" => Said(value.Value).Contains(Said(expected), StringComparison.OrdinalIgnoreCase),
        "startsWith" => Said(value.Value).StartsWith(Said(expected), StringComparison.OrdinalIgnoreCase),
        "endsWith" => Said(value.Value).EndsWith(Said(expected), StringComparison.OrdinalIgnoreCase),
        "matches" => Regex.IsMatch(Said(value.Value), expected.GetString()!),
        "before" => Date(value.Value) < Date(expected),
        "after" => Date(value.Value) > Date(expected),
        "between" when expected[0].ValueKind == JsonValueKind.String => Date(value.Value) >= Date(expected[0]) && Date(value.Value) <= Date(expected[1]),
        "within" or "withinLast" => Date(value.Value) is { } date && date <= now && now - date <= TimeSpan.FromMilliseconds(Length(expected)),
        "anniversaryWithin" => Date(value.Value) is { } day && DaysTo(day) <= Length(expected) / 86_400_000.0,
        _ when value is not { ValueKind: JsonValueKind.Number } => false,
        "gt" => value.Value.GetDouble() > expected.GetDouble(),
        "gte" => value.Value.GetDouble() >= expected.GetDouble(),
        "lt" => value.Value.GetDouble() < expected.GetDouble(),
        "lte" => value.Value.GetDouble() <= expected.GetDouble(),
        "between" => value.Value.GetDouble() >= expected[0].GetDouble() && value.Value.GetDouble() <= expected[1].GetDouble(),
        _ => throw new ArgumentException($"Nobody knows {test}."),
    };

    /// <summary>What was said last; of when they were seen, what they did themselves.</summary>
    private JsonElement? Trait(string path)
    {
        if (path == "$lastSeen")
        {
            return _told.LastOrDefault(e => e.Event.LeadId is null) is { Event: not null } seen ? Text(DateTimeOffset.FromUnixTimeMilliseconds(seen.Ms).ToString("O")) : null;
        }

        return _told.LastOrDefault(e => e.Event.Type == EventType.Identify && e.Event.Traits.TryGetProperty(path, out _)) is { Event: { } last } ? last.Traits.GetProperty(path) : null;
    }

    private JsonElement? Last(EventType type, string property) => _told.LastOrDefault(e => e.Event.Type == type) is { Event: { } last } ? Property(last, property) : null;

    private double Engagement()
    {
        var points = 0.0;
        foreach (var (ms, e) in _told)
        {
            points += e.Name switch
            {
                "a" => 10 * Math.Pow(0.5, (_now - ms) / (7 * Day)),
                "b" when _told.Exists(other => other.Event.Name == "c" && other.Ms <= ms && other.Ms >= ms - (20 * Day)) => -8 * Math.Pow(0.5, (_now - ms) / (20 * Day)),
                "c" when Trait("t") is { } t && t.GetDouble() == 1 => 3,
                _ => 0,
            };
        }

        return Math.Round(Math.Clamp(points, 0, 60), 2, MidpointRounding.ToEven);
    }

    private double Fit() =>
        (Trait("past") is { } past && Passes("withinLast", Text("30d"), past) ? 25 : 0) + (Trait("born") is { } born && Passes("anniversaryWithin", Text("9d"), born) ? 8 : 0);

    /// <summary>The newest 250 looks, none more than 400 days older than the newest; each weighs half as much after nine days.</summary>
    private bool Interests(JsonElement asked)
    {
        var looks = _told.Where(e => e.Event.Name is "a" or "b" or "c").TakeLast(250).ToList();
        var weights = looks.Where(e => e.Ms >= looks[^1].Ms - (400 * Day)).GroupBy(e => Property(e.Event, "path")?.GetString() ?? "")
            .Where(path => path.Key.Length > 0)
            .Select(path => (Path: path.Key, Last: path.Max(e => e.Ms), Weight: path.Sum(e => (e.Event.Name == "c" ? 2.5 : 1) * Math.Pow(0.5, (_now - e.Ms) / (9 * Day))))).ToList();
        var of = asked.TryGetProperty("value", out var value)
            ? weights.SingleOrDefault(one => one.Path == value.GetString())
            : weights.OrderByDescending(one => Math.Round(one.Weight, 9)).ThenByDescending(one => one.Last).ThenBy(one => one.Path, StringComparer.Ordinal).FirstOrDefault();
        return (!asked.TryGetProperty("top", out var top) || (of.Path is not null && Passes(top, Text(of.Path))))
            && (!asked.TryGetProperty("weight", out var weight) || Passes(weight, Number(of.Weight)))
            && (!asked.TryGetProperty("share", out var share) || Passes(share, Number(weights.Count == 0 ? 0 : of.Weight / weights.Sum(one => one.Weight))));
    }

    /// <summary>In the fifths of <see cref="SegmentLaws.Fifths"/>, with the groups as the documentation's table has them.</summary>
    private bool Rfm(JsonElement asked)
    {
        var orders = _told.Where(e => e.Event.Name == "Order Completed" && e.Ms <= _now).ToList();
        if (orders.Count == 0)
        {
            return false;
        }

        var recency = 5 - new[] { 5, 12, 30, 60 }.Count(days => _now - orders[^1].Ms > days * Day);
        var frequency = 1 + new[] { 1, 2, 3, 4 }.Count(most => orders.Count > most);
        var monetary = 1 + new[] { 20, 40, 80, 120 }.Count(most => orders.Sum(e => Property(e.Event, "value")!.Value.GetDouble()) > most);
        var mean = (frequency + monetary + 1) / 2;
        var group = (recency, mean) switch
        {
            (5, 1) => "new",
            (5, <= 3) => "potentialLoyalist",
            (5, _) => "champions",
            (4, 1) => "promising",
            (4, <= 3) => "potentialLoyalist",
            (4 or 3, >= 4) => "loyal",
            (3, <= 2) => "aboutToSleep",
            (3, _) => "needsAttention",
            (_, 5) => "cannotLose",
            (_, 3 or 4) => "atRisk",
            (2, _) => "hibernating",
            _ => "lost",
        };
        return asked.ValueKind != JsonValueKind.Object ? Passes(asked, Text(group)) : asked.EnumerateObject().All(part => part.Name switch
        {
            "group" => Passes(part.Value, Text(group)),
            "recency" => Passes(part.Value, Number(recency)),
            "frequency" => Passes(part.Value, Number(frequency)),
            _ => Passes(part.Value, Number(monetary)),
        });
    }

    private const double Day = 86_400_000;

    private static JsonElement Number(double number) => JsonSerializer.SerializeToElement(number);

    private static JsonElement Text(string text) => JsonSerializer.SerializeToElement(text);

    private static string Said(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static JsonElement? Property(LeadEvent e, string name) => e.Properties.ValueKind == JsonValueKind.Object && e.Properties.TryGetProperty(name, out var value) ? value : null;

    private static double Length(JsonElement text) => double.Parse(text.GetString()![..^1], CultureInfo.InvariantCulture) * text.GetString()![^1] switch { 'd' => Day, 'h' => 3_600_000, _ => 60_000 };

    /// <summary>Numbers are Unix time in seconds, as far as any are drawn.</summary>
    private static DateTimeOffset? Date(JsonElement value) => value.ValueKind == JsonValueKind.Number ? DateTimeOffset.FromUnixTimeSeconds(value.GetInt64())
        : DateTimeOffset.TryParse(Said(value), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;

    /// <summary>Days from today to the next return of the day; 29 February returns on the 28th.</summary>
    private int DaysTo(DateTimeOffset day)
    {
        for (var days = 0; ; days++)
        {
            var then = now.UtcDateTime.Date.AddDays(days);
            if (then.Month == day.UtcDateTime.Month && (then.Day == day.UtcDateTime.Day || (then.AddDays(1).Month != then.Month && day.UtcDateTime.Day > then.Day)))
            {
                return days;
            }
        }
    }

    private static ulong Hash(string text)
    {
        var hash = text.Aggregate(14695981039346656037UL, (all, unit) => unchecked((all ^ unit) * 1099511628211UL)); // FNV-1a
        hash = unchecked((hash ^ (hash >> 32)) * 0xd6e8feb86659fd93UL);
        return hash ^ (hash >> 32);
    }
}
