using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Forms.Stored;
using LeadFunctions.Ingest;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Forms.Api;

/// <summary>Forms as everybody sees and sends them.</summary>
public sealed class PublicFormFunctions(FormIntake intake, FormStore forms, FeedbackKeys keys, FormCounts counts, LeadReader leads, TimeProvider time)
{
    private const string ScriptEnds = ".js";

    /// <summary>Shows a form in another site's page. It is the same for all forms: which one, its own address says.</summary>
    private static readonly BrowserScript Script = new("forms", "form.js");

    /// <summary>The page; with <c>?embed=1</c> what the script puts into somebody's page; with <c>.js</c> behind its id the script.</summary>
    [Function(nameof(OpenForm))]
    public async Task<IResult> OpenForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "f/{form}")] HttpRequest request, string form, CancellationToken cancellationToken)
    {
        if (form.EndsWith(ScriptEnds, StringComparison.Ordinal))
        {
            return forms.Find(form[..^ScriptEnds.Length]) is null ? Problems.NotFound("The form") : Script.Answer(request);
        }

        if (forms.Find(form) is not { } found)
        {
            return FormReply.Problem(request, Problems.NotFound("The form"));
        }

        if (!FormReply.MayAsk(request, found.Document))
        {
            return Problems.Forbidden("This form is not shown on this site.");
        }

        var query = request.Query;
        var anonymousId = FormIntake.AnonymousIdOf(query[SentForm.AnonymousId]);
        var local = LocalForm.For(found, FormReply.Languages(request, query["lang"]));
        var asked = FormShowing.Choose(found.Document, await KnownAsync(found.Document, anonymousId, cancellationToken));
        var isEmbedded = query["embed"].Count > 0;
        var ticket = new FormTicket(found.Version, time.GetUtcNow(), FormIntake.NewNonce(), FormTicket.Bits(found.Document, asked.Contains));
        var sent = anonymousId is null ? FormShowing.Nothing : new SentForm(new Dictionary<string, IReadOnlyList<string>> { [SentForm.AnonymousId] = [anonymousId] });
        var markup = FormMarkup.Form(local, new(asked, sent, [], await keys.SignAsync(FormTicket.PurposeOf(found.Id), ticket.Said, cancellationToken), isEmbedded));
        counts.Add(found.Id, FormCounts.Shown);
        return isEmbedded
            ? WebJson.Ok(new EmbeddedForm(markup.Html, FormStyle.For(found.Document.Theme), local.Texts.Failed))
            : FormReply.Page(request, FormPage.Of(local.Locale, local.Title, found.Document, markup));
    }

    [Function(nameof(SubmitForm))]
    public Task<IResult> SubmitForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", "options", Route = "f/{form}")] HttpRequest request, string form, CancellationToken cancellationToken) =>
        HttpMethods.IsOptions(request.Method) ? Task.FromResult(Preflight(request, form)) : intake.TakeAsync(request, form, cancellationToken);

    /// <summary>What somebody has said already need not be asked again. Whoever knows a browser's id learns which questions these are, and no answer.</summary>
    private async Task<Func<string, bool>> KnownAsync(FormDocument form, string? anonymousId, CancellationToken cancellationToken)
    {
        if (form.Ask is null || anonymousId is null || await leads.FindAsync([Identity.Anonymous(anonymousId)], cancellationToken) is not [var lead])
        {
            return _ => false;
        }

        var facts = new LeadProfileFacts(lead);
        return facts.IsKnown;
    }

    /// <summary>For JSON, which browsers ask about before they send it.</summary>
    private IResult Preflight(HttpRequest request, string form)
    {
        if (forms.Find(form) is { } found && FormReply.MayAsk(request, found.Document) && request.Headers.Origin.ToString() is { Length: > 0 } origin)
        {
            Cors.AnswerPreflight(request.HttpContext, origin);
        }

        return Results.NoContent();
    }

    private sealed class LeadProfileFacts(LeadState lead)
    {
        private readonly Conditions.ILeadFacts _facts = lead.Whole;

        public bool IsKnown(string trait) => _facts.Trait(trait) is { Kind: not (ValueKind.Missing or ValueKind.Null) } value && !(value.Text is { } text && string.IsNullOrWhiteSpace(text));
    }

    /// <param name="Css">For a style sheet of the form's own.</param>
    /// <param name="Failed">What to say when it could not be sent.</param>
    internal sealed record EmbeddedForm(string Html, string Css, string Failed);
}
