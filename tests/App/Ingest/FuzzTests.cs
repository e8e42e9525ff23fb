using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadFunctions.Tests.Ingest;

/// <summary>Recorded requests, damaged in ten thousand ways with fixed seeds: every one gets a 2xx or a 4xx, and whatever is stored can be read.</summary>
public sealed class FuzzTests(IngestApp app) : IClassFixture<IngestApp>
{
    private const int Workers = 10;
    private const int Each = 1_050;
    private const int Unpacked = 100 * 1024 * 1024;

    [Fact]
    public async Task Damaged_requests_are_answered_and_never_hurt()
    {
        var statuses = await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => SendAsync(worker))));
        var counts = statuses.SelectMany(s => s).CountBy(s => s).ToDictionary();

        Assert.True(counts.Values.Sum() >= 10_000);
        Assert.All(counts.Keys, status => Assert.True((int)status is >= 200 and < 300 or >= 400 and < 500, $"{status}: {counts[status]} times"));
        Assert.True(counts[HttpStatusCode.OK] > 1_000 && counts[HttpStatusCode.BadRequest] > 1_000, string.Join(' ', counts));
        Assert.DoesNotContain(app.App.Logs.Lines, line => line.Exception is not null || line.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
        foreach (var stored in (await app.StoredAsync()).Values)
        {
            ReadAll(stored.Properties);
            ReadAll(stored.Traits);
            ReadAll(stored.Context);
        }
    }

    [Fact]
    public async Task Two_hundred_bombs_cost_no_more_than_their_wires()
    {
        await using var own = await IngestApp.StartAsync();
        var bomb = Bodies.Gzip(new byte[Unpacked]);
        await own.PostAsync("/v1/batch", bomb).JsonAsync(HttpStatusCode.RequestEntityTooLarge);
        var before = PeakMemory(own.App.WorkerProcessId);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
            {
                using var response = await own.PostAsync("/v1/batch", bomb);
                Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
            }
        })));

        // Not even one of them was unpacked in the process that the app runs in.
        Assert.InRange(PeakMemory(own.App.WorkerProcessId) - before, 0, Unpacked);
    }

    /// <summary>The most that a process has ever held, in bytes.</summary>
    private static long PeakMemory(int processId) =>
        1024 * long.Parse(File.ReadLines($"/proc/{processId}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]);

    private async Task<IReadOnlyList<HttpStatusCode>> SendAsync(int worker)
    {
        var random = new Random(20261121 + worker);
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < Each; i++)
        {
            var capture = Captures.AllPosts[random.Next(Captures.AllPosts.Count)];
            var body = Damage(capture, random);
            var path = random.Next(12) switch
            {
                0 => $"/v1/{"btipsga"[random.Next(7)]}",
                1 => "/collect",
                2 => $"{capture.Path}?dryRun=true",
                _ => capture.Path,
            };
            using var response = await app.PostAsync(path, body, request => DamageHeaders(request, capture, random), random.Next(40) == 0 ? null : IngestApp.Key);
            statuses.Add(response.StatusCode);
            if (random.Next(25) == 0)
            {
                using var pixel = await app.Client.GetAsync("/p.gif?k=local-write-key&" + Uri.EscapeDataString(Encoding.Latin1.GetString(body, 0, Math.Min(body.Length, 1500))).Replace("%3D", "=").Replace("%2C", "&"));
                statuses.Add(pixel.StatusCode);
            }
        }

        return statuses;
    }

    private static byte[] Damage(Capture capture, Random random)
    {
        var text = capture.Body.Replace("HeadlessChrome", "Chrome", StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetBytes(random.Next(2) == 0 ? DamageJson(text, random) : text);
        if (random.Next(3) == 0)
        {
            bytes = DamageBytes(bytes, random);
        }

        if (random.Next(3) == 0)
        {
            bytes = random.Next(3) switch { 0 => Bodies.Zlib(bytes), 1 => Bodies.Deflate(bytes), _ => Bodies.Gzip(bytes) };
            bytes = random.Next(3) == 0 ? DamageBytes(bytes, random) : bytes;
        }

        return bytes;
    }

    private static byte[] DamageBytes(byte[] bytes, Random random)
    {
        var list = new List<byte>(bytes);
        for (var times = random.Next(1, 4); times > 0 && list.Count > 0; times--)
        {
            var at = random.Next(list.Count);
            var length = Math.Min(random.Next(1, 64), list.Count - at);
            switch (random.Next(6))
            {
                case 0: list[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: list[at] = (byte)random.Next(256); break;
                case 2: list.RemoveRange(at, length); break;
                case 3: list.InsertRange(at, list.GetRange(random.Next(list.Count - length + 1), length)); break;
                case 4: list.RemoveRange(at, list.Count - at); break;
                default: list.InsertRange(at, "\\ud83d"u8.ToArray()); break;
            }
        }

        return [.. list];
    }

    // Replaces, removes or repeats a value somewhere in the document by something that is JSON, but not what was there.
    private static string DamageJson(string json, Random random)
    {
        var root = JsonNode.Parse(json)!;
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var node = root;
            while (true)
            {
                var children = node switch
                {
                    JsonObject o => o.Select(p => p.Key).ToList(),
                    JsonArray a => Enumerable.Range(0, a.Count).Select(i => i.ToString()).ToList(),
                    _ => [],
                };
                if (children.Count == 0)
                {
                    break;
                }

                var key = children[random.Next(children.Count)];
                var child = node is JsonObject parent ? parent[key] : node[int.Parse(key)];
                if (child is JsonObject or JsonArray && random.Next(4) > 0)
                {
                    node = child;
                    continue;
                }

                switch (node, random.Next(3))
                {
                    case (JsonObject o, 0): o.Remove(key); break;
                    case (JsonObject o, _): o[key] = Odd(random); break;
                    case (JsonArray a, 0): a.Add(a[int.Parse(key)]?.DeepClone()); break;
                    case (JsonArray a, _): a[int.Parse(key)] = Odd(random); break;
                }

                break;
            }
        }

        return root.ToJsonString();
    }

    private static JsonNode? Odd(Random random) => random.Next(14) switch
    {
        0 => null,
        1 => random.Next(),
        2 => -1e308,
        3 => true,
        4 => "",
        5 => new string('x', random.Next(40_000)),
        6 => new string('\u0000', random.Next(5)),
        7 => "\u2028\uFFFE\uFFFF<>&\"'",
        8 => "9999-12-31T23:59:59.999Z",
        9 => "0001-01-01T00:00:00Z",
        10 => new JsonArray(1, "a", null),
        11 => new JsonObject { ["a"] = new JsonObject { ["b"] = 1 } },
        12 => JsonNode.Parse(new string('[', 20) + new string(']', 20)),
        _ => random.NextInt64().ToString(),
    };

    private static void DamageHeaders(HttpRequestMessage request, Capture capture, Random random)
    {
        var content = request.Content!.Headers;
        content.TryAddWithoutValidation("Content-Type", random.Next(8) == 0 ? Noise(random) : capture.Header("Content-Type"));
        if (random.Next(3) == 0)
        {
            content.TryAddWithoutValidation("Content-Encoding", random.Next(4) switch { 0 => "gzip", 1 => "deflate", 2 => "br", _ => Noise(random) });
        }

        if (random.Next(10) == 0)
        {
            request.Headers.TryAddWithoutValidation("Origin", random.Next(2) == 0 ? "https://shop.example" : Noise(random));
        }

        if (random.Next(20) == 0)
        {
            request.Headers.Authorization = null;
            request.Headers.TryAddWithoutValidation("Authorization", (random.Next(2) == 0 ? "Basic " : "Bearer ") + Noise(random));
        }
    }

    private static string Noise(Random random) => new([.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => (char)random.Next(0x21, 0x7F))]);

    private static void ReadAll(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                json.GetString();
                break;
            case JsonValueKind.Object:
                foreach (var property in json.EnumerateObject())
                {
                    Assert.NotNull(property.Name);
                    ReadAll(property.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                {
                    ReadAll(item);
                }

                break;
        }
    }
}
