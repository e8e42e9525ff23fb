using System.Diagnostics;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Tracker;

/// <summary>Runs the node tests of <c>tests/browser</c>, each file as one test: their subject lives in a browser.</summary>
public sealed class BrowserTests
{
    [Theory]
    [InlineData("size.test.mjs")]
    [InlineData("rules.test.mjs")]
    [InlineData("tracker.test.mjs")]
    [InlineData("privacy.test.mjs")]
    [InlineData("delivery.test.mjs")]
    [InlineData("app.test.mjs")]
    [InlineData("demo.test.mjs")]
    public async Task In_Chromium(string file)
    {
        var (exitCode, output) = await RunAsync(file);

        Assert.True(exitCode == 0, output);
    }

    /// <param name="environment">What the test finds in its environment.</param>
    internal static async Task<(int ExitCode, string Output)> RunAsync(string file, params (string Name, string Value)[] environment) =>
        await RunAsync(await NodePackages.EnsureAsync("tests/browser"), "node", ["--test", file], environment);

    private static async Task<(int ExitCode, string Output)> RunAsync(string folder, string program, string[] arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // The app as it was built for these tests.
            Environment = { ["LEADFUNCTIONS_CONFIGURATION"] = AppOutput.Configuration },
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!; // never null: it always starts a process
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within eight minutes.");
        }
    }
}
