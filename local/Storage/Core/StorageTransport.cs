using System.Net;
using Azure.Core.Pipeline;

namespace LeadFunctions.Local.Storage.Core;

/// <summary>
/// The one connection pool that all table and queue clients of the process share, unless a client's options name another transport.
/// Storage accounts answer many requests per connection, so idle connections are kept; they are renewed every five minutes to follow DNS.
/// </summary>
internal static class StorageTransport
{
    public static HttpPipelineTransport Shared { get; } = new HttpClientTransport(new HttpClient(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = 256,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
        ConnectTimeout = TimeSpan.FromSeconds(15),
        AutomaticDecompression = DecompressionMethods.None,
        AllowAutoRedirect = false,
        UseCookies = false,
    })
    {
        // The pipeline's own network timeout and the caller's token decide.
        Timeout = Timeout.InfiniteTimeSpan,
    });
}
