using System.Net;
using System.Net.Sockets;

namespace LeadFunctions.Platform.Outbound;

/// <summary>
/// Which addresses are on the public internet, and which are somebody's own network, this machine, or nobody's: after IANA's registries of special-purpose addresses.
/// An IPv6 address that carries an IPv4 address inside is as public as that.
/// </summary>
internal static class PublicAddresses
{
    /// <summary>The IPv4 special-purpose registry, whatever it says of reachability: no webhook is there. Beside it multicast, and Azure's platform.</summary>
    private static readonly IPNetwork[] SpecialV4 =
    [
        IPNetwork.Parse("0.0.0.0/8"), // this network
        IPNetwork.Parse("10.0.0.0/8"), // private
        IPNetwork.Parse("100.64.0.0/10"), // shared by carriers
        IPNetwork.Parse("127.0.0.0/8"), // this machine
        IPNetwork.Parse("168.63.129.16/32"), // Azure's platform, seen from any virtual machine
        IPNetwork.Parse("169.254.0.0/16"), // this link; cloud metadata
        IPNetwork.Parse("172.16.0.0/12"), // private
        IPNetwork.Parse("192.0.0.0/24"), // protocol assignments
        IPNetwork.Parse("192.0.2.0/24"), // documentation
        IPNetwork.Parse("192.31.196.0/24"), // AS112, which swallows what is asked of private addresses
        IPNetwork.Parse("192.52.193.0/24"), // multicast by tunnel
        IPNetwork.Parse("192.88.99.0/24"), // 6to4 relays
        IPNetwork.Parse("192.168.0.0/16"), // private
        IPNetwork.Parse("192.175.48.0/24"), // AS112
        IPNetwork.Parse("198.18.0.0/15"), // benchmarks
        IPNetwork.Parse("198.51.100.0/24"), // documentation
        IPNetwork.Parse("203.0.113.0/24"), // documentation
        IPNetwork.Parse("224.0.0.0/4"), // multicast
        IPNetwork.Parse("240.0.0.0/4"), // reserved; broadcast
    ];

    /// <summary>Whatever is not in here is not given to anybody: private (fc00::/7), link-local (fe80::/10), multicast, discard (100::/64), SIDs (5f00::/16) and the rest.</summary>
    private static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");

    /// <summary>The IPv6 special-purpose registry, as far as it lies in <see cref="GlobalV6"/>.</summary>
    private static readonly IPNetwork[] SpecialV6 =
    [
        IPNetwork.Parse("2001::/23"), // protocol assignments: Teredo, benchmarks, ORCHID …
        IPNetwork.Parse("2001:db8::/32"), // documentation
        IPNetwork.Parse("2620:4f:8000::/48"), // AS112
        IPNetwork.Parse("3fff::/20"), // documentation
    ];

    /// <summary>Where an IPv4 address is inside, and from which byte on. (Teredo, 2001::/32, hides one too; it is special as a whole.)</summary>
    private static readonly (IPNetwork Network, int At)[] Embedding =
    [
        (IPNetwork.Parse("::ffff:0:0/96"), 12), // mapped
        (IPNetwork.Parse("64:ff9b::/96"), 12), // NAT64: how an IPv6-only network reaches any IPv4 address
        (IPNetwork.Parse("2002::/16"), 2), // 6to4
    ];

    public static bool Contain(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return !SpecialV4.Any(network => network.Contains(address));
        }

        var bytes = address.GetAddressBytes();
        var plain = new IPAddress(bytes); // without the scope, which says on which link, not who
        foreach (var (network, at) in Embedding)
        {
            if (network.Contains(plain))
            {
                return Contain(new IPAddress(bytes.AsSpan(at, 4)));
            }
        }

        // The last half of an address can be made by ISATAP from an IPv4 address: the router at its end would unpack it.
        return GlobalV6.Contains(plain) && !SpecialV6.Any(network => network.Contains(plain))
            && (bytes.AsSpan(8, 4) is not ([0 or 2, 0, 0x5e, 0xfe]) || Contain(new IPAddress(bytes.AsSpan(12, 4))));
    }
}
