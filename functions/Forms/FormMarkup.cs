using System.Globalization;

namespace LeadFunctions.Forms;

/// <summary>What a form is shown with.</summary>
/// <param name="Asked">The fields that are shown, or sent along unseen.</param>
/// <param name="Sent">What was typed before, where it has to be looked at again.</param>
/// <param name="Ticket">Signed; see <see cref="FormTicket"/>.</param>
/// <param name="IsEmbedded">It stands in somebody's page.</param>
internal sealed record FormShowing(IReadOnlyList<FormField> Asked, SentForm Sent, IReadOnlyList<FormFault> Faults, string Ticket, bool IsEmbedded)
{
    public static readonly SentForm Nothing = new(new Dictionary<string, IReadOnlyList<string>>());

    /// <summary>The fields to show: of what may be known already, no more than the form asks for at a time.</summary>
    /// <param name="isKnown">Whether somebody has said it before, by the path of the trait.</param>
    public static IReadOnlyList<FormField> Choose(FormDocument form, Func<string, bool> isKnown)
    {
        var left = form.Ask ?? int.MaxValue;
        return [.. form.Fields.Where(field => form.Ask is null || !field.IsAskedOnce || (!isKnown(field.Trait!) && left-- > 0))]; // one that is asked once sets a trait
    }
}

/// <summary>A form as HTML: labels, help and errors belong to their fields for those who listen too, and nothing in it needs a script.</summary>
internal static class FormMarkup
{
    public static Markup Form(LocalForm form, FormShowing showing)
    {
        var document = form.Form.Document;
        var heading = showing.IsEmbedded ? "h2" : "h1";
        return Markup.Of($"""
            <form class="lf" method="post" action="/f/{form.Form.Id}" accept-charset="utf-8" lang="{form.Locale}"{new Markup(showing.Asked.Any(field => field.Kind == FieldKind.Attachment) ? " enctype=\"multipart/form-data\"" : "")}>
            <{new Markup(heading)}>{form.Title}</{new Markup(heading)}>
            {(form.Text is { } text ? Markup.Of($"<p>{Markup.Linked(text)}</p>\n") : Markup.Nothing)}{Summary(form, showing)}{Markup.Join(showing.Asked.Select(field => Field(form, field, showing)))}{Trap(document.Honeypot)}<input type="hidden" name="{SentForm.Ticket}" value="{showing.Ticket}">
            <input type="hidden" name="{SentForm.Language}" value="{form.Locale}">
            {Kept(SentForm.AnonymousId, showing.Sent)}{Kept(SentForm.Page, showing.Sent)}<button>{form.Submit}</button>
            </form>

            """);
    }

    /// <summary>What is shown instead of the form.</summary>
    public static Markup Told(LocalForm form, string text, bool isEmbedded) => isEmbedded
        ? Markup.Of($"<div class=\"lf\" lang=\"{form.Locale}\"><p role=\"status\" tabindex=\"-1\">{Markup.Linked(text)}</p></div>")
        : Markup.Of($"<div class=\"lf\"><h1>{form.Title}</h1><p role=\"status\">{Markup.Linked(text)}</p></div>\n");

    private static Markup Summary(LocalForm form, FormShowing showing) => showing.Faults.Count == 0 ? Markup.Nothing : Markup.Of($"""
        <div class="wrong" role="alert" tabindex="-1" autofocus>
        <p>{form.Texts.Wrong}</p>
        <ul>{Markup.Join(showing.Faults.Select(fault => Markup.Of($"<li><a href=\"#lf-{fault.Field}\">{NameOf(form, fault.Field)}: {fault.Message}</a></li>")))}</ul>
        </div>

        """);

    private static string NameOf(LocalForm form, string field) =>
        form.Form.Document.Find(field) is { } found && form.Words(found) is var words ? words.Label ?? Shortened(words.Text) ?? field : field;

    private static string? Shortened(string? text) => text is { Length: > 60 } ? Events.EventText.Cut(text, 60) + " …" : text;

