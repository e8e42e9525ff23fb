using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LeadFunctions.Events;

/// <summary>The kinds of name a person is known by, weakest first: a stronger one decides whom an event belongs to.</summary>
internal enum IdentityKind
{
    Anonymous,
    Email,
    User,
}

/// <summary>One name of one person, as a client sends it.</summary>
internal readonly record struct Identity(IdentityKind Kind, string Value)
{
    public static Identity User(string userId) => new(IdentityKind.User, userId);

    public static Identity Anonymous(string anonymousId) => new(IdentityKind.Anonymous, anonymousId);

    /// <summary>E-mail addresses are one person's whatever their case.</summary>
    public static Identity Email(string address) => new(IdentityKind.Email, (EmailAddress.Normalise(address) ?? address.Trim()).ToLowerInvariant());

    /// <summary>The compact form that profiles keep: <c>u:42</c>, <c>e:ann@example.com</c>, <c>a:0f3c…</c>.</summary>
    public string Key => Letter(Kind) + ":" + Value;

    public static Identity OfKey(string key) => new(key[0] switch { 'u' => IdentityKind.User, 'e' => IdentityKind.Email, _ => IdentityKind.Anonymous }, key[2..]);

    /// <summary>Where the row of this identity stands, and the id of a lead first seen under it: 128 bits of SHA-256, in 26 characters that are safe in row keys and sort as they read.</summary>
    public string Hash()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(Key), digest);
        return LeadIds.Encode(digest[..16]);
    }

    /// <summary>Every identity that an event carries, strongest first, without repeats.</summary>
    public static IReadOnlyList<Identity> Of(LeadEvent e)
    {
        var found = new List<Identity>(3);
        if (e.UserId is { Length: > 0 } user)
        {
            found.Add(User(user));
        }

        if (e is { Type: EventType.Identify, IsAddressOnlyATrait: not true } && EmailIn(e.Traits) is { } email)
        {
            found.Add(Email(email));
        }
        else if (e.Email is { Length: > 0 } address)
        {
            found.Add(Email(address));
        }

        if (e.AnonymousId is { Length: > 0 } anonymous)
        {
            found.Add(Anonymous(anonymous));
        }

        if (e is { Type: EventType.Alias, MayMergeKnown: not true, PreviousId: { Length: > 0 } browser } && browser != e.AnonymousId && browser != e.UserId)
        {
            found.Add(Anonymous(browser));
        }

        return found;
    }

    /// <summary>The address that it tells of somebody whom it does not name by it.</summary>
    public static IReadOnlyList<Identity> ToldBy(LeadEvent e) =>
        e is { Type: EventType.Identify, IsAddressOnlyATrait: true } && EmailIn(e.Traits) is { } email ? [Email(email)] : [];

    /// <summary>What <c>alias</c> of a source that may merge known people may mean by <c>previousId</c>: clients send a user id or an anonymous id there.</summary>
    public static IReadOnlyList<Identity> PreviousOf(LeadEvent e) =>
        e is { Type: EventType.Alias, MayMergeKnown: true, PreviousId: { Length: > 0 } previous } ? [User(previous), Anonymous(previous)] : [];

    /// <summary>The address among a person's traits, in its normal form; null when there is none.</summary>
    public static string? EmailIn(JsonElement traits) =>
        traits.ValueKind == JsonValueKind.Object && traits.TryGetProperty("email"u8, out var email) && email.ValueKind == JsonValueKind.String ? EmailAddress.Normalise(email.GetString()!) : null;

    /// <summary>What a <see cref="Key"/> of this kind begins with.</summary>
    internal static char Letter(IdentityKind kind) => kind switch
    {
        IdentityKind.User => 'u',
        IdentityKind.Email => 'e',
        _ => 'a',
    };
}

internal static class LeadIds
{
    /// <summary>
    /// Fixed for the life of the data: it is part of where every lead stands. A storage account takes 2,000 rows a second in each, so 8,000 events;
    /// more shards would take more, and make every transaction smaller below that.
    /// </summary>
    public const int Shards = 8;

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    public const int Length = 26;

    /// <summary>The partition of a lead's rows, <c>s00</c> to <c>s07</c>.</summary>
    public static string Shard(string leadId) => ShardName(ShardIndex(leadId));

    public static string ShardName(int index) => ShardNames[index];

    /// <summary>The last two characters carry ten of the hash's evenly spread bits.</summary>
    public static int ShardIndex(string leadId) => (Alphabet.IndexOf(leadId[^2]) & 15) % Shards;

    public static bool IsValid(string? text) => text is { Length: Length } && text.All(c => Alphabet.Contains(c));

    internal static string Encode(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[Length];
        int buffer = 0, bits = 0, at = 0;
        foreach (var b in bytes)
        {
            buffer = (buffer << 8) | b;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text[at++] = Alphabet[(buffer >> bits) & 31];
            }

            buffer &= (1 << bits) - 1;
        }

        if (bits > 0)
        {
            text[at++] = Alphabet[(buffer << (5 - bits)) & 31];
        }

        return new string(text[..at]);
    }

    /// <summary>The 16 bytes that an id was made of.</summary>
    internal static void Decode(string leadId, Span<byte> bytes)
    {
        int buffer = 0, bits = 0, at = 0;
        foreach (var c in leadId)
        {
            buffer = (buffer << 5) | Alphabet.IndexOf(c);
            bits += 5;
            if (bits >= 8 && at < bytes.Length)
            {
                bits -= 8;
                bytes[at++] = (byte)(buffer >> bits);
                buffer &= (1 << bits) - 1;
            }
        }
    }

    /// <summary>All partitions, in order.</summary>
    internal static IReadOnlyList<string> AllShards => ShardNames;

    private static readonly string[] ShardNames = [.. Enumerable.Range(0, Shards).Select(i => $"s{i:00}")];
}
