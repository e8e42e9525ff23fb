using Azure.Core;
using Azure.Core.Pipeline;

namespace LeadFunctions.Local.Storage.Core;

/// <summary>The headers that every request to one service carries.</summary>
internal sealed class ServiceHeadersPolicy(string version, string accept, string? dataServiceVersion = null) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        var headers = message.Request.Headers;
        headers.SetValue("x-ms-version", version);
        headers.SetValue("Accept", accept);
        if (dataServiceVersion is not null)
        {
            headers.SetValue("DataServiceVersion", dataServiceVersion);
        }
    }
}
