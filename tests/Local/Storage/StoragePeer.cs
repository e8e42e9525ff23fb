using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Local.Tests.Storage;

/// <summary>Microsoft's storage clients for JavaScript in a node process: what ours writes they must read, and the reverse.</summary>
internal sealed class StoragePeer : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Process _process;

    public StoragePeer(StorageEmulator emulator)
    {
        // Whole processes wait for this once, on a fresh machine; no test can go on without it.
        NodePackages.EnsureAsync("tests/clients").GetAwaiter().GetResult();
        var script = RepositoryFiles.Find("tests/clients/storage-peer.mjs");
        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(script);
        start.ArgumentList.Add(emulator.ConnectionString);
        _process = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
    }

    /// <summary>Runs one operation of storage-peer.mjs.</summary>
    /// <exception cref="PeerException">The other client was refused.</exception>
    public async Task<JsonNode?> CallAsync(string operation, object? values = null)
    {
        var request = values is null ? new JsonObject() : JsonSerializer.SerializeToNode(values, Plain)!.AsObject();
        request["operation"] = operation;
        await _process.StandardInput.WriteLineAsync(request.ToJsonString(Plain));
        await _process.StandardInput.FlushAsync();
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60))
            ?? throw new InvalidOperationException("The peer ended.");
        var answer = JsonNode.Parse(line)!;
        return answer["error"] is { } error
            ? throw new PeerException($"{error}", (int?)answer["status"], (string?)answer["code"])
            : answer["result"];
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

internal sealed class PeerException(string message, int? status, string? code) : Exception(message)
{
    public int? Status { get; } = status;

    public string? Code { get; } = code;
}

internal static class RepositoryFiles
{
    /// <summary>A file or folder of the repository, found from where the tests run upwards.</summary>
    public static string Find(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, relative);
            if (Path.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException($"{relative} is not there.");
    }
}
