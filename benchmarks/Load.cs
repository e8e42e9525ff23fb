using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace LeadFunctions.Benchmarks;

/// <param name="Answered">Requests answered with 2xx.</param>
/// <param name="Latencies">Seconds, sorted.</param>
internal sealed record LoadResult(int Answered, int Refused, TimeSpan Took, double[] Latencies)
{
    public double PerSecond => Answered / Took.TotalSeconds;

    public double Percentile(double p) => Latencies.Length == 0 ? 0 : Latencies[Math.Min(Latencies.Length - 1, (int)(Latencies.Length * p))];
}

/// <summary>A plain HTTP/1.1 load: one request at a time on each of some connections, as lean as it can be, since it shares the machine with what it measures.</summary>
internal static class Load
{
    /// <param name="body">The n-th request's body.</param>
    /// <param name="perSecond">Spread evenly over time; as fast as answers come when null.</param>
    public static async Task<LoadResult> RunAsync(Uri address, string path, string authorization, Func<int, string> body, int connections, int requests, double? perSecond = null)
    {
        var next = -1;
        var refused = 0;
        var latencies = new ConcurrentBag<double>();
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(address.Host, address.Port);
            var buffer = new byte[16 * 1024];
            for (var n = Interlocked.Increment(ref next); n < requests; n = Interlocked.Increment(ref next))
            {
                if (perSecond is { } rate)
                {
                    var due = TimeSpan.FromSeconds(n / rate) - Stopwatch.GetElapsedTime(started);
                    if (due > TimeSpan.Zero)
                    {
                        await Task.Delay(due);
                    }
                }

                var sent = Stopwatch.GetTimestamp();
                await socket.SendAsync(Request(address, path, authorization, body(n)));
                if (await ReadAsync(socket, buffer))
                {
                    latencies.Add(Stopwatch.GetElapsedTime(sent).TotalSeconds);
                }
                else
                {
                    Interlocked.Increment(ref refused);
                }
            }
        })));
        var took = Stopwatch.GetElapsedTime(started);
        return new LoadResult(latencies.Count, refused, took, [.. latencies.Order()]);
    }

    private static byte[] Request(Uri address, string path, string authorization, string body) => Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: {address.Authority}\r\n{authorization}Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    /// <summary>Reads one answer whole; true when it is a 2xx.</summary>
    private static async Task<bool> ReadAsync(Socket socket, byte[] buffer)
    {
        var length = 0;
        while (true)
        {
            length += await socket.ReceiveAsync(buffer.AsMemory(length));
            var text = Encoding.ASCII.GetString(buffer, 0, length);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
            {
                continue;
            }

            var isOk = text[9] == '2';
            var at = text.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
            if (at >= 0 && at < end)
            {
                var line = text.IndexOf('\r', at);
                if (length >= end + 4 + int.Parse(text.AsSpan(at + 16, line - at - 16)))
                {
                    return isOk;
                }
            }
            else if (text[9..12] == "204" || text.EndsWith("0\r\n\r\n", StringComparison.Ordinal))
            {
                return isOk;
            }
        }
    }
}
