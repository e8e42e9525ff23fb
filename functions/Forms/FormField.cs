using LeadFunctions.Conditions;

namespace LeadFunctions.Forms;

/// <summary>What a field asks for, and how it shows.</summary>
internal enum FieldKind
{
    Text,
    Email,
    Tel,
    Number,
    Select,
    Multiselect,
    Checkbox,
    Date,

    /// <summary>Nobody sees it: a script of the site, or the document itself, fills it in.</summary>
    Hidden,

    /// <summary>A box that agrees to a text.</summary>
    Consent,

    /// <summary>A file, of a kind and size that the form names.</summary>
    Attachment,
}

/// <summary>One question of a form, checked.</summary>
/// <param name="Name">As it is sent.</param>
/// <param name="Trait">The path of the trait that the answer sets; null: it stands in the event alone.</param>
/// <param name="Min">Of a number the least; of a choice among several how many at least.</param>
/// <param name="From">Of a date the first, as it is written: <c>2026-05-01</c>.</param>
/// <param name="Matches">A regular expression that holds; see <see cref="Conditions.Patterns.Pattern"/>.</param>
/// <param name="Region">Of a telephone number without a country code: where it is from; null: as the form says.</param>
/// <param name="Topics">Of a consent: what it agrees to; null: what the form says.</param>
/// <param name="Files">Of a file: which it may be.</param>
/// <param name="Value">What a hidden field holds when nothing is sent.</param>
internal sealed record FormField(
    string Name, FieldKind Kind, FieldWords Words, string? Trait = null, bool IsRequired = false, bool IsMultiline = false, int? MinLength = null, int? MaxLength = null, double? Min = null, double? Max = null,
    string? From = null, string? To = null, Test? Matches = null, IReadOnlyList<FormOption>? Options = null, string? Region = null, IReadOnlyList<string>? Topics = null, string? Value = null, FileRule? Files = null)
{
    /// <summary>Characters of an answer, where the document does not say.</summary>
    public const int LongestLine = 200;
    public const int LongestText = 2_000;

    public int Longest => MaxLength ?? (IsMultiline ? LongestText : LongestLine);

    /// <summary>Somebody is asked it, and may have answered it before.</summary>
    public bool IsAskedOnce => Kind is not (FieldKind.Hidden or FieldKind.Consent or FieldKind.Attachment) && Trait is not (null or FormDocument.EmailTrait);
}

/// <summary>What a field says in one language. What is null is said in the form's own.</summary>
/// <param name="Text">What a consent agrees to.</param>
/// <param name="Options">Labels of the options, by value.</param>
internal sealed record FieldWords(string? Label = null, string? Placeholder = null, string? Help = null, string? Text = null, IReadOnlyDictionary<string, string>? Options = null);

/// <summary>One of the answers to choose from.</summary>
/// <param name="Value">As it is sent and kept.</param>
internal sealed record FormOption(string Value, string Label);
