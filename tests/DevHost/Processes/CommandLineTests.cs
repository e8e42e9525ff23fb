using System.Net;
using System.Net.Sockets;
using DevHost.Tests.Support;

namespace DevHost.Tests.Processes;

/// <summary>What a person gets who starts it in a way that cannot work.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public async Task Help_names_every_option()
    {
        await using var host = HostProcess.Launch(["--help"]);

        Assert.Equal(0, await host.EndsAsync());
        Assert.All(["--port", "--data", "--reset", "--settings", "--setting", "folder"], option => Assert.Contains(host.Lines, line => line.Contains(option, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("'x'", "--port", "x")]
    [InlineData("'70000'", "--port", "70000")]
    [InlineData("--setting takes NAME=VALUE, not novalue.", "--setting", "novalue")]
    [InlineData("--colour", "--colour", "red")]
    public async Task What_is_not_understood_is_named(string named, params string[] arguments)
    {
        await using var host = HostProcess.Launch([Sample.Folder, .. arguments]);

        Assert.Equal(1, await host.EndsAsync());
        Assert.Contains(host.Lines, line => line.Contains(named, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_that_is_no_app_is_refused_in_a_line()
    {
        await using var host = HostProcess.Launch([Sample.Root]);

        Assert.Equal(1, await host.EndsAsync());
        Assert.Equal([$"{Sample.Root} is not the output of a built Functions app (.NET isolated): it has no worker.config.json."], host.Lines);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_in_a_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var host = HostProcess.Launch([Sample.Folder, "--port", $"{port}"], ("AzureWebJobsStorage", Storage.UnusedEmulator()));

        Assert.Equal(1, await host.EndsAsync());
        Assert.Equal([$"Port {port} is in use. End what listens there, or choose another: --port {port + 1}"], host.Lines);
    }

    [Fact]
    public async Task A_machine_without_Node_is_told_what_the_emulator_needs()
    {
        await using var host = HostProcess.Launch([Sample.Folder, "--port", "0"], ("AzureWebJobsStorage", Storage.UnusedEmulator()), ("PATH", "/nowhere"));

        Assert.Equal(1, await host.EndsAsync());
        Assert.Equal(["'node' was not found: the storage emulator needs Node.js 20 or newer, with npm."], host.Lines);
    }

    [Fact]
    public async Task Storage_that_cannot_be_used_is_told_in_a_line()
    {
        await using var host = HostProcess.Launch([Sample.Folder, "--port", "0"], ("AzureWebJobsStorage", "nonsense"));

        Assert.Equal(1, await host.EndsAsync());
        Assert.StartsWith("Queues and orchestrations cannot be started: ", Assert.Single(host.Lines), StringComparison.Ordinal);
    }
}
