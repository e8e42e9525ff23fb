using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Forms;

/// <summary>A form as a marketer wrote it, checked.</summary>
/// <param name="Words">Its texts in its own language.</param>
/// <param name="Topics">What the consent fields that name no topics agree to; where there is no such field, what submitting it agrees to.</param>
/// <param name="Redirect">Where a browser goes then; null: it is shown the message.</param>
/// <param name="Ask">Of the questions that may be known already, ask at most so many that are not; null: ask all, always.</param>
/// <param name="Honeypot">The name of a field that no person sees: whoever fills it in is a robot. Null: there is none.</param>
/// <param name="MinimumSeconds">Who is quicker than that is a robot; 0: nobody is. More than 0 asks for the page or the script, which say when they were shown.</param>
/// <param name="MaxLinks">More than so many in all answers are spam.</param>
/// <param name="Origins">Sites that may show and send it; empty: any.</param>
/// <param name="Locale">The form's own language.</param>
/// <param name="Locales">Its texts in others, by language.</param>
/// <param name="Region">Where telephone numbers without a country code are from: <c>SI</c>.</param>
internal sealed record FormDocument(
    string Name, FormWords Words, IReadOnlyList<FormField> Fields, IReadOnlyList<string> Topics, DoubleOptIn? DoubleOptIn, string? Redirect, int? Ask, string? Honeypot, int MinimumSeconds, int MaxLinks,
    FormRate Rate, IReadOnlyList<string> Origins, string Locale, IReadOnlyDictionary<string, LocalWords> Locales, FormTheme? Theme, string? Region)
{
    /// <summary>The trait that makes a person of it.</summary>
    public const string EmailTrait = "email";

    public const int MostFields = 50;

    public FormField? Find(string name) => Fields.FirstOrDefault(field => field.Name == name);

    /// <summary>The field whose answer is the person's address; null when nothing asks for it.</summary>
    public FormField? Email => Fields.FirstOrDefault(asked => asked is { Kind: FieldKind.Email, Trait: EmailTrait });

    /// <summary>All mistakes at once; the document is null when any makes it unreadable.</summary>
    public static (FormDocument? Document, IReadOnlyList<DocumentError> Errors) Parse(JsonElement json) => DocumentText.Read(json, FormParser.Parse, error => (null, [error]));

    /// <summary>As above, from text.</summary>
    public static (FormDocument? Document, IReadOnlyList<DocumentError> Errors) Parse(ReadOnlyMemory<byte> utf8) => DocumentText.Read(utf8, Parse, error => (null, [error]));
}

/// <summary>One immutable version of a form.</summary>
internal sealed record Form(string Id, int Version, FormDocument Document);

/// <param name="Title">Its heading.</param>
/// <param name="Text">What stands below that.</param>
/// <param name="Submit">On the button.</param>
/// <param name="Message">What is shown when it has been sent.</param>
internal sealed record FormWords(string? Title = null, string? Text = null, string? Submit = null, string? Message = null);

/// <param name="Fields">By name.</param>
/// <param name="Confirmed">What is shown when somebody has confirmed.</param>
internal sealed record LocalWords(FormWords Words, string? Confirmed, IReadOnlyDictionary<string, FieldWords> Fields);

/// <summary>Consent counts once somebody who reads the mail has confirmed it.</summary>
/// <param name="Template">The mail; null: the one that comes with the app.</param>
/// <param name="From">Whom it is from; null: as the app's settings say.</param>
/// <param name="ValidFor">How long it can be confirmed.</param>
/// <param name="Message">What is shown then.</param>
internal sealed record DoubleOptIn(string? Template, string? From, Duration ValidFor, string? Message);

/// <summary>How often one address may send it: so many at once, and again once the time has passed.</summary>
internal sealed record FormRate(int Max, Duration Per);

/// <summary>Colours, each as <c>#0b6e4f</c>; null: as the stylesheet has it.</summary>
internal sealed record FormColours(string? Accent, string? Background, string? Text);

/// <param name="Dark">Where somebody prefers dark pages.</param>
internal sealed record FormTheme(FormColours Light, FormColours? Dark);
