using System.Text.Json;
using LeadFunctions.Conditions.Documents;

namespace LeadFunctions.Forms;

/// <summary>Which files a field takes.</summary>
internal static partial class FormParser
{
    private static readonly string KindsExpected = $"a list of {string.Join(", ", FileKind.All.Select(kind => kind.Name))}";

    private static FileRule Files(DocumentObject field)
    {
        var kinds = new List<FileKind>();
        foreach (var (json, path) in field.Items("accept", KindsExpected, FileKind.All.Count))
        {
            if (json.ValueKind == JsonValueKind.String && FileKind.All.FirstOrDefault(kind => kind.Name == json.GetString()) is { } kind)
            {
                kinds.Add(kind);
            }
            else
            {
                field.Add(path, $"{DocumentObject.Shown(json)} is no kind of file that forms take.", $"one of {string.Join(", ", FileKind.All.Select(known => known.Name))}");
            }
        }

        if (kinds.Count == 0 && field.Has("accept") && field.Members["accept"] is { ValueKind: JsonValueKind.Array } none && none.GetArrayLength() == 0)
        {
            field.Add(field.At("accept"), "No file could be sent.", KindsExpected);
        }

        var most = Whole(field, "maxKilobytes", 1, FileRule.MostKilobytes) ?? FileRule.UsualKilobytes;
        return new(field.Has("accept") ? kinds : [.. FileKind.All.Where(kind => FileRule.Usual.Contains(kind.Name))], most * 1024);
    }
}