    private static Markup Field(LocalForm form, FormField field, FormShowing showing)
    {
        if (field.Kind == FieldKind.Hidden)
        {
            return Markup.Of($"<input type=\"hidden\" name=\"{field.Name}\" value=\"{showing.Sent.First(field.Name) ?? field.Value}\">\n");
        }

        var words = form.Words(field);
        var fault = showing.Faults.FirstOrDefault(fault => fault.Field == field.Name)?.Message;
        var help = words.Help is { } said ? Markup.Of($"<p class=\"help\" id=\"lf-{field.Name}-help\">{Markup.Linked(said)}</p>\n") : Markup.Nothing;
        var error = fault is not null ? Markup.Of($"<p class=\"error\" id=\"lf-{field.Name}-error\">{fault}</p>\n") : Markup.Nothing;
        string[] about = [.. words.Help is null ? [] : (string[])[$"lf-{field.Name}-help"], .. fault is null ? [] : (string[])[$"lf-{field.Name}-error"]];
        var described = new Markup(string.Concat(
            about.Length > 0 ? Markup.Of($" aria-describedby=\"{string.Join(' ', about)}\"").Html : "",
            fault is not null ? " aria-invalid=\"true\"" : ""));
        var sent = showing.Sent.All(field.Name);
        var optional = field.IsRequired ? Markup.Nothing : Markup.Of($" <span>({form.Texts.Optional})</span>");
        return field.Kind switch
        {
            FieldKind.Checkbox or FieldKind.Consent => Markup.Of($"""
                <div class="box"><input type="checkbox" id="lf-{field.Name}" name="{field.Name}" value="yes"{described}{Required(field)}{new Markup(sent.Count > 0 ? " checked" : "")}> <label for="lf-{field.Name}">{(field.Kind == FieldKind.Consent ? Markup.Linked(words.Text ?? "") : Markup.Of($"{words.Label}"))}{optional}</label>
                {help}{error}</div>

                """),
            FieldKind.Multiselect => Markup.Of($"""
                <fieldset id="lf-{field.Name}" tabindex="-1"{described}><legend>{words.Label}{optional}</legend>
                {help}{error}{Markup.Join(field.Options!.Select((option, place) => Markup.Of($"<div class=\"box\"><input type=\"checkbox\" id=\"lf-{field.Name}-{place}\" name=\"{field.Name}\" value=\"{option.Value}\"{new Markup(sent.Contains(option.Value) ? " checked" : "")}> <label for=\"lf-{field.Name}-{place}\">{form.Label(field, option)}</label></div>\n")))}</fieldset>

                """),
            _ => Markup.Of($"""
                <div><label for="lf-{field.Name}">{words.Label}{optional}</label>
                {help}{Control(form, field, words, sent is [var first, ..] ? first : "", new(described.Html + Required(field).Html))}{error}</div>

                """),
        };
    }

    private static Markup Control(LocalForm form, FormField field, FieldWords words, string typed, Markup attributes)
    {
        var placeholder = words.Placeholder is { } shown ? Markup.Of($" placeholder=\"{shown}\"") : Markup.Nothing;
        if (field.Kind == FieldKind.Select)
        {
            return Markup.Of($"""
                <select id="lf-{field.Name}" name="{field.Name}"{attributes}><option value="">{form.Texts.Choose}</option>{Markup.Join(field.Options!.Select(option => Markup.Of($"<option value=\"{option.Value}\"{new Markup(option.Value == typed ? " selected" : "")}>{form.Label(field, option)}</option>")))}</select>

                """);
        }

        if (field.Files is { } files)
        {
            return Markup.Of($"<input type=\"file\" id=\"lf-{field.Name}\" name=\"{field.Name}\" accept=\"{string.Join(',', files.Kinds.SelectMany(kind => kind.Endings))}\"{attributes}>\n");
        }

        if (field.IsMultiline)
        {
            // The first line break of a textarea is no part of it.
            return Markup.Of($"<textarea id=\"lf-{field.Name}\" name=\"{field.Name}\" rows=\"5\" maxlength=\"{field.Longest}\"{placeholder}{attributes}>\n{typed}</textarea>\n");
        }

        var (type, more) = field.Kind switch
        {
            FieldKind.Email => ("email", Attributes(("autocomplete", "email"), ("maxlength", "254"))),
            FieldKind.Tel => ("tel", Attributes(("autocomplete", "tel"), ("maxlength", "40"))),
            FieldKind.Number => ("number", Attributes(("min", Number(field.Min)), ("max", Number(field.Max)), ("step", "any"))),
            FieldKind.Date => ("date", Attributes(("min", field.From), ("max", field.To))),
            _ => ("text", Attributes(("minlength", Number(field.MinLength)), ("maxlength", Number(field.Longest)), ("autocomplete", Autocomplete(field.Trait)))),
        };
        return Markup.Of($"<input type=\"{type}\" id=\"lf-{field.Name}\" name=\"{field.Name}\" value=\"{typed}\"{more}{placeholder}{attributes}>\n");
    }

    private static Markup Trap(string? honeypot) => honeypot is null ? Markup.Nothing : Markup.Of($"""
        <div class="more" aria-hidden="true"><label for="lf-{honeypot}">{honeypot}</label><input type="text" id="lf-{honeypot}" name="{honeypot}" tabindex="-1" autocomplete="off"></div>

        """);

    private static Markup Kept(string name, SentForm sent) => sent.First(name) is { Length: > 0 } value ? Markup.Of($"<input type=\"hidden\" name=\"{name}\" value=\"{value}\">\n") : Markup.Nothing;

    private static Markup Required(FormField field) => new(field.IsRequired ? " required" : "");

    private static Markup Attributes(params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        var all = "";
        foreach (var (name, value) in attributes)
        {
            all += value is null ? "" : Markup.Of($" {name}=\"{value}\"").Html;
        }

        return new(all);
    }

    private static string? Number(double? number) => number?.ToString(CultureInfo.InvariantCulture);

    /// <summary>What browsers know of people, by the usual traits.</summary>
    private static string? Autocomplete(string? trait) => trait switch
    {
        "name" => "name",
        "firstName" => "given-name",
        "lastName" => "family-name",
        "company" or "company.name" => "organization",
        "title" => "organization-title",
        "country" => "country-name",
        "address.city" or "city" => "address-level2",
        "address.postalCode" => "postal-code",
        _ => null,
    };
}
