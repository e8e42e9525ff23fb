using Azure.Core;
using Azure.Core.Pipeline;
using LeadFunctions.Local.Storage.Core;

namespace Azure.Data.Tables;

/// <summary>Signs each try with the table service's short form: date and resource only.</summary>
internal sealed class SharedKeyLitePolicy(TableSharedKeyCredential credential) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        var date = SharedKey.Date();
        var uri = message.Request.Uri.ToUri();
        var text = $"{date}\n/{credential.AccountName}{uri.AbsolutePath}{Component(uri.Query)}";
        message.Request.Headers.SetValue("x-ms-date", date);
        message.Request.Headers.SetValue("Authorization", $"SharedKeyLite {credential.AccountName}:{credential.Key.Sign(text)}");
    }

    // Of the query only "comp" is signed.
    private static string Component(string query)
    {
        var start = query.IndexOf("comp=", StringComparison.Ordinal);
        if (start < 1 || query[start - 1] is not ('?' or '&'))
        {
            return "";
        }

        var end = query.IndexOf('&', start);
        return "?" + (end < 0 ? query[start..] : query[start..end]);
    }
}
