using System.Text;
using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Channels;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Feedback;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Mail;
using LeadFunctions.Messaging;
using LeadFunctions.Messaging.Sending;
using LeadFunctions.Messaging.Stored;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using LeadFunctions.Push.Delivery;
using LeadFunctions.Templates.Liquid;
using LeadFunctions.Templates.Stored;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Templates.Api;

/// <summary>A template as one reader would get it: shown, or sent to whoever tries it.</summary>
public sealed class PreviewFunctions(
    DefinitionsTable table, LeadReader leads, RulesInEffect rules, IEnumerable<IMailProvider> providers, IEnumerable<IGateways> gateways, MessagingStore messaging, MessageLinks links, Suppressions suppressions, TimeProvider time)
{
    /// <summary>Test messages of an instance: they go past consent and caps, and to no address that nothing is sent to.</summary>
    private const int TestsAMinute = 20;

    private static readonly string[] Given = ["lead", "trigger", "saved", "data", "run"];

    private readonly TokenBucket _tests = new();

    private sealed record Filled(CompiledTemplate Template, RenderedMessage Message, ILeadFacts Lead);

    [Function(nameof(PreviewTemplate)), ShowsPeople, RequiresScope(Scope.Marketer)]
    public async Task<IResult> PreviewTemplate(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/templates/{id}/preview")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (asked, problem) = await RequestBody.ReadJsonAsync<PreviewRequest>(request, cancellationToken);
        var (filled, refusal) = asked is null ? (null, problem) : await FillAsync(id, asked, request, cancellationToken);
        return filled is null ? refusal! : WebJson.Ok(TemplatePreview.Of(filled.Template, filled.Message, await SentAsync(filled, cancellationToken))); // one of the two is always set
    }

    /// <summary>A mail's HTML with its links counted, which makes it longer; about as long as a campaign's.</summary>
    private async Task<string?> SentAsync(Filled filled, CancellationToken cancellationToken)
    {
        if (filled.Message is not RenderedMessage.Mail mail)
        {
            return null;
        }

        var (lead, now) = (Identity.Email("preview@example.com").Hash(), time.GetUtcNow());
        return (await links.ForAsync(new SendContext($"campaign/{Guid.CreateVersion7(now):N}/{lead}", lead, now, Topic: filled.Template.Template.Document.Topic), cancellationToken)).Rewrite(mail.Html);
    }

    [Function(nameof(TestTemplate)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> TestTemplate(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/templates/{id}/test")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (asked, problem) = await RequestBody.ReadJsonAsync<TestRequest>(request, cancellationToken);
        var (filled, refusal) = asked is null ? (null, problem) : await FillAsync(id, asked.Preview, request, cancellationToken);
        return filled?.Message switch
        {
            RenderedMessage.Mail mail => await TestAsync(filled.Template, mail, asked!, cancellationToken), // else nothing would be filled in
            RenderedMessage.Push push => await TestAsync(filled.Template, push, asked!, filled.Lead, cancellationToken), // likewise
            _ => refusal!, // one of the two is always set
        };
    }

    private async Task<IResult> TestAsync(CompiledTemplate template, RenderedMessage.Mail mail, TestRequest asked, CancellationToken cancellationToken)
    {
        if (EmailAddress.Normalise(asked.To ?? "") is not { } to)
        {
            return Problems.Invalid("$.to", "This is no e-mail address.", "one address: ann@example.com");
        }

        if (mail.From is not { } from)
        {
            return Problems.Conflict("Nobody has said who the mail comes from.", "Give the template a \"from\", or the setting messaging.");
        }

        if (providers.FirstOrDefault() is not { } provider)
        {
            return Problems.NotSetUp("No mail can be sent.", "No provider of mail is set up.");
        }

        if (await suppressions.FindAsync(to, cancellationToken) is { } suppressed && MailCarrier.Refusal(suppressed.Reason, template.Template.Document.Topic) is { } suppression)
        {
            return Problems.Conflict("Nothing is sent to this address.", suppression);
        }

        var now = time.GetUtcNow();
        return await TriedAsync(template, to, provider.Name, () => provider.SendAsync(
            new OutgoingMail(SendIdOf(template, now), from, mail.ReplyTo, to, mail.Subject, mail.Html, mail.Text, now), cancellationToken));
    }

    /// <summary>To the browsers of a lead: whoever tries it lets their own be told things, and finds the lead that they are by that.</summary>
    private async Task<IResult> TestAsync(CompiledTemplate template, RenderedMessage.Push push, TestRequest asked, ILeadFacts lead, CancellationToken cancellationToken)
    {
        if (asked.To is not null || asked.LeadId is not { } leadId)
        {
            return Problems.Invalid(asked.To is null ? "$.leadId" : "$.to", "A push message goes to the browsers of a lead.", "leadId, without to");
        }

        if (gateways.FirstOrDefault(gateway => gateway.Serves(PushGateway.Channel)) is not { } gateway)
        {
            return Problems.NotSetUp("No push message can be sent.", "LeadFunctions__Push__PublicKey, __PrivateKey and __Subject are not set.");
        }

        if (Addresses.Of(PushGateway.Channel, lead) is not { Length: > 0 } to)
        {
            return Problems.Conflict("The lead cannot be reached.", "None of its browsers lets itself be told things: lf('push') on a page asks.");
        }

        var now = time.GetUtcNow();
        return await TriedAsync(template, to, PushGateway.Channel, () => gateway.CarryAsync(ChannelMessage.Of(SendIdOf(template, now), PushGateway.Channel, leadId, to, push, now, null, null), cancellationToken));
    }

    private async Task<IResult> TriedAsync(CompiledTemplate template, string to, string provider, Func<Task<MailOutcome>> send)
    {
        if (!_tests.TryTake(1, TestsAMinute / 60.0, TestsAMinute, 0, TimeSpan.FromMilliseconds(Environment.TickCount64), out var after))
        {
            return Problems.TooManyRequests((int)Math.Ceiling(after.TotalSeconds));
        }

        var outcome = await send();
        return WebJson.Ok(new TestedTemplate(template.Template.Id, template.Template.Version, to, provider, Name(outcome), outcome switch
        {
            MailOutcome.Deferred deferred => deferred.Reason,
            MailOutcome.Rejected rejected => rejected.Reason,
            MailOutcome.Unknown unknown => unknown.Reason,
            _ => null,
        }));
    }

    private static string SendIdOf(CompiledTemplate template, DateTimeOffset now) => $"test/{template.Template.Id}/{Guid.CreateVersion7(now):N}";

    private async Task<(Filled? Filled, IResult? Refusal)> FillAsync(string id, PreviewRequest asked, HttpRequest request, CancellationToken cancellationToken)
    {
        if (Faults(asked).ToList() is [_, ..] faults)
        {
            return (null, Problems.Invalid(faults));
        }

        var (found, problem) = await FindAsync(id, asked, cancellationToken);
        if (found is null)
        {
            return (null, problem);
        }

        var (known, now) = (rules.Current, time.GetUtcNow());
        if (await LeadAsync(asked, known, now, cancellationToken) is not { } lead)
        {
            return (null, Problems.NotFound("The lead"));
        }

        // Links of a preview lead to the app and do nothing there.
        var site = $"{request.Scheme}://{request.Host}";
        var template = new CompiledTemplate(found);
        var reader = new Reader(
            lead, known.Journeys.ZoneOf(lead, null), asked.Locale ?? LocaleTag.Of(lead), now, new MailLinks($"{site}/e/u/preview", $"{site}/e/u/preview", $"{site}/e/v/preview"),
            Given.Skip(1).Where(name => Part(asked.Data, name).ValueKind == JsonValueKind.Object).ToDictionary(name => name, name => Part(asked.Data, name)));
        try
        {
            var message = TemplateRenderer.Render(template, reader);
            return (new(template, message is RenderedMessage.Mail mail ? mail with { From = mail.From ?? messaging.Current.From, ReplyTo = mail.ReplyTo ?? messaging.Current.ReplyTo } : message, lead), null);
        }
        catch (LiquidFaultException fault)
        {
            return (null, Problems.Conflict("The template cannot be filled in with this.", fault.Message));
        }
    }

    /// <summary>What is stored; or what somebody is writing, which is held against the same rules as when it is saved.</summary>
    private async Task<(Template? Template, IResult? Problem)> FindAsync(string id, PreviewRequest asked, CancellationToken cancellationToken)
    {
        if (!DefinitionId.IsValid(id))
        {
            return (null, Problems.NotFound(TemplateFunctions.TheTemplate));
        }

        if (asked.Document is { } text)
        {
            var (document, errors) = TemplateParser.Parse(Encoding.UTF8.GetBytes(text.GetRawText()));
            return document is null ? (null, Problems.InvalidDocument([.. errors.Select(error => error with { Path = $"$.document{error.Path[1..]}" })])) : (new(id, 0, document), null);
        }

        return await table.FindAsync(TemplateStore.Kind, id, cancellationToken) is not { } pointer ? (null, Problems.NotFound(TemplateFunctions.TheTemplate))
            : await table.FindVersionAsync(TemplateStore.Kind, id, asked.Version ?? pointer.Latest, cancellationToken) is { } version ? (TemplateStore.Read(version), null)
            : (null, Problems.NotFound("This version of the template"));
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

        if (asked is { Version: not null, Document: not null })
        {
            yield return new("$.version", "The text is given twice.", "either version, or document");
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
