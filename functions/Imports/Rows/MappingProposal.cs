using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Ingest.Reading;

namespace LeadFunctions.Imports.Rows;

/// <summary>What the columns of a file probably mean, by their names and first cells: a mapping to be looked at by whoever knows the file.</summary>
internal static class MappingProposal
{
    // A date that only one of them can read is of that kind; others are text until somebody says.
    private static readonly string[] Patterns = ["dd.MM.yyyy", "d.M.yyyy", "dd/MM/yyyy", "MM/dd/yyyy", "d/M/yyyy", "M/d/yyyy", "dd.MM.yyyy HH:mm", "dd/MM/yyyy HH:mm", "MM/dd/yyyy HH:mm", "M/d/yyyy h:mm tt", "dd-MM-yyyy", "MM-dd-yyyy"];

    /// <param name="rows">The first of them.</param>
    public static JsonElement Of(IReadOnlyList<string> header, IReadOnlyList<CsvRow> rows)
    {
        var columns = new JsonArray();
        var taken = new List<MappedColumn>();
        foreach (var (name, place) in header.Select((name, place) => (name, place)).Take(MappingParser.MostColumns))
        {
            string[] cells = [.. rows.Where(row => place < row.Cells.Length).Select(row => CellGuard.Unguard(row.Cells[place].Trim())).Where(cell => cell.Length > 0)];
            var column = Fitting(KnownHeaders.Find(name) ?? Named(name), cells);
            column = taken.Exists(column.SaysTheSameAs) ? column with { Role = ColumnRole.Ignore } : column;
            taken.Add(column);
            columns.Add((JsonNode)Json(column));
        }

        return JsonSerializer.SerializeToElement(new JsonObject { ["columns"] = columns });
    }

    /// <summary>By what its name says of consent; else a trait of that name.</summary>
    private static MappedColumn Named(string header)
    {
        // As exports of the product name them.
        if (header.Split('.') is ["consent", var topic, ..] and var answers && topic.Length > 0)
        {
            return new(header, ColumnRole.Consent, topic, CellFormat.Text, answers.Length > 2 ? string.Join('.', answers.Skip(2)) : null);
        }

        if (header.Contains('.', StringComparison.Ordinal) && header.Split('.').All(part => part.Length > 0 && part.All(c => char.IsLetterOrDigit(c) || c == '_')))
        {
            return new(header, ColumnRole.Trait, header, CellFormat.Text);
        }

        if (ConsentNames.TrySplit(header, out var about, out var answer) && answer.Length > 0 && Consent.IsAnswer(answer, out var isRefusal))
        {
            var dot = about.IndexOf('.', StringComparison.Ordinal);
            return new(header, ColumnRole.Consent, (dot < 0 ? about : about[..dot]).ToLowerInvariant(), CellFormat.Text, dot < 0 ? null : about[(dot + 1)..].ToLowerInvariant(), isRefusal);
        }

        var words = header.Split([' ', '_', '-', '/', '(', ')', ':', '#', '&', ',', ';', '?', '!', '"', '\'', '$', '.'], StringSplitOptions.RemoveEmptyEntries);
        var trait = string.Concat(words.Select((word, i) => i == 0 ? char.ToLowerInvariant(word[0]) + word[1..] : char.ToUpperInvariant(word[0]) + word[1..]));
        return trait.Length is > 0 and <= 100 ? new(header, ColumnRole.Trait, trait, CellFormat.Text) : new(header, ColumnRole.Ignore, "", CellFormat.Text);
    }

    /// <summary>With a format that its cells have.</summary>
    private static MappedColumn Fitting(MappedColumn column, string[] cells)
    {
        if (column.Role != ColumnRole.Trait || cells.Length == 0)
        {
            return column;
        }

        var known = KnownHeaders.Find(column.Column);
        if (column.Format.Type == CellType.Date || known is null)
        {
            string[] patterns = [.. Patterns.Where(pattern => Array.TrueForAll(cells, cell => Cells.TryDate(cell, new(CellType.Date, Pattern: pattern), out _)))];
            if (Array.TrueForAll(cells, cell => DateText.TryRead(cell, out _)))
            {
                return column with { Format = new(CellType.Date) };
            }

            if (patterns.Select(pattern => pattern.Replace("dd", "d", StringComparison.Ordinal).Replace("MM", "M", StringComparison.Ordinal)).Distinct().Count() == 1)
            {
                return column with { Format = new(CellType.Date, Pattern: patterns[^1]) };
            }
        }

        if (column.Format.Type == CellType.Number || known is null)
        {
            foreach (var mark in (char[])['.', ','])
            {
                // A number that begins with zero is a code: 01067 is a town.
                if (Array.TrueForAll(cells, cell => Cells.TryNumber(cell, mark, out _) && !(cell.Length > 1 && cell[0] == '0' && char.IsAsciiDigit(cell[1])) && cell[0] != '+'))
                {
                    return column with { Format = new(CellType.Number, mark) };
                }
            }
        }

        // What does not fit what the name promises is taken as it stands.
        return column with { Format = CellFormat.Text };
    }

    private static JsonObject Json(MappedColumn column)
    {
        var json = new JsonObject { ["column"] = column.Column, ["as"] = JsonNamingPolicy.CamelCase.ConvertName(column.Role.ToString()) };
        switch (column.Role)
        {
            case ColumnRole.Trait:
                json["name"] = column.Name;
                AddFormat(json, column.Format);
                break;
            case ColumnRole.Consent:
                json["topic"] = column.Name;
                Set(json, "channel", column.Channel);
                Set(json, "refusal", column.IsRefusal ? true : null);
                break;
        }

        return json;
    }

    private static void AddFormat(JsonObject json, CellFormat format)
    {
        Set(json, "type", format.Type == CellType.Text ? null : JsonNamingPolicy.CamelCase.ConvertName(format.Type.ToString()));
        Set(json, "decimal", format is { Type: CellType.Number, Decimal: ',' } ? "," : null);
        Set(json, "format", format.Pattern);
    }

    private static void Set(JsonObject json, string name, JsonNode? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }
}
