using System.Net.Sockets;
using LeadFunctions.Local.Functions.Azurite;
using LeadFunctions.Local.Functions.Time;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Local.Functions.Hosting;

/// <summary>What the local runtime keeps between runs: the emulator's data, the timers' last runs, the clock.</summary>
internal static class LocalData
{
    internal static string TimersFolder(LocalArguments arguments) => Path.Combine(arguments.Data, "timers");

    /// <summary>Opens it, cleared when asked for, and starts the emulator when the app wants it and it does not run; null when it need not.</summary>
    internal static async Task<AzuriteProcess?> OpenAsync(LocalArguments arguments, IConfiguration configuration, VirtualClock clock, ILogger log, CancellationToken cancellationToken)
    {
        if (arguments.Reset)
        {
            Clear(arguments);
        }

        clock.Keep(Path.Combine(arguments.Data, "clock"));
        if (EmulatorPorts.Find(configuration["AzureWebJobsStorage"]) is not var (queuePort, tablePort))
        {
            return null;
        }

        var (queues, tables) = (await AnswersAsync(queuePort, cancellationToken), await AnswersAsync(tablePort, cancellationToken));
        if (queues != tables)
        {
            throw new LocalStartException($"Something listens on port {(queues ? queuePort : tablePort)}, but nothing on port {(queues ? tablePort : queuePort)}: a storage emulator needs both.");
        }

        if (queues)
        {
            Say(arguments.Reset ? "Storage was running already: its data are not cleared." : $"Storage was running already; its data are not those of {arguments.Data}, unless another app there has started it.");

            return null;
        }

        var folder = await AzuriteInstallation.EnsureAsync(Say, cancellationToken);
        return await AzuriteProcess.StartAsync(folder, Path.Combine(arguments.Data, "storage"), queuePort, tablePort, null, isTemporary: false, code => Log.EmulatorEnded(log, code), cancellationToken);
    }

    private static void Say(string line) => Console.Out.WriteLine(line);

    /// <summary>Removes only what the runtime itself has put there.</summary>
    private static void Clear(LocalArguments arguments)
    {
        foreach (var folder in new[] { Path.Combine(arguments.Data, "storage"), TimersFolder(arguments) }.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }

        File.Delete(Path.Combine(arguments.Data, "clock"));
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
