using System.Buffers;
using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;

namespace LeadFunctions.Ingest.Reading;

/// <summary>Who an event says it is about.</summary>
internal static class EventIdentity
{
    /// <summary>Fills in the ids of the draft; false, with the reason noted, when one of them is none.</summary>
    public static bool TryRead(EventDraft draft, Source source) =>
        TryReadUser(draft, source)
        && TryRead(draft, source, draft.AnonymousIdField, "anonymousId", out draft.AnonymousId)
        && TryRead(draft, source, draft.PreviousIdField, "previousId", out draft.PreviousId)
        && TryRead(draft, source, draft.GroupIdField, "groupId", out draft.GroupId);

    public static bool HasEmail(EventDraft draft) => Identity.EmailIn(draft.TraitsField) is not null
        || (draft.TraitsField.ValueKind != JsonValueKind.Object && draft.ContextField.ValueKind == JsonValueKind.Object
            && draft.ContextField.TryGetProperty("traits"u8, out var traits) && Identity.EmailIn(traits) is not null);

    /// <summary>The traits with the address among them in its normal form: mail goes to it, and conditions ask for it.</summary>
    public static JsonElement WithEmail(JsonElement traits)
    {
        if (Identity.EmailIn(traits) is not { } email || traits.GetProperty("email"u8).ValueEquals(email))
        {
            return traits;
        }

        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var trait in traits.EnumerateObject())
            {
                if (trait.NameEquals("email"u8))
                {
                    writer.WriteString("email"u8, email);
                }
                else
                {
                    trait.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>What was passed over so far, to follow a refusal's message.</summary>
    public static string Remarked(EventDraft draft) => draft.Remarks is { } remarks ? " " + string.Join(" ", remarks.Select(remark => $"{remark.Path}: {remark.Message}")) : "";

    private static bool TryReadUser(EventDraft draft, Source source)
    {
        if (!TryRead(draft, source, draft.UserIdField, "userId", out draft.UserId))
        {
            return false;
        }

        if (draft.UserId is not null && !source.AcceptUserIds)
        {
            draft.Remark("userId", $"The source {source.Name} may not say by user id whom an event is about; it was passed over.");
            draft.UserId = null;
        }

        return true;
    }

    private static bool TryRead(EventDraft draft, Source source, JsonElement field, string name, out string? id)
    {
        id = field.ValueKind switch
        {
            JsonValueKind.String => field.GetString()!.Trim(),
            JsonValueKind.Number => NumberText.Of(field.GetRawText()),
            _ => null,
        };
        if (id is { Length: > IngestLimits.Text })
        {
            draft.Refuse(Outcome.InvalidField, name, $"It is longer than {IngestLimits.Text} characters.");
            return false;
        }

        if (field.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.True or JsonValueKind.False)
        {
            draft.Refuse(Outcome.InvalidField, name, "It must be a string or a number.");
            return false;
        }

        if (id is { Length: > 0 } && Nobody.Is(id, source))
        {
            draft.Remark(name, $"\"{id}\" stands for nobody and was passed over.");
            id = null;
        }

        id = id is { Length: 0 } ? null : id;
        return true;
    }
}

/// <summary>A JSON number as one text, however it was written: 42, 42.0 and 4.2e1 are the same id. Digit by digit, since an id of 19 digits is more than a double can hold.</summary>
internal static class NumberText
{
    public static string Of(string json)
    {
        var isNegative = json.StartsWith('-');
        var mantissa = json.AsSpan(isNegative ? 1 : 0);
        var exponent = 0;
        if (mantissa.IndexOfAny('e', 'E') is >= 0 and var e)
        {
            // What is longer than an id may be stays as it was written.
            if (!int.TryParse(mantissa[(e + 1)..], out exponent) || Math.Abs(exponent) > IngestLimits.Text)
            {
                return json;
            }

            mantissa = mantissa[..e];
        }

        var point = mantissa.IndexOf('.');
        var whole = point < 0 ? mantissa : mantissa[..point];
        var digits = string.Concat(whole, point < 0 ? [] : mantissa[(point + 1)..]);
        var places = whole.Length + exponent;
        if (places <= 0)
        {
            (digits, places) = (new string('0', 1 - places) + digits, 1);
        }

        digits = digits.PadRight(places, '0');
        var integer = digits[..places].TrimStart('0');
        var fraction = digits[places..].TrimEnd('0');
        var text = (integer.Length > 0 ? integer : "0") + (fraction.Length > 0 ? "." + fraction : "");
        return isNegative && text != "0" ? "-" + text : text;
    }
}
