namespace LeadFunctions.Forms;

/// <summary>A form in one language: what is not said in it is said in the form's own.</summary>
internal sealed class LocalForm(Form form, string locale)
{
    private readonly LocalWords? _local = form.Document.Locales.GetValueOrDefault(locale);

    public Form Form => form;

    /// <summary>Of what it says.</summary>
    public string Locale { get; } = form.Document.Locales.ContainsKey(locale) ? locale : form.Document.Locale;

    public FormTexts Texts => FormTexts.In(Locale);

    public string Title => _local?.Words.Title ?? form.Document.Words.Title ?? form.Document.Name;

    public string? Text => _local?.Words.Text ?? form.Document.Words.Text;

    public string Submit => _local?.Words.Submit ?? form.Document.Words.Submit ?? Texts.Submit;

    /// <summary>When it has been sent.</summary>
    public string Message => _local?.Words.Message ?? form.Document.Words.Message ?? (form.Document.DoubleOptIn is null ? Texts.Thanks : Texts.CheckMail);

    public string Confirmed => _local?.Confirmed ?? form.Document.DoubleOptIn?.Message ?? Texts.Confirmed;

    public FieldWords Words(FormField field)
    {
        var own = field.Words;
        return _local?.Fields.GetValueOrDefault(field.Name) is { } said
            ? new(said.Label ?? own.Label, said.Placeholder ?? own.Placeholder, said.Help ?? own.Help, said.Text ?? own.Text, said.Options)
            : own;
    }

    public string Label(FormField field, FormOption option) => Words(field).Options?.GetValueOrDefault(option.Value) ?? option.Label;

    /// <summary>The best of a form's languages for somebody.</summary>
    /// <param name="wanted">Best first: <c>pt-BR</c>, <c>pt</c>.</param>
    public static LocalForm For(Form form, IEnumerable<string> wanted)
    {
        var spoken = form.Document.Locales.Keys.Append(form.Document.Locale).ToList();
        foreach (var language in wanted)
        {
            if ((spoken.Find(one => one.Equals(language, StringComparison.OrdinalIgnoreCase)) ?? spoken.Find(one => Primary(one).Equals(Primary(language), StringComparison.OrdinalIgnoreCase))) is { } found)
            {
                return new(form, found);
            }
        }

        return new(form, form.Document.Locale);
    }

    private static string Primary(string language) => language.Split('-')[0];
}
