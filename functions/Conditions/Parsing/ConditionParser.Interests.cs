using System.Text.Json;
using LeadFunctions.Conditions.Documents;

namespace LeadFunctions.Conditions.Parsing;

/// <summary>
/// What a lead looks at: <c>{"interest":{"dimension":"category","top":"shoes"}}</c> (or a list: one of them), and of that, or of one <c>"value"</c>, <c>"weight":{"gte":3}</c> and
/// <c>"share":{"gte":0.5}</c>.
/// </summary>
internal sealed partial class ConditionParser
{
    private const int MostTops = 100;

    private InterestAtom? Interest(JsonElement json, string path)
    {
        var outer = new DocumentObject(json, path, _errors, ["interest"]);
        var before = DocumentError.Grave(_errors);
        var reader = new DocumentObject(outer.Members["interest"], outer.At("interest"), _errors, ["dimension", "top", "value", "weight", "share"]);
        var (dimension, top, value) = (reader.Text("dimension", 64, required: true), Tops(reader), reader.Text("value", MaxNameLength));
        var (weight, share) = (Amounts(reader, "weight"), Amounts(reader, "share"));
        if (reader.Has("top") && reader.Has("value"))
        {
            reader.Add(reader.Path, "This has \"top\" and \"value\".", "one of them");
        }

        if (reader is { IsClean: true } && !reader.Has("top") && !reader.Has("weight") && !reader.Has("share"))
        {
            reader.Add(reader.Path, "This asks nothing of the interest.", "\"top\", \"weight\" or \"share\"");
        }

        if (dimension is null || weight is null || share is null || DocumentError.Grave(_errors) > before)
        {
            return null;
        }

        _traits.Add(ProfileFacts.Interest + dimension);
        _dependsOnTime = true;
        return new(dimension, top, value?.Trim(), weight, share);
    }

    private Test[]? Amounts(DocumentObject reader, string field)
    {
        if (!reader.Has(field))
        {
            return [];
        }

        if (reader.Members[field].ValueKind != JsonValueKind.Object)
        {
            reader.Add(reader.At(field), $"This is {DocumentObject.Shown(reader.Members[field])}.", "an object with an operator: {\"gte\": 3}");
            return null;
        }

        return Tests(new(reader.Members[field], reader.At(field), _errors, TestParser.CountOperators), TestParser.CountOperators);
    }

    private string[]? Tops(DocumentObject reader)
    {
        if (!reader.Has("top") || reader.Members["top"].ValueKind != JsonValueKind.Array)
        {
            return reader.Text("top", MaxNameLength) is { } one ? [one.Trim()] : null;
        }

        var tops = new List<string>();
        foreach (var (json, path) in reader.Items("top", "text, or a list of texts", MostTops))
        {
            if (json.ValueKind == JsonValueKind.String && json.GetString() is { Length: <= MaxNameLength } text && text.Trim().Length > 0)
            {
                tops.Add(text.Trim());
            }
            else
            {
                reader.Add(path, $"This is {DocumentObject.Shown(json)}.", $"text of 1 to {MaxNameLength} characters");
            }
        }

        if (reader.Members["top"].GetArrayLength() == 0)
        {
            reader.Add(reader.At("top"), "This list is empty.", "at least one");
        }

        return [.. tops];
    }
}
