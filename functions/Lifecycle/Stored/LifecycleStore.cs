using System.Text;
using LeadFunctions.Platform.Definitions;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Lifecycle.Stored;

/// <summary>The lifecycle in effect, in memory and compiled; the one that comes with the app until somebody publishes another. A publication holds on this instance for the next function, on the others within 5 s.</summary>
public sealed class LifecycleStore : IFreshness
{
    public const string Kind = "lifecycle";

    /// <summary>There is one.</summary>
    public const string Id = "lifecycle";

    private readonly LiveDefinitions<LifecycleRules> _rules;

    public LifecycleStore(DefinitionsTable table, TimeProvider time, ILogger<LifecycleStore> logger) => _rules = new(Kind, table, withHistory: false, Compile, time, logger);

    /// <summary>One snapshot: take it once per unit of work.</summary>
    internal LifecycleRules Current => _rules.Current;

    public ValueTask FreshAsync(CancellationToken cancellationToken) => _rules.FreshAsync(cancellationToken);

    internal static LifecycleDocument Read(DefinitionVersion version) =>
        LifecycleDocument.Parse(Encoding.UTF8.GetBytes(version.Json)) is { Document: { } document } ? document
        : throw new InvalidDataException($"The stored lifecycle, version {version.Version}, cannot be read.");

    // It was checked when it was saved. Going on without it would move leads by other rules and say nothing.
    private static LifecycleRules Compile(DefinitionSet set) => set.Live.TryGetValue(Id, out var live) ? new(set.Revision, Read(live)) : LifecycleRules.BuiltIn;
}
