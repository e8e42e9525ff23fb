using System.Text.Json;
using System.Text.RegularExpressions;

namespace LeadFunctions.Tests.Conditions;

/// <summary>As much of JSON Schema as the documents' schemas use; an unknown keyword is an error of the test.</summary>
internal sealed class MiniSchema(JsonElement root)
{
    public bool Accepts(JsonElement json) => Fits(root, json);

    private bool Fits(JsonElement schema, JsonElement json) => schema.EnumerateObject().All(keyword => Keyword(schema, keyword.Name, keyword.Value, json));

    private bool Keyword(JsonElement schema, string name, JsonElement value, JsonElement json) => name switch
    {
        "$schema" or "$id" or "$defs" or "title" or "description" => true,
        "$ref" => Fits(value.GetString()!["#/".Length..].Split('/').Aggregate(root, (at, part) => at.GetProperty(part)), json),
        "type" => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Any(type => IsOf(json, type.GetString()!)) : IsOf(json, value.GetString()!),
        "const" => JsonElement.DeepEquals(value, json),
        "enum" => value.EnumerateArray().Any(item => JsonElement.DeepEquals(item, json)),
        "not" => !Fits(value, json),
        "oneOf" => value.EnumerateArray().Count(part => Fits(part, json)) == 1,
        "anyOf" => value.EnumerateArray().Any(part => Fits(part, json)),
        "required" => json.ValueKind != JsonValueKind.Object || value.EnumerateArray().All(field => json.TryGetProperty(field.GetString()!, out _)),
        "properties" => json.ValueKind != JsonValueKind.Object || json.EnumerateObject().All(member => !value.TryGetProperty(member.Name, out var part) || Fits(part, member.Value)),
        "additionalProperties" => json.ValueKind != JsonValueKind.Object || json.EnumerateObject()
            .Where(member => !(schema.TryGetProperty("properties", out var known) && known.TryGetProperty(member.Name, out _)))
            .All(member => value.ValueKind != JsonValueKind.False && Fits(value, member.Value)),
        "propertyNames" => json.ValueKind != JsonValueKind.Object || json.EnumerateObject().All(member => Fits(value, JsonSerializer.SerializeToElement(member.Name))),
        "maxProperties" => json.ValueKind != JsonValueKind.Object || json.EnumerateObject().Count() <= value.GetInt32(),
        "minProperties" => json.ValueKind != JsonValueKind.Object || json.EnumerateObject().Count() >= value.GetInt32(),
        "items" => json.ValueKind != JsonValueKind.Array || json.EnumerateArray().All(item => Fits(value, item)),
        "minItems" => json.ValueKind != JsonValueKind.Array || json.GetArrayLength() >= value.GetInt32(),
        "maxItems" => json.ValueKind != JsonValueKind.Array || json.GetArrayLength() <= value.GetInt32(),
        "minLength" => json.ValueKind != JsonValueKind.String || json.GetString()!.Length >= value.GetInt32(),
        "maxLength" => json.ValueKind != JsonValueKind.String || json.GetString()!.Length <= value.GetInt32(),
        "pattern" => json.ValueKind != JsonValueKind.String || Regex.IsMatch(json.GetString()!, value.GetString()!),
        "minimum" => json.ValueKind != JsonValueKind.Number || json.GetDouble() >= value.GetDouble(),
        "maximum" => json.ValueKind != JsonValueKind.Number || json.GetDouble() <= value.GetDouble(),
        _ => throw new NotSupportedException($"The schema uses \"{name}\", which this test does not know."),
    };

    private static bool IsOf(JsonElement json, string type) => type switch
    {
        "object" => json.ValueKind == JsonValueKind.Object,
        "array" => json.ValueKind == JsonValueKind.Array,
        "string" => json.ValueKind == JsonValueKind.String,
        "number" => json.ValueKind == JsonValueKind.Number,
        "integer" => json.ValueKind == JsonValueKind.Number && json.GetDouble() == Math.Floor(json.GetDouble()),
        "boolean" => json.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => json.ValueKind == JsonValueKind.Null,
        _ => throw new NotSupportedException(type),
    };
}
