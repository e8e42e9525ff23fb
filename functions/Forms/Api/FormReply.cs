using System.Text;
using LeadFunctions.Ingest;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Forms.Api;

/// <summary>Answers in kind: pages to browsers, JSON to whoever sends it or asks for it.</summary>
internal static class FormReply
{
    private const string Html = "text/html; charset=utf-8";

    public static bool WantsJson(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        return request.HasJsonContentType()
            || (accept.Contains("application/json", StringComparison.OrdinalIgnoreCase) && !accept.Contains("text/html", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether the site that it is asked from may have the form; if so, its scripts may read the answer.</summary>
    public static bool MayAsk(HttpRequest request, FormDocument form)
    {
        var origin = request.Headers.Origin.ToString();
        if (!FormOrigins.Allow(form.Origins, origin, OriginOf(request)))
        {
            return false;
        }

        if (origin.Length > 0)
        {
            Cors.Answer(request.HttpContext, origin);
        }

        return true;
    }

    /// <summary>The form's languages that somebody may want, best first.</summary>
    /// <param name="asked">What the page was in, or the address asks for.</param>
    public static IEnumerable<string> Languages(HttpRequest request, string? asked) =>
        [.. asked is { Length: > 0 and < 20 } ? (string[])[asked] : [], .. request.GetTypedHeaders().AcceptLanguage.OrderByDescending(language => language.Quality ?? 1).Select(language => language.Value.ToString())];

    public static IResult Page(HttpRequest request, FormPage page, int status = StatusCodes.Status200OK)
    {
        var headers = request.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy = page.Policy;
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin"; // with less, browsers would not say where a form comes from
        return Results.Content(page.Html, Html, Encoding.UTF8, status);
    }

    /// <summary>It has been received; or so it looks.</summary>
    public static IResult Done(HttpRequest request, LocalForm form, SentForm sent)
    {
        var redirect = form.Form.Document.Redirect;
        if (WantsJson(request))
        {
            return WebJson.Ok(new ReceivedForm(true, form.Message, redirect, sent.First(SentForm.Embedded) is null ? null : FormMarkup.Told(form, form.Message, isEmbedded: true).Html));
        }

        if (redirect is null)
        {
            return Page(request, FormPage.Of(form.Locale, form.Title, form.Form.Document, FormMarkup.Told(form, form.Message, isEmbedded: false)));
        }

        // 303: the browser asks for it with GET.
        request.HttpContext.Response.Headers.Location = redirect;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>With what is wrong, and what was typed.</summary>
    public static IResult Again(HttpRequest request, LocalForm form, FormShowing showing)
    {
        var markup = FormMarkup.Form(form, showing);
        if (!WantsJson(request))
        {
            return Page(request, FormPage.Of(form.Locale, form.Title, form.Form.Document, markup), StatusCodes.Status422UnprocessableEntity);
        }

        var problem = new FormProblem(
            "/problems/invalid-form", form.Texts.Wrong, StatusCodes.Status422UnprocessableEntity, [.. showing.Faults.Select(fault => new FieldError(fault.Field, fault.Message))], showing.IsEmbedded ? markup.Html : null);
        return Results.Json(problem, WebJson.Options, "application/problem+json", problem.Status);
    }

    /// <summary>Something else is in the way.</summary>
    public static IResult Problem(HttpRequest request, ProblemResult problem)
    {
        if (WantsJson(request) || !request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            return problem;
        }

        if (problem.RetryAfterSeconds is { } seconds)
        {
            request.HttpContext.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        var content = Markup.Of($"<div class=\"lf\"><h1>{problem.Problem.Title}</h1><p>{problem.Problem.Detail}</p></div>\n");
        return Page(request, FormPage.Of(FormTexts.English.Language, problem.Problem.Title, null, content), problem.Problem.Status);
    }

    /// <summary>Of the app as the caller sees it: what the host forwards says so. Whoever forges it misleads only himself.</summary>
    private static string OriginOf(HttpRequest request)
    {
        var (host, scheme) = (request.Headers["X-Forwarded-Host"].ToString(), request.Headers["X-Forwarded-Proto"].ToString());
        return $"{(scheme is "http" or "https" ? scheme : request.Scheme)}://{(host.Length > 0 ? host : request.Host.Value)}";
    }
}

/// <param name="Message">To show.</param>
/// <param name="Redirect">Where to go then; absent: nowhere.</param>
/// <param name="Html">For the script that shows forms in other sites' pages.</param>
internal sealed record ReceivedForm(bool Success, string Message, string? Redirect, string? Html);

/// <param name="Errors">By field, in the language of the form.</param>
/// <param name="Html">For the script: the form with what is wrong.</param>
internal sealed record FormProblem(string Type, string Title, int Status, IReadOnlyList<FieldError> Errors, string? Html);
