using System.Diagnostics;
using System.Text.Json;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Mail;

/// <summary>A mail as a library that shares no code with what wrote it reads it.</summary>
internal sealed record ReadMail(
    string? Subject, ReadAddress? From, IReadOnlyList<ReadAddress> To, IReadOnlyList<ReadAddress> ReplyTo, string? MessageId, string? Date, string? Text, string? Html,
    IReadOnlyDictionary<string, string> Headers, IReadOnlyList<ReadSignature> Dkim);

internal sealed record ReadAddress(string Name, string Address);

/// <param name="Result">pass, or what else.</param>
internal sealed record ReadSignature(string Result, string? Domain, string? Selector, string? Algorithm);

/// <summary>postal-mime reads, mailauth verifies; one process for many mails.</summary>
internal static class IndependentReader
{
    /// <param name="keys">TXT records, by name: what DNS would say.</param>
    public static async Task<IReadOnlyList<ReadMail>> ReadAsync(IReadOnlyList<byte[]> mails, IReadOnlyDictionary<string, string>? keys = null)
    {
        var folder = await NodePackages.EnsureAsync("tests/clients");
        var start = new ProcessStartInfo("node", [Path.Combine(folder, "read-mail.mjs")]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!; // it is started anew
        await process.StandardInput.WriteAsync(JsonSerializer.Serialize(new { mails = mails.Select(Convert.ToBase64String), keys = keys ?? new Dictionary<string, string>() }));
        process.StandardInput.Close();
        return JsonSerializer.Deserialize<List<ReadMail>>(await process.StandardOutput.ReadToEndAsync(), JsonSerializerOptions.Web) ?? [];
    }
}
