using System.Text.Json;
using LeadFunctions.Access;

namespace LeadFunctions.Ingest;

/// <summary>Who an event says it is about.</summary>
internal static class EventIdentity
{
    /// <summary>Fills in the ids of the draft; false, with the reason noted, when one of them is none.</summary>
    public static bool TryRead(EventDraft draft, Source source) =>
        TryRead(draft, source, draft.UserIdField, "userId", out draft.UserId)
        && TryRead(draft, source, draft.AnonymousIdField, "anonymousId", out draft.AnonymousId)
        && TryRead(draft, source, draft.PreviousIdField, "previousId", out draft.PreviousId)
        && TryRead(draft, source, draft.GroupIdField, "groupId", out draft.GroupId);

    public static bool HasEmail(EventDraft draft) => IsEmailIn(draft.TraitsField)
        || (draft.TraitsField.ValueKind != JsonValueKind.Object && draft.ContextField.ValueKind == JsonValueKind.Object
            && draft.ContextField.TryGetProperty("traits"u8, out var traits) && IsEmailIn(traits));

    /// <summary>What was passed over so far, to follow a refusal's message.</summary>
    public static string Remarked(EventDraft draft) => draft.Remarks is { } remarks ? " " + string.Join(" ", remarks.Select(remark => $"{remark.Path}: {remark.Message}")) : "";

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

    private static bool IsEmailIn(JsonElement traits) =>
        traits.ValueKind == JsonValueKind.Object && traits.TryGetProperty("email"u8, out var email) && email.ValueKind == JsonValueKind.String
        && email.GetString() is { Length: > 2 and <= 254 } text && text.IndexOf('@') is > 0 and var at && at < text.Length - 1;
}
