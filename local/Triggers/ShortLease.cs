using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Queues;
using Microsoft.Extensions.Azure;

namespace DevHost.Triggers;

/// <summary>
/// Takes messages for a shorter time than the SDK's ten minutes, which cannot be set: whoever ends this host in the middle of something and starts it again will not wait so long for what it had in hand.
/// A message that takes longer than the lease comes a second time: <c>DevHost__QueueLease</c> says another.
/// </summary>
internal sealed class ShortLease(AzureComponentFactory components, TimeSpan lease) : AzureComponentFactory
{
    internal const string Setting = "DevHost__QueueLease";
    internal const string Usual = "00:01:00";

    public override TokenCredential CreateTokenCredential(IConfiguration configuration) => components.CreateTokenCredential(configuration);

    public override object CreateClient(Type clientType, IConfiguration configuration, TokenCredential credential, object clientOptions) => components.CreateClient(clientType, configuration, credential, clientOptions);

    public override object CreateClientOptions(Type optionsType, object serviceVersion, IConfiguration configuration)
    {
        var options = components.CreateClientOptions(optionsType, serviceVersion, configuration);
        (options as QueueClientOptions)?.AddPolicy(new Policy($"visibilitytimeout={lease.TotalSeconds:0}"), HttpPipelinePosition.PerCall);
        return options;
    }

    private sealed class Policy(string visibility) : HttpPipelineSynchronousPolicy
    {
        public override void OnSendingRequest(HttpMessage message) => message.Request.Uri.Query = message.Request.Uri.Query.Replace("visibilitytimeout=600", visibility, StringComparison.Ordinal);
    }
}
