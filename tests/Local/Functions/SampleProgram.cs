using LeadFunctions.Local.Tests.DurableTask.Crash;
using Microsoft.Extensions.Hosting;

namespace LeadFunctions.Local.Tests.Functions;

/// <summary>The test assembly is a program too: the sample app, or with <c>crash-worker</c> a part in a task hub.</summary>
internal static class SampleProgram
{
    private static Task Main(string[] args) => args is [CrashWorker.Command, ..] ? CrashWorker.RunAsync(args[1..]) : SampleApp.Build(args).RunAsync();
}
