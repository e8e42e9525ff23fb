using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace LeadFunctions.Local.Storage.Core;

/// <summary>Appends the shared access signature to the query. Runs once a call, so that a renewed signature is used by the next call.</summary>
internal sealed class SasPolicy(AzureSasCredential credential) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        var signature = credential.Signature.AsSpan().TrimStart('?');
        var uri = message.Request.Uri;
        var query = uri.Query;
        uri.Query = string.IsNullOrEmpty(query) ? $"?{signature}" : $"{query}&{signature}";
    }
}
