using System.Collections.Frozen;
using LeadFunctions.Platform;
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

    public async ValueTask FreshAsync(CancellationToken cancellationToken)
    {
        await _sources.FreshAsync(cancellationToken);
        await _sourceByKeyHash.FreshAsync(cancellationToken);
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
