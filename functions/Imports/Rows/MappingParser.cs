using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Facts;
using LeadFunctions.Ingest.Reading;
using LeadFunctions.Segments;

namespace LeadFunctions.Imports.Rows;

/// <summary>Reads a mapping as a marketer wrote it. All mistakes are told at once.</summary>
internal static class MappingParser
{
    public const int MostColumns = 500;

    private const int MostLists = 20;
    private const int NameLimit = 200;

    private static readonly IReadOnlyList<string> Fields = ["columns", "event", "lists"];

    private static readonly IReadOnlyList<string> Typed = ["name", "type", "decimal", "format", "zone"];

    private static readonly IReadOnlyDictionary<string, (ColumnRole Role, IReadOnlyList<string> Fields)> Roles = new Dictionary<string, (ColumnRole, IReadOnlyList<string>)>
    {
        ["ignore"] = (ColumnRole.Ignore, []),
        ["userId"] = (ColumnRole.UserId, []),
        ["email"] = (ColumnRole.Email, []),
        ["trait"] = (ColumnRole.Trait, Typed),
        ["list"] = (ColumnRole.List, ["name"]),
        ["consent"] = (ColumnRole.Consent, ["topic", "channel", "refusal"]),
        ["event"] = (ColumnRole.Event, []),
        ["timestamp"] = (ColumnRole.Timestamp, ["format", "zone"]),
        ["property"] = (ColumnRole.Property, Typed),
    };

    /// <param name="header">The columns of the file; null while there is none.</param>
    public static (ImportMapping? Mapping, IReadOnlyList<DocumentError> Errors) Parse(JsonElement json, IReadOnlyList<string>? header = null) =>
        DocumentText.Read(json, unicode => ParseUnicode(unicode, header), error => (null, [error]));

    private static (ImportMapping? Mapping, IReadOnlyList<DocumentError> Errors) ParseUnicode(JsonElement json, IReadOnlyList<string>? header)
    {
        var errors = new List<DocumentError>();
        var root = new DocumentObject(json, "$", errors, Fields);
        var columns = new List<MappedColumn>();
        foreach (var (item, path) in root.Items("columns", "a list of columns", MostColumns, required: true))
        {
            if (Column(item, path, header, errors) is { } column)
            {
                if (columns.Find(column.SaysTheSameAs) is { } same)
                {
                    errors.Add(new(path, $"The column \"{same.Column}\" says this already.", "one column for each"));
                }

                columns.Add(column);
            }
        }

        var name = root.Text("event", IngestLimits.Text)?.Trim();
        if (name is not null && ReservedNames.Include(name))
        {
            root.Add("$.event", $"\"{name}\" is what the product calls an event of its own.", "another name");
        }

        var lists = new List<string>();
        foreach (var (item, path) in root.Items("lists", "names of lists", MostLists))
        {
            if (item.ValueKind == JsonValueKind.String && item.GetString() is { Length: > 0 and <= SegmentMembership.NameLimit } list)
            {
                lists.Add(list);
            }
            else
            {
                root.Add(path, $"This is {DocumentObject.Shown(item)}.", $"a list's name of 1 to {SegmentMembership.NameLimit} characters");
            }
        }

        var mapping = new ImportMapping(columns, name, lists);
        CheckWhole(mapping, root);
        return (errors.Count > 0 ? null : mapping, errors);
    }

