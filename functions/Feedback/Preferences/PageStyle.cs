using System.Security.Cryptography;
using System.Text;

namespace LeadFunctions.Feedback.Preferences;

/// <summary>How the pages look that readers of mail see: one column, large targets, light and dark.</summary>
internal static class PageStyle
{
    public const string Css = """
        :root{color-scheme:light dark;--page:#f4f5f7;--card:#fff;--text:#1c2330;--soft:#4f5b6d;--line:#d5dae2;--main:#1a56c4;--on-main:#fff;--good:#e6f4ea;--good-text:#14532d}
        @media (prefers-color-scheme:dark){:root{--page:#12161d;--card:#1b212b;--text:#e8ecf3;--soft:#aab4c4;--line:#3a4454;--main:#8ab4f8;--on-main:#10203a;--good:#173524;--good-text:#c4f0d2}}
        *{box-sizing:border-box}
        body{margin:0;padding:clamp(1rem,4vw,3rem) 1rem;background:var(--page);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
        main{max-width:36rem;margin:0 auto;padding:clamp(1.25rem,4vw,2.25rem);background:var(--card);border:1px solid var(--line);border-radius:.75rem}
        h1{margin:0 0 .5rem;font-size:1.5rem;line-height:1.25}
        h2{margin:0 0 .75rem;font-size:1.125rem}
        p{margin:0 0 1rem}
        .soft,small{color:var(--soft);font-size:.9375rem}
        section,form{margin:0}
        section+form,section+section,form+form{margin-top:1.75rem;padding-top:1.75rem;border-top:1px solid var(--line)}
        fieldset{margin:0 0 1.5rem;padding:0;border:0;min-width:0}
        legend{padding:0;margin:0 0 .5rem;font-weight:600}
        label{display:flex;gap:.75rem;align-items:flex-start;padding:.625rem 0;cursor:pointer}
        label+label{border-top:1px solid var(--line)}
        label span{overflow-wrap:anywhere}
        label small{display:block}
        input{flex:none;width:1.25rem;height:1.25rem;margin:.125rem 0 0;accent-color:var(--main)}
        button{display:inline-block;min-height:2.75rem;padding:.5rem 1.25rem;border:1px solid var(--main);border-radius:.5rem;background:var(--main);color:var(--on-main);font:inherit;font-weight:600;cursor:pointer}
        button.plain{background:transparent;color:var(--main)}
        :focus-visible{outline:3px solid var(--main);outline-offset:2px}
        .done{margin:0 0 1.5rem;padding:.875rem 1rem;border-radius:.5rem;background:var(--good);color:var(--good-text)}
        .done p:last-child{margin:0}
        footer{max-width:36rem;margin:1rem auto 0;color:var(--soft);font-size:.9375rem}
        footer ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:0;padding:0;list-style:none}
        footer a{display:inline-block;padding:.375rem 0;color:inherit}
        footer a[aria-current]{font-weight:600;text-decoration:none}
        """;

    /// <summary>What a page may do: show itself in this style, and send its form back here.</summary>
    public static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)))}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <summary>A mail as a page: its looks stand in it, its pictures on the web. It runs nothing, sends nothing, and asks nothing else of anybody.</summary>
    public const string MailPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src https: http: data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";
}
