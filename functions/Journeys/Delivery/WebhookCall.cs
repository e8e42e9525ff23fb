using System.Text.Json;
using LeadFunctions.Journeys.Documents;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Platform.Http;

namespace LeadFunctions.Journeys.Delivery;

/// <summary>What a webhook step sends, filled in and checked: what may not go out, or cannot, is found before anything is connected.</summary>
/// <param name="Body">UTF-8 JSON; null for none.</param>
internal sealed record WebhookCall(string Method, Uri Url, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[]? Body)
{
    /// <summary>Either the call, or why the step fails: it would at every try.</summary>
    public static (WebhookCall? Call, string? Fault) Of(RunState run, PendingAct act, Step.Webhook step, RunView view)
    {
        var address = Placeholders.FillAddress(step.Url, view.Find, view.At);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || url.Host.Length == 0)
        {
            return (null, "Filled in, the url is not a web address.");
        }

        if (HasDots(address) && !HasDots(step.Url))
        {
            return (null, "Filled in, the url climbs to another path: a value is \".\" or \"..\".");
        }

        var headers = step.Headers.Select(header => KeyValuePair.Create(header.Key, Placeholders.Fill(header.Value, view.Find, view.At))).ToList();
        if (headers.Select(header => WebhookHeaders.FaultOf(header.Key, header.Value)).FirstOrDefault(fault => fault is not null) is { } fault)
        {
            return (null, fault);
        }

        headers.Add(new("Idempotency-Key", act.Id));
        return (new(step.Method, url, headers, step.Method is "GET" or "DELETE" ? null : BodyOf(run, step, view)), null);
    }

    private static byte[] BodyOf(RunState run, Step.Webhook step, RunView view)
    {
        object body = step.Body.ValueKind == JsonValueKind.Undefined
            ? new { run = run.Id, run.Journey, run.Version, step = step.Id, lead = new { id = run.LeadId, email = view.Trait("email").Text }, run.Trigger }
            : Placeholders.Fill(step.Body, view.Find, view.At);
        return JsonSerializer.SerializeToUtf8Bytes(body, WebJson.Options);
    }

    // A Uri resolves these silently, however they are spelt.
    private static bool HasDots(string address) =>
        address.Split('?', '#')[0].Split('/', '\\').Any(segment => segment.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase) is "." or "..");
}
