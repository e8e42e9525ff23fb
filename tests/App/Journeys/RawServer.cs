using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LeadFunctions.Tests.Journeys;

/// <summary>A server that knows no HTTP: it keeps what came over the wire, byte by byte, and answers what it is told to.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private readonly byte[] _answer;

    /// <param name="answer">To each request; the connection is closed after it.</param>
    public RawServer(string answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        : this(Encoding.UTF8.GetBytes(answer))
    {
    }

    public RawServer(byte[] answer)
    {
        _answer = answer;
        _listener.Start();
        _serving = ServeAsync();
    }

    public static RawServer Json(byte[] body, string status = "200 OK") =>
        new([.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"), .. body]);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>All that came over each connection, one character a byte.</summary>
    public List<string> Received { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                var stream = client.GetStream();
                var received = new StringBuilder();
                var buffer = new byte[64 * 1024];
                do
                {
                    var read = await stream.ReadAsync(buffer, _stop.Token);
                    received.Append(Encoding.Latin1.GetString(buffer, 0, read));
                    if (read == 0)
                    {
                        break;
                    }
                }
                while (!IsWhole(received.ToString()));
                Received.Add(received.ToString());
                try
                {
                    await stream.WriteAsync(_answer, _stop.Token);
                    client.Client.Shutdown(SocketShutdown.Send);
                }
                catch (IOException)
                {
                    // It heard enough, and left.
                }
            }
        }
        catch (Exception exception) when (_stop.IsCancellationRequested && exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
        }
    }

    private static bool IsWhole(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var length = text.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal))?["Content-Length: ".Length..];
        return end >= 0 && text.Length >= end + 4 + int.Parse(length ?? "0");
    }
}
