using Azure.Core;
using Azure.Core.Pipeline;

namespace LeadFunctions.Tests;

/// <summary>A process ends here.</summary>
internal sealed class DeadException : Exception;

/// <summary>Dies before or after some requests: then the request was carried out, and nobody knows.</summary>
internal sealed class Dying(int seed) : HttpPipelinePolicy
{
    private readonly Random _random = new(seed);
    private int _deaths;

    public int Deaths => _deaths;

    public void Step()
    {
        lock (_random)
        {
            if (_random.Next(14) == 0)
            {
                _deaths++;
                throw new DeadException();
            }
        }
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Step();
        await ProcessNextAsync(message, pipeline);
        Step();
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();
}
