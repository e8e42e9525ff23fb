using System.Diagnostics;
using System.Text.Json;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Integrations;

/// <summary>The Standard Webhooks library that receivers on Node use: it shares no code with what signs.</summary>
internal static class IndependentVerifier
{
    public static async Task<IReadOnlyList<bool>> VerdictsAsync(string secret, params IReadOnlyList<Received> deliveries)
    {
        var folder = await NodePackages.EnsureAsync("tests/clients");
        var start = new ProcessStartInfo("node", [Path.Combine(folder, "standard-webhooks.mjs"), secret]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!; // it is started anew
        await process.StandardInput.WriteAsync(JsonSerializer.Serialize(deliveries.Select(delivery => new
        {
            body = delivery.Body,
            headers = new Dictionary<string, string> { ["webhook-id"] = delivery.Id, ["webhook-timestamp"] = delivery.Timestamp, ["webhook-signature"] = delivery.Signature },
        })));
        process.StandardInput.Close();
        return JsonSerializer.Deserialize<bool[]>(await process.StandardOutput.ReadToEndAsync()) ?? [];
    }

    public static async Task<bool> AcceptsAsync(string secret, Received delivery) => (await VerdictsAsync(secret, delivery))[0];
}
