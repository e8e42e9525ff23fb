using System.Text;
using System.Text.Json;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Feedback.Api;

/// <summary>
/// Where carriers report what became of messages. They hold no API key: each proves itself in its own way, and one that the settings do not name is not let in. What is answered with 200 is carried out.
/// </summary>
public sealed class CarrierFunctions(CarrierKeys keys, SesDoor ses, MailgunDoor mailgun, RefusedCarriers refused, Reports reports, TimeProvider time)
{
    private const int MostBody = 4 * 1024 * 1024;
    private const string OriginHeader = "WebHook-Request-Origin";
    private const string KeyHeader = "X-LeadFunctions-Key";

    /// <summary>Both of Event Grid's questions whether this is the endpoint that was meant are answered: the event with a code, and OPTIONS of CloudEvents.</summary>
    [Function(nameof(TakeEventGridReports))]
    public async Task<IResult> TakeEventGridReports(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", "options", Route = "feedback/eventgrid")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (!keys.IsRight(CarrierKeys.EventGrid, request.Query["key"]) && !keys.IsRight(CarrierKeys.EventGrid, request.Headers[KeyHeader]))
        {
            return NotLetIn(CarrierKeys.EventGrid, "The key is missing or wrong.");
        }

        if (HttpMethods.IsOptions(request.Method))
        {
            if (request.Headers[OriginHeader].ToString() is { Length: > 0 } origin)
            {
                request.HttpContext.Response.Headers["WebHook-Allowed-Origin"] = origin;
                request.HttpContext.Response.Headers["WebHook-Allowed-Rate"] = "*";
            }

            return Results.Ok();
        }

        var (body, problem) = await RequestBody.ReadAsync(request, MostBody, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        if (AcsReports.Read(body, time.GetUtcNow()) is not { } delivery)
        {
            return Problems.Invalid("$", "This is no delivery of Event Grid's.", "events in the Event Grid schema, or CloudEvents 1.0");
        }

        if (delivery.ValidationCode is { } code)
        {
            return WebJson.Ok(new { validationResponse = code });
        }

        await reports.CarryOutAsync(CarrierKeys.EventGrid, delivery.Reports, cancellationToken);
        return Results.Ok();
    }

    [Function(nameof(TakeReports))]
    public async Task<IResult> TakeReports(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "feedback/{carrier}")] HttpRequest request, string carrier, CancellationToken cancellationToken)
    {
        if (carrier is not (CarrierKeys.SendGrid or CarrierKeys.Mailgun or CarrierKeys.Postmark or "ses"))
        {
            return Problems.NotFound("This carrier");
        }

        var (body, problem) = await RequestBody.ReadAsync(request, MostBody, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        JsonElement json;
        try
        {
            json = JsonSerializer.Deserialize<JsonElement>(body);
        }
        catch (JsonException exception)
        {
            return Problems.Invalid("$", FieldError.NotJson(exception), "the carrier's report");
        }

        var now = time.GetUtcNow();
        var (told, refusal) = carrier switch
        {
            CarrierKeys.SendGrid => keys.Find(carrier) is { } key && SendGridReports.IsSigned(key, request.Headers[SendGridReports.SignatureHeader].ToString(), request.Headers[SendGridReports.TimestampHeader].ToString(), body)
                ? (SendGridReports.Read(json, now), CarrierTime.IsFresh(request.Headers[SendGridReports.TimestampHeader], TimeProvider.System.GetUtcNow()) ? null : CarrierTime.Stale) : ([], Unsigned),
            CarrierKeys.Mailgun => await mailgun.RefuseAsync(json, cancellationToken) is { } no ? ([], no) : (MailgunReports.Read(json, now), null),
            CarrierKeys.Postmark => keys.IsRight(carrier, Password(request)) || keys.IsRight(carrier, request.Query["key"]) ? (PostmarkReports.Read(json, now), null) : ([], "The password is missing or wrong."),
            _ => await ses.ReadAsync(json, now, cancellationToken),
        };
        if (refusal is not null)
        {
            return NotLetIn(carrier, refusal);
        }

        await reports.CarryOutAsync(carrier, told, cancellationToken);
        return Results.Ok();
    }

    private const string Unsigned = "The signature is missing or wrong.";

    private ProblemResult NotLetIn(string carrier, string reason)
    {
        refused.Tell(carrier, reason);
        return new(new Problem("/problems/unknown-carrier", "This carrier is not let in.", StatusCodes.Status401Unauthorized, $"{reason} See LeadFunctions__Feedback__Keys."));
    }

    /// <summary>Of HTTP's Basic, as <c>user:password</c>; null when there is none.</summary>
    private static string? Password(HttpRequest request)
    {
        const string scheme = "Basic ";
        var header = request.Headers.Authorization.ToString();
        var bytes = new byte[header.Length];
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && Convert.TryFromBase64String(header[scheme.Length..].Trim(), bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }
}
