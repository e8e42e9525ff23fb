using System.Collections.Immutable;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;

namespace SampleApp;

/// <summary>Tells of a function that the app does not have.</summary>
internal sealed class MissingFunction : IFunctionMetadataProvider
{
    public Task<ImmutableArray<IFunctionMetadata>> GetFunctionMetadataAsync(string directory) => Task.FromResult<ImmutableArray<IFunctionMetadata>>(
    [
        new DefaultFunctionMetadata
        {
            Name = "Missing",
            Language = "dotnet-isolated",
            ScriptFile = "SampleApp.dll",
            EntryPoint = "SampleApp.Missing.Run",
            RawBindings = ["""{ "name": "text", "type": "queueTrigger", "direction": "In", "queueName": "missing" }"""],
        },
    ]);
}
