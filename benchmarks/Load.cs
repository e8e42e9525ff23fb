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
    /// <summary>Sends the requests, each once.</summary>
    /// <param name="perSecond">Spread evenly over time; as fast as answers come when null.</param>
    public static async Task<LoadResult> RunAsync(Uri address, IReadOnlyList<byte[]> requests, int connections, double? perSecond = null)
    {
        var next = -1;
        var refused = 0;
        var latencies = new double[requests.Count];
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(address.Host, address.Port);
            var buffer = new byte[16 * 1024];
            for (var n = Interlocked.Increment(ref next); n < requests.Count; n = Interlocked.Increment(ref next))
            {
                if (perSecond is { } rate && TimeSpan.FromSeconds(n / rate) - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } early)
                {
                    await Task.Delay(early);
                }

                var sent = Stopwatch.GetTimestamp();
                await socket.SendAsync(requests[n]);
                if (await ReadAsync(socket, buffer))
                {
                    latencies[n] = Stopwatch.GetElapsedTime(sent).TotalSeconds;
                }
                else
                {
                    Interlocked.Increment(ref refused);
                }
            }
        })));
        return new LoadResult(requests.Count - refused, refused, Stopwatch.GetElapsedTime(started), [.. latencies.Where(latency => latency > 0).Order()]);
    }

    /// <param name="headers">Each with its line's end.</param>
    public static byte[] Post(Uri address, string path, string headers, string body) => Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: {address.Authority}\r\n{headers}Content-Length: {body.Length}\r\n\r\n{body}");

    public static byte[] Get(Uri address, string pathAndQuery) => Encoding.ASCII.GetBytes($"GET {pathAndQuery} HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n");

    /// <summary>Reads one answer whole; true when it is a 2xx.</summary>
    private static async Task<bool> ReadAsync(Socket socket, byte[] buffer)
    {
        var length = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length));
            if (read == 0)
            {
                throw new IOException("The connection was closed before the answer was complete.");
            }

            length += read;
            if (IsComplete(buffer.AsSpan(0, length)))
            {
                return buffer[9] == '2';
            }
        }
    }

    private static bool IsComplete(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var at = answer[..end].IndexOf("\r\nContent-Length: "u8);
        if (at < 0)
        {
            return answer[9..12].SequenceEqual("204"u8) || answer.EndsWith("0\r\n\r\n"u8);
        }

        var line = answer[(at + 18)..];
        return answer.Length >= end + 4 + int.Parse(line[..line.IndexOf((byte)'\r')]);
    }
}
