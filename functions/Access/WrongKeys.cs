using System.Net;
using System.Net.Sockets;
using LeadFunctions.Platform;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Access;

/// <summary>
/// Slows down whoever tries API keys, by the address that they come from: above the rate a key is not even looked at, right or wrong. Only a key that was right from that address lately still is, so that nobody can lock out
/// a company behind whose proxy he sits. Keys are too long to be guessed in any case; this keeps attempts cheap for us, and few. Write keys are public and need no such care, and their clients would come again at a 429.
/// </summary>
public sealed class WrongKeys
{
    /// <summary>So many at once, then one a second.</summary>
    internal const int AtOnce = 300;

    private const double PerSecond = 1;

    // The same key again is a client that was not told of a new one rather than somebody who guesses.
    private const double AgainCounts = 0.2;
    private const int Remembered = 10_000;
    private const int KeysRemembered = 4;

    private readonly RecentCache<Tries> _tries = new(Remembered);

    /// <summary>True when the key may be looked at: always, but after too many wrong ones.</summary>
    /// <param name="retryAfterSeconds">When not: when it may be.</param>
    public bool MayTry(string from, string key, TimeSpan now, out int retryAfterSeconds)
    {
        retryAfterSeconds = 0;
        if (!_tries.TryFind(from, out var tries) || tries.IsRight(Secret.HashOf(key)) || tries.Bucket.TryTake(0, PerSecond, AtOnce, 0, now, out var retryAfter))
        {
            return true;
        }

        retryAfterSeconds = Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds));
        return false;
    }

    public void Note(string from, string key, bool isRight, TimeSpan now)
    {
        // Addresses that only ever sent right keys are as many as there are users, and nothing need be known of them until one is wrong.
        if (!_tries.TryFind(from, out var tries))
        {
            _tries.Keep(from, tries = new Tries());
        }

        var isNew = tries.Add(Secret.HashOf(key), isRight);
        if (!isRight)
        {
            tries.Bucket.TryTake(isNew ? 1 : AgainCounts, PerSecond, AtOnce, 0, now, out _);
        }
    }

    /// <summary>As <see cref="PeerOf"/> says; of IPv6 the network, of which a caller has many addresses.</summary>
    internal static string AddressOf(HttpRequest request)
    {
        var address = PeerOf(request);
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }

    /// <summary>The address that a caller cannot choose: what the last proxy that is not our own network's saw, else the connection's.</summary>
    internal static IPAddress PeerOf(HttpRequest request)
    {
        var hops = request.Headers["X-Forwarded-For"].ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(hop => IPEndPoint.TryParse(hop, out var seen) ? seen.Address : null).OfType<IPAddress>().Reverse().ToList();
        var address = hops.Find(hop => !IsInside(hop)) ?? hops.FirstOrDefault() ?? request.HttpContext.Connection.RemoteIpAddress ?? IPAddress.None;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    private static bool IsInside(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IPAddress.IsLoopback(plain) || plain.IsIPv6LinkLocal || plain.IsIPv6UniqueLocal
            || (plain.AddressFamily == AddressFamily.InterNetwork && plain.GetAddressBytes() is [10, ..] or [172, >= 16 and < 32, ..] or [192, 168, ..] or [169, 254, ..] or [100, >= 64 and < 128, ..]);
    }

    private sealed class Tries
    {
        private readonly Lock _gate = new();
        private readonly Queue<string> _wrong = [];
        private readonly Queue<string> _right = [];

        public TokenBucket Bucket { get; } = new();

        public bool IsRight(string hash)
        {
            lock (_gate)
            {
                return _right.Contains(hash);
            }
        }

        /// <summary>False when it is one of the last.</summary>
        public bool Add(string hash, bool isRight)
        {
            var (known, other) = isRight ? (_right, _wrong) : (_wrong, _right);
            lock (_gate)
            {
                // A key that was revoked, or made, in between.
                if (other.Contains(hash))
                {
                    var kept = other.Where(o => o != hash).ToList();
                    other.Clear();
                    kept.ForEach(other.Enqueue);
                }

                if (known.Contains(hash))
                {
                    return false;
                }

                known.Enqueue(hash);
                if (known.Count > KeysRemembered)
                {
                    known.Dequeue();
                }

                return true;
            }
        }
    }
}
