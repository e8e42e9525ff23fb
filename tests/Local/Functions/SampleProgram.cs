using Microsoft.Extensions.Hosting;

namespace LeadFunctions.Local.Tests.Functions;

/// <summary>The test assembly is a program too: the sample app.</summary>
internal static class SampleProgram
{
    private static Task Main(string[] args) => SampleApp.Build(args).RunAsync();
}
