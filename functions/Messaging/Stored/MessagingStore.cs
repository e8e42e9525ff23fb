using System.Text;
using LeadFunctions.Platform.Definitions;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Messaging.Stored;

/// <summary>The rules for messages in effect, in memory; those that come with the app until somebody sets others. A change holds on this instance for the next function, on the others within 5 s.</summary>
public sealed class MessagingStore : IFreshness
{
    /// <summary>With other settings.</summary>
    public const string Kind = "setting";
    public const string Id = "messaging";

    private readonly LiveDefinitions<MessagingRules> _rules;

    public MessagingStore(DefinitionsTable table, TimeProvider time, ILogger<MessagingStore> logger) => _rules = new(Kind, table, withHistory: false, Compile, time, logger);

    /// <summary>One snapshot: take it once per unit of work.</summary>
    internal MessagingRules Current => _rules.Current;

    public ValueTask FreshAsync(CancellationToken cancellationToken) => _rules.FreshAsync(cancellationToken);

    // It was checked when it was saved. Going on without it would write to people by other rules and say nothing.
    private static MessagingRules Compile(DefinitionSet set) =>
        !set.Live.TryGetValue(Id, out var live) ? MessagingRules.BuiltIn
        : MessagingDocument.Parse(Encoding.UTF8.GetBytes(live.Json)).Rules ?? throw new InvalidDataException($"The stored setting {Id}, version {live.Version}, cannot be read.");
}
