using System.Diagnostics;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Tracker;

/// <summary>Runs the node tests of <c>tests/browser</c>, each file as one test: their subject lives in a browser.</summary>
public sealed class BrowserTests
{
    [Theory]
    [InlineData("size.test.mjs")]
    [InlineData("tracker.test.mjs")]
    [InlineData("privacy.test.mjs")]
    [InlineData("delivery.test.mjs")]
    [InlineData("app.test.mjs")]
    [InlineData("demo.test.mjs")]
    public async Task In_Chromium(string file)
    {
        var folder = await NodePackages.EnsureAsync("tests/browser");
        var (exitCode, output) = await RunAsync(folder, "node", "--test", file);

        Assert.True(exitCode == 0, output);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // The app as it was built for these tests.
            Environment = { ["LEADFUNCTIONS_CONFIGURATION"] = AppOutput.Configuration },
        })!; // never null: it always starts a process
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(5));
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
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within five minutes.");
        }
    }
}
