using System.Collections.Frozen;
using LeadFunctions.Platform.Definitions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Access;

/// <summary>Who sent a management request.</summary>
/// <param name="KeyId">The API key's id; <see cref="ApiKeys.SettingKeyId"/> for the one from the settings.</param>
public sealed record Caller(string KeyId, string Name, IReadOnlyList<Scope> Scopes)
{
    /// <summary>The caller of a request that has passed the authorization.</summary>
    /// <exception cref="InvalidOperationException">The route is not a management route.</exception>
    public static Caller Of(HttpRequest request) => request.HttpContext.Items[typeof(Caller)] as Caller
        ?? throw new InvalidOperationException("Only management routes know their caller.");

    internal void AttachTo(HttpContext context) => context.Items[typeof(Caller)] = this;
}

/// <summary>An API key's record: everything but the key.</summary>
public sealed record ApiKeyDocument(string Name, IReadOnlyList<Scope> Scopes, string Hash);

/// <summary>The API keys, in memory.</summary>
public sealed class ApiKeys : IFreshness
{
    public const string Kind = "api-key";
    public const string KeyPrefix = "lfk_";
    public const string SettingKeyId = "setting";

    private readonly LiveDefinitions<FrozenDictionary<string, ApiKeyDocument>> _keys;
    private readonly string? _settingKeyHash;

    public ApiKeys(DefinitionsTable table, AccessOptions options, TimeProvider time, ILogger<ApiKeys> logger)
    {
        _settingKeyHash = options.AdminKey is { Length: > 0 } key ? Secret.HashOf(key) : null;
        _keys = new(Kind, table, withHistory: false, set => set.Live.Values.ToFrozenDictionary(d => d.Id, d => d.Read<ApiKeyDocument>(), StringComparer.Ordinal), time, logger);
    }

    public Caller? FindCaller(string key)
    {
        if (_settingKeyHash is not null && Secret.Matches(key, _settingKeyHash))
        {
            return new Caller(SettingKeyId, "Setting", [Scope.Admin]);
        }

        return Secret.FindId(KeyPrefix, key) is { } id && _keys.Current.GetValueOrDefault(id) is { } found && Secret.Matches(key, found.Hash)
            ? new Caller(id, found.Name, found.Scopes)
            : null;
    }

    public ValueTask FreshAsync(CancellationToken cancellationToken) => _keys.FreshAsync(cancellationToken);
}
