using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;

namespace LeadFunctions.Access;

/// <summary>What a source's document must keep to.</summary>
internal static class SourceRules
{
    private const int MaxOrigins = 100;
    private const int MaxEventsPerSecond = 100_000;
    private const int MaxCategories = 100;
    private const int MaxWord = 64;
    private const int MaxNobodyIds = 200;

    public static IReadOnlyList<FieldError> Validate(SourceDocument document)
    {
        var errors = new List<FieldError>();
        if (document.Name.Trim() is { Length: 0 or > 100 })
        {
            errors.Add(new FieldError("$.name", "The name is empty or too long.", "1 to 100 characters"));
        }

        if (document.EventsPerSecond is < 0 or > MaxEventsPerSecond)
        {
            errors.Add(new FieldError("$.eventsPerSecond", "The rate is out of range.", $"0 (no limit) to {MaxEventsPerSecond}"));
        }

        var origins = document.AllowedOrigins ?? [];
        if (origins.Count > MaxOrigins)
        {
            errors.Add(new FieldError("$.allowedOrigins", "There are too many origins.", $"at most {MaxOrigins}"));
        }

        errors.AddRange(origins
            .Select((origin, index) => (origin, index))
            .Where(o => o.origin != "*" && !OriginPattern.IsOne(o.origin))
            .Select(o => new FieldError($"$.allowedOrigins[{o.index}]", "This is not an origin.", "scheme and host, as in https://shop.example or https://*.shop.example, or *")));

        var categories = document.ConsentCategories ?? new Dictionary<string, string>();
        if (categories.Count > MaxCategories)
        {
            errors.Add(new FieldError("$.consentCategories", "There are too many categories.", $"at most {MaxCategories}"));
        }

        errors.AddRange(categories
            .Where(category => !IsWord(category.Key) || !IsWord(category.Value))
            .Select(category => new FieldError($"$.consentCategories.{category.Key}", "A category stands for a topic.", $"a category's name and a topic such as tracking or marketing, of 1 to {MaxWord} characters")));
        var nobody = document.NobodyIds ?? [];
        if (nobody.Count > MaxNobodyIds)
        {
            errors.Add(new FieldError("$.nobodyIds", "There are too many ids.", $"at most {MaxNobodyIds}"));
        }

        errors.AddRange(nobody
            .Select((id, index) => (id, index))
            .Where(item => !IsWord(item.id))
            .Select(item => new FieldError($"$.nobodyIds[{item.index}]", "This is no id.", $"text of 1 to {MaxWord} characters, such as guest")));
        return errors;
    }

    private static bool IsWord(string? text) => text?.Trim() is { Length: > 0 and <= MaxWord };
}
