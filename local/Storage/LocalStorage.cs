using System.Net.Sockets;
using System.Text.Json;

namespace DevHost.Storage;

/// <summary>Sees to it that the storage emulator runs when the app's settings name it.</summary>
internal static class LocalStorage
{
    /// <summary>Starts it, with its data cleared when asked for; null when there is none to start.</summary>
    /// <exception cref="StartException">It cannot be started.</exception>
    internal static async Task<AzuriteProcess?> OpenAsync(HostArguments arguments, string? connectionString, Action<string> say, CancellationToken cancellationToken)
    {
        if (EmulatorPorts.Find(connectionString) is not { } ports)
        {
            return null;
        }

        var data = Path.Combine(arguments.Data, "storage");
        int[] all = [ports.Blob, ports.Queue, ports.Table];
        var answers = await Task.WhenAll(all.Select(port => AnswersAsync(port, cancellationToken)));
        if (!answers.Contains(true))
        {
            if (arguments.Reset && Directory.Exists(data))
            {
                Directory.Delete(data, recursive: true);
            }

            var folder = await AzuriteInstallation.EnsureAsync(say, cancellationToken);
            return await AzuriteProcess.StartAsync(folder, data, ports, null, isTemporary: false, code => say($"The storage emulator ended by itself (exit code {code})."), cancellationToken);
        }

        if (answers.Contains(false))
        {
            throw new StartException($"Something listens on port {all[Array.IndexOf(answers, true)]}, but nothing on port {all[Array.IndexOf(answers, false)]}: a storage emulator needs both.");
        }

        if (!Serves(data, ports))
        {
            say($"Storage was running already on ports {string.Join(", ", all)}, and its data are not those of {data}. To have storage of its own, end that emulator, or give AzureWebJobsStorage other ports.");
        }
        else if (arguments.Reset)
        {
            say("Storage was running already: its data are not cleared.");
        }

        return null;
    }

    /// <summary>Whether the emulator that runs on these ports was started on this folder.</summary>
    private static bool Serves(string data, EmulatorPorts ports)
    {
        try
        {
            using var running = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(data, "running.json")));
            return running.RootElement.GetProperty("queuePort").GetInt32() == ports.Queue
                && System.Diagnostics.Process.GetProcesses().Any(process => process.Id == running.RootElement.GetProperty("processId").GetInt32());
        }
        catch (Exception exception) when (exception is IOException or JsonException or KeyNotFoundException)
        {
            return false;
        }
    }

    private static async Task<bool> AnswersAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
