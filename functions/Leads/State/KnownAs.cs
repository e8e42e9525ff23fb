using System.Text.Json;
using LeadFunctions.Events;

namespace LeadFunctions.Leads.State;

/// <summary>
/// The user ids and e-mail addresses that a lead is known by, as <see cref="Identity.Key"/>s: what tells people apart. A browser's id does not, since several people may use it. Immutable.
/// </summary>
internal sealed class KnownAs : IEquatable<KnownAs>
{
    public static readonly KnownAs Nobody = new([]);

    private readonly string[] _keys;

    private KnownAs(string[] keys) => _keys = keys;

    /// <summary>Without repeats, sorted.</summary>
    public IReadOnlyList<string> Keys => _keys;

    public bool IsSomebody => _keys.Length > 0;

    public static KnownAs Of(IEnumerable<Identity> identities) => Of(identities.Select(identity => identity.Key));

    /// <param name="keys">Of identities of any kind.</param>
    public static KnownAs Of(IEnumerable<string> keys)
    {
        var known = keys.Where(IsTelling).Distinct().Order(StringComparer.Ordinal).ToArray();
        return known.Length == 0 ? Nobody : new(known);
    }

    /// <summary>From a column of a row.</summary>
    public static KnownAs Read(string? json) => json is null ? Nobody : Of(JsonSerializer.Deserialize(json, LeadsJson.Default.IReadOnlyListString) ?? []);

    /// <summary>For a column of a row; null when there is nothing to say.</summary>
    public string? Write() => IsSomebody ? JsonSerializer.Serialize(Keys, LeadsJson.Default.IReadOnlyListString) : null;

    public KnownAs With(Identity identity) => !IsTelling(identity.Key) || Has(identity.Key) ? this : Of(_keys.Append(identity.Key));

    public KnownAs With(KnownAs other) => !other.IsSomebody ? this : !IsSomebody ? other : Of(_keys.Concat(other._keys));

    public KnownAs Without(KnownAs other) => other.IsSomebody && IsSomebody ? Of(_keys.Except(other._keys)) : this;

    public bool Has(string key) => Array.BinarySearch(_keys, key, StringComparer.Ordinal) >= 0;

    /// <summary>
    /// Whether the two may be one person. User ids decide where both have one; else addresses, where both have one; else nothing speaks against it.
    /// </summary>
    public bool MayBe(KnownAs other) => Agrees(other, IdentityKind.User) ?? Agrees(other, IdentityKind.Email) ?? true;

    public bool Equals(KnownAs? other) => other is not null && _keys.AsSpan().SequenceEqual(other._keys);

    public override bool Equals(object? obj) => Equals(obj as KnownAs);

    public override int GetHashCode() => _keys.Length == 0 ? 0 : HashCode.Combine(_keys.Length, _keys[0], _keys[^1]);

    private bool? Agrees(KnownAs other, IdentityKind kind)
    {
        var letter = Identity.Letter(kind);
        var (mine, theirs) = (Array.Exists(_keys, key => key[0] == letter), Array.Exists(other._keys, key => key[0] == letter));
        return mine && theirs ? Array.Exists(_keys, key => key[0] == letter && other.Has(key)) : null;
    }

    private static bool IsTelling(string key) => key[0] != Identity.Letter(IdentityKind.Anonymous);
}