    private static MappedColumn? Column(JsonElement json, string path, IReadOnlyList<string>? header, List<DocumentError> errors)
    {
        var role = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("as", out var text) && text.ValueKind == JsonValueKind.String && Roles.TryGetValue(text.GetString()!, out var known) ? known : default; // it is text
        var column = new DocumentObject(json, path, errors, role.Fields is null ? null : ["column", "as", .. role.Fields]);
        if (role.Fields is null)
        {
            if (column.IsObject)
            {
                column.Add(column.At("as"), column.Members.TryGetValue("as", out var other) ? $"This is {DocumentObject.Shown(other)}." : "\"as\" is missing.", "one of " + string.Join(", ", Roles.Keys));
            }

            return null;
        }

        var from = column.Text("column", NameLimit * 5, required: true);
        if (from is not null && header is not null && !header.Contains(from))
        {
            column.Add(column.At("column"), $"The header has no \"{from}\".", DocumentPath.Suggest(from, header));
        }

        var name = role.Role switch
        {
            ColumnRole.Trait or ColumnRole.Property => column.Text("name", TraitMap.PathLimit, required: true),
            ColumnRole.List => column.Text("name", SegmentMembership.NameLimit),
            ColumnRole.Consent => column.Text("topic", NameLimit, required: true),
            _ => "",
        };
        if (role.Role == ColumnRole.Trait && name is not null && (name[0] == '$' || name.Split('.').Any(part => part.Length == 0)))
        {
            column.Add(column.At("name"), $"\"{name}\" cannot be a trait.", "a name such as plan or company.employees, without $ before it");
        }

        var format = Format(column, role.Role);
        var refusal = column.Find("refusal", "true or false")?.ValueKind;
        if (refusal is not (null or JsonValueKind.True or JsonValueKind.False))
        {
            column.Add(column.At("refusal"), $"This is {DocumentObject.Shown(column.Members["refusal"])}.", "true or false");
        }

        return from is null ? null : new(from, role.Role, name ?? "", format, column.Text("channel", NameLimit), refusal == JsonValueKind.True);
    }

    private static CellFormat Format(DocumentObject column, ColumnRole role)
    {
        var type = role == ColumnRole.Timestamp ? CellType.Date : CellType.Text;
        if (column.Text("type", NameLimit) is { } text && !(Enum.TryParse(text, ignoreCase: true, out type) && Enum.IsDefined(type) && !char.IsAsciiDigit(text[0])))
        {
            column.Add(column.At("type"), $"\"{text}\" is no type.", "text, number, boolean or date");
        }

        var mark = column.Text("decimal", 1) ?? ".";
        if (mark is not ("." or ","))
        {
            column.Add(column.At("decimal"), $"\"{mark}\" cannot stand before a fraction.", "\".\" or \",\"");
        }

        var pattern = column.Text("format", 60);
        if (pattern is not null && (type != CellType.Date || !Cells.IsPattern(pattern)))
        {
            column.Add(column.At("format"), type == CellType.Date ? $"\"{pattern}\" is no format of dates." : "Only dates have a format.", "such as dd.MM.yyyy or MM/dd/yyyy HH:mm, with \"type\": \"date\"");
        }

        var zone = column.Text("zone", NameLimit);
        var found = TimeZones.Find(zone);
        if (zone is not null && (found is null || pattern is null))
        {
            column.Add(column.At("zone"), found is null ? $"\"{zone}\" is no time zone." : "A zone is for dates with a format: others say their own, or are UTC.", "such as Europe/Berlin, beside a format");
        }

        return new(type, mark[0], pattern, found);
    }

    private static void CheckWhole(ImportMapping mapping, DocumentObject root)
    {
        if (root.Errors.Count > 0)
        {
            return; // what was not understood may be what seems to be missing
        }

        if (mapping.Find(ColumnRole.Email) is null && mapping.Find(ColumnRole.UserId) is null)
        {
            root.Add("$.columns", "No column says who the person is.", "a column as email or userId");
        }

        if (mapping.Event is not null && mapping.Find(ColumnRole.Event) is not null)
        {
            root.Add("$.event", "A column names the event already.", "one of the two");
        }

        if (!mapping.HasEvents && mapping.Find(ColumnRole.Property) is { } property)
        {
            root.Add("$.columns", $"\"{property.Column}\" is to be a property, but there is no event.", "\"event\": \"its name\", or a column as event");
        }
    }
}
