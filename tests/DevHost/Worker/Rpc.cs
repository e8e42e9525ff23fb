using System.Net.Http.Headers;
using DevHost.Rpc;
using Google.Protobuf;

namespace DevHost.Tests.Worker;

/// <summary>Speaks to the host as a worker would, or tries to.</summary>
internal static class Rpc
{
    internal const string Path = "/AzureFunctionsRpcMessages.FunctionRpc/EventStream";

    /// <summary>The gRPC status that a worker of this id is answered with.</summary>
    internal static async Task<string> StatusAsync(int port, string workerId)
    {
        var message = new StreamingMessage { StartStream = new StartStream { WorkerId = workerId } }.ToByteArray();
        byte[] frame = [0, 0, 0, 0, (byte)message.Length, .. message];
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}{Path}")
        {
            Version = new Version(2, 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
            Headers = { TE = { new TransferCodingWithQualityHeaderValue("trailers") } },
        };
        using var response = await client.SendAsync(request);
        return (response.Headers.TryGetValues("grpc-status", out var early) ? early : response.TrailingHeaders.GetValues("grpc-status")).Single();
    }

    /// <summary>The HTTP status of a plain request.</summary>
    internal static async Task<int> RequestAsync(int port, string path, Version version)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}{path}") { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await client.SendAsync(request);
        return (int)response.StatusCode;
    }
}
