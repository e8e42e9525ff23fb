using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using LeadFunctions.Platform.Definitions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Access;

/// <summary>Who sent a management request.</summary>
/// <param name="KeyId">The API key's id; <see cref="ApiKeys.SettingKeyId"/> for the one from the settings.</param>
/// <param name="SessionUntil">When the session that the request came by ends; null when it came with the key.</param>
public sealed record Caller(string KeyId, string Name, IReadOnlyList<Scope> Scopes, DateTimeOffset? SessionUntil = null)
{
    /// <summary>The caller of a request that has passed the authorization.</summary>
    /// <exception cref="InvalidOperationException">The route is not a management route.</exception>
    public static Caller Of(HttpRequest request) => request.HttpContext.Items[typeof(Caller)] as Caller
        ?? throw new InvalidOperationException("Only management routes know their caller.");

    internal void AttachTo(HttpContext context)
    {
        context.Items[typeof(Caller)] = this;
        new Person(KeyId, Name).AttachTo(context);
    }
}

/// <summary>An API key's record: everything but the key.</summary>
public sealed record ApiKeyDocument(string Name, IReadOnlyList<Scope> Scopes, string Hash);

/// <summary>The API keys, in memory.</summary>
public sealed class ApiKeys : IFreshness
{
    public const string Kind = "api-key";
    public const string KeyPrefix = "lfk_";
    public const string SettingKeyId = "setting";

    private const string SettingKeyName = "Setting";

    private readonly LiveDefinitions<FrozenDictionary<string, ApiKeyDocument>> _keys;
    private readonly string? _settingKeyHash;
    private readonly byte[] _pepper;

    public ApiKeys(DefinitionsTable table, AccessOptions options, TimeProvider time, ILogger<ApiKeys> logger)
    {
        _pepper = Encoding.UTF8.GetBytes(options.AdminKey);
        _settingKeyHash = options.AdminKey is { Length: > 0 } key ? Secret.HashOf(key) : null;
        _keys = new(Kind, table, withHistory: false, set => set.Live.Values.ToFrozenDictionary(d => d.Id, d => d.Read<ApiKeyDocument>(), StringComparer.Ordinal), time, logger);
    }

    public Caller? FindCaller(string key)
    {
        if (_settingKeyHash is not null && Secret.Matches(key, _settingKeyHash))
        {
            return new Caller(SettingKeyId, SettingKeyName, [Scope.Admin]);
        }

        return Secret.FindId(KeyPrefix, key) is { } id && _keys.Current.GetValueOrDefault(id) is { } found && Secret.Matches(key, found.Hash)
            ? new Caller(id, found.Name, found.Scopes)
            : null;
    }

    /// <summary>Whoever holds a session: with what their key allows now. Null when the key is revoked.</summary>
    public Caller? FindCaller(Session session) =>
        session.KeyId == SettingKeyId
            ? _settingKeyHash is null ? null : new Caller(SettingKeyId, SettingKeyName, [Scope.Admin], session.Until)
            : _keys.Current.GetValueOrDefault(session.KeyId) is { } found ? new Caller(session.KeyId, found.Name, found.Scopes, session.Until) : null;

    /// <summary>
    /// What the sessions of an API key are signed with; null when there is no such key, so that a session ends with its key. It is made of the key's hash and of the admin key, which is not in storage: who can read the
    /// storage can sign nothing. A new admin key ends all sessions.
    /// </summary>
    public byte[]? FindSigningKey(string keyId) =>
        (keyId == SettingKeyId ? _settingKeyHash : _keys.Current.GetValueOrDefault(keyId)?.Hash) is { } hash
            ? HMACSHA256.HashData(_pepper, Encoding.UTF8.GetBytes($"session/{hash}"))
            : null;

    public ValueTask FreshAsync(CancellationToken cancellationToken) => _keys.FreshAsync(cancellationToken);
}
