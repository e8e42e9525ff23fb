using System.Text.Json;
using LeadFunctions.Conditions.Documents;

namespace LeadFunctions.Journeys.Documents;

/// <summary>
/// Conditions that cannot hold, as far as their numbers and texts show: <c>gte 50</c> and <c>lt 20</c> of the same thing, two different texts for one trait.
/// Looks at what must hold together: one object's operators, and the parts of an <c>all</c>.
/// </summary>
internal static class Contradictions
{
    private static readonly string[] Ranges = ["gt", "gte", "lt", "lte", "between", "equals"];

    public static IEnumerable<DocumentError> In(JsonElement json, string path)
    {
        var found = new List<DocumentError>();
        Look(json, path, found);
        return found;
    }

    private static void Look(JsonElement json, string path, List<DocumentError> found)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        Report([(json, path)], path, found);
        foreach (var kind in new[] { "all", "any" })
        {
            if (!json.TryGetProperty(kind, out var parts) || parts.ValueKind != JsonValueKind.Array)
            {
                continue;
            }

            var items = parts.EnumerateArray().Select((part, i) => (part, DocumentPath.Item(DocumentPath.Member(path, kind), i))).ToList();
            var before = found.Count;
            items.ForEach(item => Look(item.part, item.Item2, found));
            if (kind == "all" && found.Count == before)
            {
                Report(items, path, found);
            }
        }

        if (json.TryGetProperty("not", out var not))
        {
            Look(not, DocumentPath.Member(path, "not"), found);
        }
    }

    private static void Report(IReadOnlyList<(JsonElement Json, string Path)> parts, string path, List<DocumentError> found)
    {
        foreach (var group in parts.SelectMany(part => Tests(part.Json)).GroupBy(test => test.About))
        {
            var (low, high) = (double.NegativeInfinity, double.PositiveInfinity);
            var (openLow, openHigh) = (false, false);
            var texts = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            foreach (var (_, name, operand) in group)
            {
                switch (name)
                {
                    case "equals" when operand.ValueKind == JsonValueKind.String:
                        texts.Add(operand.GetString()!); // it is text
                        break;
                    case "gt" or "gte" when operand.ValueKind == JsonValueKind.Number && operand.GetDouble() is var least && least >= low:
                        (low, openLow) = (least, name == "gt" || (openLow && least == low));
                        break;
                    case "lt" or "lte" when operand.ValueKind == JsonValueKind.Number && operand.GetDouble() is var most && most <= high:
                        (high, openHigh) = (most, name == "lt" || (openHigh && most == high));
                        break;
                    case "equals" when operand.ValueKind == JsonValueKind.Number:
                        (low, high) = (Math.Max(low, operand.GetDouble()), Math.Min(high, operand.GetDouble()));
                        break;
                }
            }

            if (low > high || (low == high && (openLow || openHigh)) || texts.Count > 1)
            {
                found.Add(new(path, $"This cannot hold: {group.Key} would have to be several things at once.", "\"any\" for one or the other"));
            }
        }
    }

    private static IEnumerable<(string About, string Name, JsonElement Operand)> Tests(JsonElement json)
    {
        if (json.TryGetProperty("trait", out var trait) && trait.ValueKind == JsonValueKind.String)
        {
            return json.EnumerateObject().Where(member => Ranges.Contains(member.Name)).Select(member => ($"the trait {trait.GetString()}", member.Name, member.Value));
        }

        foreach (var kind in new[] { "engagement", "fit", "grade", "stage" })
        {
            if (json.TryGetProperty(kind, out var operand))
            {
                return operand.ValueKind == JsonValueKind.Object
                    ? operand.EnumerateObject().Where(member => Ranges.Contains(member.Name)).Select(member => (kind, member.Name, member.Value))
                    : [(kind, "equals", operand)];
            }
        }

        return [];
    }
}
