using System.Security.Cryptography;
using System.Text;

namespace LeadFunctions.Forms;

/// <summary>A whole page around a form, and what a browser may do on it.</summary>
/// <param name="Html">UTF-8 text.</param>
/// <param name="Policy">Its Content-Security-Policy: one stylesheet, no script, nothing from anywhere else.</param>
internal sealed record FormPage(string Html, string Policy)
{
    /// <param name="form">Whose colours and rules it has; null: nobody's.</param>
    public static FormPage Of(string locale, string title, FormDocument? form, Markup content)
    {
        var style = FormStyle.For(form?.Theme);
        var html = Markup.Of($"""
            <!doctype html>
            <html lang="{locale}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{title}</title>
            <style>{new Markup(style)}</style>
            </head>
            <body>
            <main>
            {content}</main>
            </body>
            </html>

            """).Html;
        return new(html, PolicyOf(form, style));
    }

    // Browsers hold what a form leads to against the policy as well, after every redirection.
    private static string PolicyOf(FormDocument? form, string style)
    {
        var target = form?.Redirect is { } redirect ? " " + new Uri(redirect).GetLeftPart(UriPartial.Authority) : "";
        var frames = form is { Origins.Count: > 0 } ? $"'self' {string.Join(' ', form.Origins)}" : "*";
        return $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'; form-action 'self'{target}; base-uri 'none'; frame-ancestors {frames}";
    }
}

/// <summary>The stylesheet <c>form.css</c>, with a form's own colours.</summary>
internal static class FormStyle
{
    private static readonly string Sheet = Read();

    public static string For(FormTheme? theme) => theme is null ? Sheet : Sheet + Colours(theme.Light, ":root, :host { {0} }") + (theme.Dark is { } dark ? Colours(dark, "@media (prefers-color-scheme: dark) { :root, :host { {0} } }") : "");

    // Each is six digits: nothing else gets through the parser.
    private static string Colours(FormColours colours, string rule)
    {
        var set = string.Concat(new[] { ("accent", colours.Accent), ("back", colours.Background), ("text", colours.Text) }.Where(colour => colour.Item2 is not null).Select(colour => $"--{colour.Item1}: {colour.Item2}; "));
        return set.Length == 0 ? "" : rule.Replace("{0}", set, StringComparison.Ordinal) + "\n";
    }

    private static string Read()
    {
        using var stream = typeof(FormStyle).Assembly.GetManifestResourceStream("form.css")!; // embedded by the project
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
