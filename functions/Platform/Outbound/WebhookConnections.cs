using System.Net;
using System.Net.Sockets;

namespace LeadFunctions.Platform.Outbound;

/// <summary>
/// Connections of webhooks: to public addresses only, unless private ones are allowed. Checked where the connection is made, on the very addresses that it is made to: a
/// name that is public when it is looked up first may be private the next time.
/// </summary>
/// <param name="resolve">All addresses of a name.</param>
/// <param name="connect">To any of the addresses.</param>
internal sealed class WebhookConnections(
    bool allowsPrivate, Func<string, CancellationToken, Task<IPAddress[]>> resolve, Func<IPAddress[], int, CancellationToken, ValueTask<Stream>> connect)
{
    public static WebhookConnections Create(bool allowsPrivate) => new(allowsPrivate, Dns.GetHostAddressesAsync, ConnectAsync);

    public SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false, // a proxy would look the name up itself, and connect wherever it liked
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        // Text beyond ASCII, in UTF-8: the only encoding in which no character can turn into a line break.
        RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8,
        ConnectCallback = (context, cancellationToken) => OpenAsync(context.DnsEndPoint, cancellationToken),
    };

    private async ValueTask<Stream> OpenAsync(DnsEndPoint target, CancellationToken cancellationToken)
    {
        var addresses = await resolve(target.Host, cancellationToken);
        var allowed = allowsPrivate ? addresses : [.. addresses.Where(PublicAddresses.Contain)];
        return allowed.Length > 0 ? await connect(allowed, target.Port, cancellationToken) : throw new PrivateAddressException();
    }

    private static async ValueTask<Stream> ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>All addresses of the name are private.</summary>
internal sealed class PrivateAddressException() : Exception("The address is private.");
