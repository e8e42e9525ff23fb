using System.Collections.Frozen;
using LeadFunctions.Platform.Definitions;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Access;

/// <summary>The sources and their write keys, in memory.</summary>
public sealed class Sources : IFreshness
{
    public const string Kind = "source";
    public const string KeyKind = "write-key";
    public const string KeyPrefix = "lfw_";

    private readonly LiveDefinitions<FrozenDictionary<string, Source>> _sources;
    private readonly LiveDefinitions<FrozenDictionary<string, string>> _sourceByKeyHash;
    private readonly string? _settingKeyHash;

    public Sources(DefinitionsTable table, AccessOptions options, TimeProvider time, ILogger<Sources> logger)
    {
        _settingKeyHash = options.WriteKey is { Length: > 0 } key ? Secret.HashOf(key) : null;
        _sources = new(Kind, table, withHistory: false, Compile, time, logger);
        _sourceByKeyHash = new(KeyKind, table, withHistory: false, CompileKeys, time, logger);
    }

    /// <summary>The source that this write key belongs to; null when nobody's. Costs a hash and two look-ups.</summary>
    public Source? FindByWriteKey(string key)
    {
        var hash = Secret.HashOf(key);
        var id = hash == _settingKeyHash ? Source.DefaultId : _sourceByKeyHash.Current.GetValueOrDefault(hash);
        return id is null ? null : _sources.Current.GetValueOrDefault(id);
    }

    /// <summary>Somebody looks on at what comes in. One read of memory where nobody does.</summary>
    public bool AreWatched(DateTimeOffset now) => Watch is { } watch && now < watch.Until;

    internal Watch? Watch => _sources.Watch;

    public ValueTask FreshAsync(CancellationToken cancellationToken)
    {
        var sources = _sources.FreshAsync(cancellationToken);
        var keys = _sourceByKeyHash.FreshAsync(cancellationToken);
        return sources.IsCompletedSuccessfully && keys.IsCompletedSuccessfully ? ValueTask.CompletedTask : new ValueTask(Task.WhenAll(sources.AsTask(), keys.AsTask()));
    }

    private FrozenDictionary<string, Source> Compile(DefinitionSet set)
    {
        var sources = set.Live.Values.ToDictionary(d => d.Id, d => d.Read<SourceDocument>().ToSource(d.Id));
        if (_settingKeyHash is not null)
        {
            sources.TryAdd(Source.DefaultId, Source.Default);
        }

        return sources.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static FrozenDictionary<string, string> CompileKeys(DefinitionSet set) =>
        set.Live.Values.Select(d => d.Read<WriteKeyDocument>()).ToFrozenDictionary(k => k.Hash, k => k.Source, StringComparer.Ordinal);
}
