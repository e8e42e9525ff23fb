using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Mail;

namespace LeadFunctions.Forms;

/// <summary>One answer: what it says, or what is wrong with it. Neither: nobody answered.</summary>
internal static class FieldReading
{
    // An address is one word without what separates addresses in a header, or wraps them.
    private const string NotInAddresses = "<>()[],;:\\\"";

    public static (JsonNode? Value, string? Fault) Read(FormField field, IReadOnlyList<string> sent, FormTexts texts, string? region)
    {
        if (field.Kind == FieldKind.Multiselect)
        {
            return Several(field, sent, texts);
        }

        var text = Clean(sent is [var first, ..] ? first : "", field.IsMultiline);
        text = text.Length == 0 && field.Kind == FieldKind.Hidden ? field.Value ?? "" : text;
        return text.Length == 0 ? (null, null) : field.Kind switch
        {
            FieldKind.Email => EmailAddress.Normalise(text) is { } address && !address.AsSpan().ContainsAny(NotInAddresses) && IsReachable(address) ? Said(address) : (null, texts.NoEmail),
            FieldKind.Tel => PhoneNumber.Normalise(text, field.Region ?? region) is { } number ? Said(number) : (null, texts.NoPhone),
            FieldKind.Number => Number(field, text, texts),
            FieldKind.Date => Day(field, text, texts),
            FieldKind.Select => field.Options!.Any(option => option.Value == text) ? Said(text) : (null, texts.NoOption), // a choice has some
            FieldKind.Checkbox or FieldKind.Consent => Consent.Read(Value.From(text)) switch
            {
                Conditions.Said.Yes => (JsonValue.Create(true), null),
                _ => (null, null),
            },
            _ => Text(field, text, texts),
        };
    }

    /// <summary>No mail goes to what is left of <c>ann@gmail.com</c> when somebody stops before the dot.</summary>
    private static bool IsReachable(string address) => MailAddresses.Find(address) is { Domain: var domain } && domain.Contains('.', StringComparison.Ordinal);

    /// <summary>Without what is no text: control characters, halves of pairs, blanks around it; on one line where the field has one.</summary>
    public static string Clean(string text, bool isMultiline)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.ReplaceLineEndings("\n").EnumerateRunes())
        {
            if (rune.Value == '\n')
            {
                clean.Append(isMultiline ? '\n' : ' ');
            }
            else if (rune.Value == '\t')
            {
                clean.Append(' ');
            }
            else if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator))
            {
                clean.Append(rune.ToString());
            }
        }

        return clean.ToString().Trim();
    }

    private static (JsonNode? Value, string? Fault) Text(FormField field, string text, FormTexts texts) =>
        text.Length < field.MinLength ? (null, FormTexts.With(texts.TooShort, field.MinLength))
        : text.Length > field.Longest ? (null, FormTexts.With(texts.TooLong, field.Longest))
        : field.Matches is { } pattern && !Test.AllHold([pattern], Value.From(text), default) ? (null, texts.NoMatch)
        : Said(text);

    private static (JsonNode? Value, string? Fault) Number(FormField field, string text, FormTexts texts) =>
        !Numbers.TryParse(Decimal(text), out var number) ? (null, texts.NoNumber)
        : number < field.Min ? (null, FormTexts.With(texts.AtLeast, field.Min))
        : number > field.Max ? (null, FormTexts.With(texts.AtMost, field.Max))
        : (JsonValue.Create(number), null);

    // Much of Europe writes 1,5; where both stand, nobody can know which is which.
    private static string Decimal(string text) => text.Count(c => c == ',') == 1 && !text.Contains('.', StringComparison.Ordinal) ? text.Replace(',', '.') : text;

    private static (JsonNode? Value, string? Fault) Day(FormField field, string text, FormTexts texts) =>
        !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? (null, texts.NoDate)
        : field.From is { } from && string.CompareOrdinal(text, from) < 0 ? (null, FormTexts.With(texts.AtLeast, from))
        : field.To is { } to && string.CompareOrdinal(text, to) > 0 ? (null, FormTexts.With(texts.AtMost, to))
        : Said(text);

    private static (JsonNode? Value, string? Fault) Several(FormField field, IReadOnlyList<string> sent, FormTexts texts)
    {
        var chosen = sent.Select(value => Clean(value, false)).Where(value => value.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        return chosen.Count == 0 ? (null, null)
            : chosen.Exists(value => field.Options!.All(option => option.Value != value)) ? (null, texts.NoOption) // a choice has some
            : chosen.Count < field.Min ? (null, FormTexts.With(texts.ChooseAtLeast, field.Min))
            : chosen.Count > field.Max ? (null, FormTexts.With(texts.ChooseAtMost, field.Max))
            : (new JsonArray([.. chosen.Select(value => JsonValue.Create(value))]), null);
    }

    private static (JsonNode? Value, string? Fault) Said(string text) => (JsonValue.Create(text), null);
}
