using System.Net;
using System.Net.Sockets;
using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Journeys.Delivery;
using LeadFunctions.Platform.Outbound;

namespace LeadFunctions.Tests.Journeys;

/// <summary>Where webhooks may go: IANA's registries of special-purpose addresses, as tables.</summary>
public sealed class PublicAddressTests
{
    /// <summary>The IPv4 registry's blocks by their first and last address, with multicast and Azure's platform.</summary>
    [Theory]
    [InlineData("0.0.0.0", "0.255.255.255")]
    [InlineData("10.0.0.0", "10.255.255.255")]
    [InlineData("100.64.0.0", "100.127.255.255")]
    [InlineData("127.0.0.0", "127.255.255.255")]
    [InlineData("168.63.129.16", "168.63.129.16")]
    [InlineData("169.254.0.0", "169.254.255.255")]
    [InlineData("172.16.0.0", "172.31.255.255")]
    [InlineData("192.0.0.0", "192.0.0.255")]
    [InlineData("192.0.2.0", "192.0.2.255")]
    [InlineData("192.31.196.0", "192.31.196.255")]
    [InlineData("192.52.193.0", "192.52.193.255")]
    [InlineData("192.88.99.0", "192.88.99.255")]
    [InlineData("192.168.0.0", "192.168.255.255")]
    [InlineData("192.175.48.0", "192.175.48.255")]
    [InlineData("198.18.0.0", "198.19.255.255")]
    [InlineData("198.51.100.0", "198.51.100.255")]
    [InlineData("203.0.113.0", "203.0.113.255")]
    [InlineData("224.0.0.0", "255.255.255.255")] // multicast, reserved, broadcast
    public void A_special_block_is_private_from_end_to_end_and_its_neighbours_are_public(string first, string last)
    {
        Assert.False(IsPublic(first));
        Assert.False(IsPublic(last));
        Assert.Equal(first != "0.0.0.0", IsPublic(Beside(first, -1)));
        Assert.Equal(last != "255.255.255.255", IsPublic(Beside(last, 1)));
    }

    [Theory]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::8.8.8.8", false)] // IPv4-compatible, given up long ago
    [InlineData("::ffff:0:8.8.8.8", false)] // translated
    [InlineData("64:ff9b:1::1", false)] // a network's own NAT64
    [InlineData("100::1", false)]
    [InlineData("100:0:0:1::1", false)]
    [InlineData("1fff:ffff::1", false)]
    [InlineData("2001::1", false)] // Teredo
    [InlineData("2001:0:808:808::f7f7:f7f7", false)]
    [InlineData("2001:2::1", false)]
    [InlineData("2001:10::1", false)]
    [InlineData("2001:20::1", false)]
    [InlineData("2001:1ff:ffff::1", false)]
    [InlineData("2001:200::1", true)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2001:db9::1", true)]
    [InlineData("2001:4860:4860::8888", true)]
    [InlineData("2606:4700::1", true)]
    [InlineData("2620:4f:8000::1", false)]
    [InlineData("3fff:fff::1", false)]
    [InlineData("3fff:1000::1", true)]
    [InlineData("4000::1", false)]
    [InlineData("5f00::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fe80::1%3", false)]
    [InlineData("fec0::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("223.255.255.255", true)]
    [InlineData("1.0.0.0", true)]
    public void Other_addresses(string address, bool isPublic) => Assert.Equal(isPublic, IsPublic(address));

    [Fact]
    public void An_address_inside_an_address_counts_as_itself() => Prop.ForAll<uint>(number =>
    {
        var inner = new IPAddress([(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
        var bytes = inner.GetAddressBytes();
        var isPublic = PublicAddresses.Contain(inner);
        return new[]
        {
            IPAddress.Parse($"::ffff:{inner}"),
            IPAddress.Parse($"64:ff9b::{inner}"),
            IPAddress.Parse($"2002:{bytes[0]:x2}{bytes[1]:x2}:{bytes[2]:x2}{bytes[3]:x2}::1"),
            IPAddress.Parse($"2a00:1450::5efe:{inner}"),
            IPAddress.Parse($"2a00:1450::200:5efe:{inner}"),
        }.All(outer => PublicAddresses.Contain(outer) == isPublic);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::1", "10.0.0.1")]
    [InlineData("64:ff9b::10.0.0.1")]
    public async Task What_a_name_leads_to_is_asked_at_each_connection(params string[] second)
    {
        await using var server = new RawServer();
        var connected = new List<IPAddress>();
        var answers = new Queue<string[]>([["10.0.0.7", "93.184.215.14"], second]);
        using var webhooks = new Webhooks(new WebhookConnections(
            allowsPrivate: false,
            (name, _) => Task.FromResult(answers.Dequeue().Select(IPAddress.Parse).ToArray()),
            async (addresses, port, cancellationToken) =>
            {
                connected.AddRange(addresses);
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }));

        var first = await WebhookCallTests.CallAsync(webhooks, $$"""{"url":"http://rebinding.example:{{server.Port}}/"}""");
        var then = await WebhookCallTests.CallAsync(webhooks, $$"""{"url":"http://rebinding.example:{{server.Port}}/"}""");

        Assert.Equal("done", first.What);
        Assert.Equal("93.184.215.14", Assert.Single(connected).ToString());
        Assert.Equal(("failed", "The webhook's address is private."), (then.What, then.Reason));
        Assert.Single(server.Received);
    }

    private static bool IsPublic(string address) => PublicAddresses.Contain(IPAddress.Parse(address));

    private static string Beside(string address, int by)
    {
        var bytes = IPAddress.Parse(address).GetAddressBytes();
        var number = (uint)((bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3]);
        number = unchecked((uint)(number + by));
        return new IPAddress([(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]).ToString();
    }
}
