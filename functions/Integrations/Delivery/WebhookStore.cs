using System.Collections.Frozen;
using System.Text;
using LeadFunctions.Platform.Definitions;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Integrations.Delivery;

/// <summary>The webhooks, in memory and compiled. One that is saved holds on this instance for the next function, on the others within 5 s.</summary>
public sealed class WebhookStore : IFreshness
{
    public const string Kind = "webhook";

    private readonly LiveDefinitions<Snapshot> _webhooks;

    public WebhookStore(DefinitionsTable table, TimeProvider time, ILogger<WebhookStore> logger) => _webhooks = new(Kind, table, withHistory: false, Compile, time, logger);

    internal IEnumerable<Webhook> All => _webhooks.Current.Webhooks.Values;

    /// <summary>What any of them listens to.</summary>
    internal IReadOnlySet<string> Heard => _webhooks.Current.Heard;

    internal Webhook? Find(string id) => _webhooks.Current.Webhooks.GetValueOrDefault(id);

    public ValueTask FreshAsync(CancellationToken cancellationToken) => _webhooks.FreshAsync(cancellationToken);

    internal static Webhook Read(DefinitionVersion version)
    {
        var (document, errors) = WebhookDocument.Parse(Encoding.UTF8.GetBytes(version.Json));
        return document is not null
            ? new Webhook(version.Id, document.Name, document.Url, document.Types, document.Filter)
            : throw new InvalidDataException($"The stored webhook {version.Id}@{version.Version} cannot be read: {errors[0].Path} {errors[0].Message}");
    }

    private static Snapshot Compile(DefinitionSet set)
    {
        var webhooks = set.Live.Values.Select(Read).ToFrozenDictionary(webhook => webhook.Id);
        return new(webhooks, webhooks.Values.SelectMany(webhook => webhook.Types).ToFrozenSet());
    }

    private sealed record Snapshot(FrozenDictionary<string, Webhook> Webhooks, FrozenSet<string> Heard);
}
