using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Mail;
using LeadFunctions.Messaging.Stored;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using LeadFunctions.Templates.Liquid;
using LeadFunctions.Templates.Stored;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Templates.Api;

/// <summary>A template as one reader would get it: shown, or sent to whoever tries it.</summary>
public sealed class PreviewFunctions(DefinitionsTable table, LeadReader leads, RulesInEffect rules, IEnumerable<IMailProvider> providers, MessagingStore messaging, TimeProvider time)
{
    /// <summary>Test messages of an instance: they go past consent and caps.</summary>
    private const int TestsAMinute = 20;

    private static readonly string[] Given = ["lead", "trigger", "saved", "data", "run"];

    private readonly TokenBucket _tests = new();

    private sealed record Filled(CompiledTemplate Template, RenderedMessage Message);

    [Function(nameof(PreviewTemplate)), ShowsPeople, RequiresScope(Scope.Marketer)]
    public async Task<IResult> PreviewTemplate(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/templates/{id}/preview")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (asked, problem) = await RequestBody.ReadJsonAsync<PreviewRequest>(request, cancellationToken);
        var (filled, refusal) = asked is null ? (null, problem) : await FillAsync(id, asked, request, cancellationToken);
        return filled is null ? refusal! : WebJson.Ok(new TemplatePreview( // one of the two is always set
            id, filled.Template.Template.Version, filled.Message.Locale, filled.Message.Subject, filled.Message.From, filled.Message.ReplyTo, filled.Message.Html, filled.Message.Text, filled.Message.Missing,
            TemplateWarnings.Of(filled.Template, filled.Message)));
    }

    [Function(nameof(TestTemplate)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> TestTemplate(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/templates/{id}/test")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (asked, problem) = await RequestBody.ReadJsonAsync<TestRequest>(request, cancellationToken);
        if (asked is null)
        {
            return problem!; // one of the two is always set
        }

        if (EmailAddress.Normalise(asked.To) is not { } to)
        {
            return Problems.Invalid("$.to", "This is no e-mail address.", "one address: ann@example.com");
        }

        var (filled, refusal) = await FillAsync(id, asked.Preview, request, cancellationToken);
        if (filled is null)
        {
            return refusal!; // likewise
        }

        if (filled.Message.From is not { } from)
        {
            return Problems.Conflict("Nobody has said who the mail comes from.", "Give the template a \"from\", or the setting messaging.");
        }

        if (providers.FirstOrDefault() is not { } provider)
        {
            return Problems.NotSetUp("No mail can be sent.", "No provider of mail is set up.");
        }

        if (!_tests.TryTake(1, TestsAMinute / 60.0, TestsAMinute, 0, TimeSpan.FromMilliseconds(Environment.TickCount64), out var after))
        {
            return Problems.TooManyRequests((int)Math.Ceiling(after.TotalSeconds));
        }

        var now = time.GetUtcNow();
        var outcome = await provider.SendAsync(
            new OutgoingMail($"test/{id}/{Guid.CreateVersion7(now):N}", from, filled.Message.ReplyTo, to, filled.Message.Subject, filled.Message.Html, filled.Message.Text, now), cancellationToken);
        return WebJson.Ok(new TestedTemplate(id, filled.Template.Template.Version, to, provider.Name, Name(outcome), outcome switch
        {
            MailOutcome.Deferred deferred => deferred.Reason,
            MailOutcome.Rejected rejected => rejected.Reason,
            MailOutcome.Unknown unknown => unknown.Reason,
            _ => null,
        }));
    }

    private async Task<(Filled? Filled, IResult? Refusal)> FillAsync(string id, PreviewRequest asked, HttpRequest request, CancellationToken cancellationToken)
    {
        if (Faults(asked).ToList() is [_, ..] faults)
        {
            return (null, Problems.Invalid(faults));
        }

        if (!DefinitionId.IsValid(id) || await table.FindAsync(TemplateStore.Kind, id, cancellationToken) is not { } pointer)
        {
            return (null, Problems.NotFound(TemplateFunctions.TheTemplate));
        }

        if (await table.FindVersionAsync(TemplateStore.Kind, id, asked.Version ?? pointer.Latest, cancellationToken) is not { } version)
        {
            return (null, Problems.NotFound("This version of the template"));
        }

        var (known, now) = (rules.Current, time.GetUtcNow());
        if (await LeadAsync(asked, known, now, cancellationToken) is not { } lead)
        {
            return (null, Problems.NotFound("The lead"));
        }

        // Links of a preview lead to the app and do nothing there.
        var site = $"{request.Scheme}://{request.Host}";
        var template = new CompiledTemplate(TemplateStore.Read(version));
        var reader = new Reader(
            lead, known.Journeys.ZoneOf(lead, null), asked.Locale ?? LocaleTag.Of(lead), now, new MailLinks($"{site}/e/u/preview", $"{site}/e/u/preview"),
            Given.Skip(1).Where(name => Part(asked.Data, name).ValueKind == JsonValueKind.Object).ToDictionary(name => name, name => Part(asked.Data, name)));
        try
        {
            var message = TemplateRenderer.Render(template, reader);
            return (new(template, message with { From = message.From ?? messaging.Current.From, ReplyTo = message.ReplyTo ?? messaging.Current.ReplyTo }), null);
        }
        catch (LiquidFaultException fault)
        {
            return (null, Problems.Conflict("The template cannot be filled in with this.", fault.Message));
        }
    }

    /// <summary>The lead, or one made up of the traits that were given.</summary>
    private async Task<ILeadFacts?> LeadAsync(PreviewRequest asked, LeadRules known, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (asked.LeadId is { } id)
        {
            return await leads.FindAsync(id, cancellationToken) is { } lead ? LeadProfile.Of(lead, known, now) : null;
        }

        return new MadeUpLead(Value.From(Part(asked.Data, "lead")));
    }

    private static IEnumerable<FieldError> Faults(PreviewRequest asked)
    {
        if (asked.Locale is { } locale && !LocaleTag.IsOne(locale.Replace('_', '-')))
        {
            yield return new("$.locale", "This is no language.", LocaleTag.Expected);
        }

        if (asked.Version < 1)
        {
            yield return new("$.version", "This is not a version.", "a whole number from 1, or nothing for the latest");
        }

        if (asked.Data is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } data)
        {
            yield break;
        }

        if (data.ValueKind != JsonValueKind.Object)
        {
            yield return new("$.data", "This is no object.", $"an object with {string.Join(", ", Given)}");
            yield break;
        }

        foreach (var part in data.EnumerateObject())
        {
            if (!Given.Contains(part.Name) || part.Value.ValueKind != JsonValueKind.Object)
            {
                yield return new($"$.data.{part.Name}", Given.Contains(part.Name) ? "This is no object." : "A template knows nothing of this name.", $"an object; one of {string.Join(", ", Given)}");
            }
            else if (part.Name == "lead" && asked.LeadId is not null)
            {
                yield return new("$.data.lead", "The lead is given twice.", "either leadId, or data.lead");
            }
        }
    }

    private static JsonElement Part(JsonElement? data, string name) => data is { ValueKind: JsonValueKind.Object } all && all.TryGetProperty(name, out var part) ? part : default;

    private static string Name(MailOutcome outcome) => outcome switch
    {
        MailOutcome.Accepted => "accepted",
        MailOutcome.Deferred => "deferred",
        MailOutcome.Rejected => "rejected",
        _ => "unknown",
    };
}
