using System.Globalization;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;
using LeadFunctions.Local.Storage.Core;

namespace Azure.Storage.Queues;

/// <summary>Signs each try with the full form that the queue service asks for: method, standard headers, x-ms- headers, resource and query.</summary>
internal sealed class SharedKeyPolicy(StorageSharedKeyCredential credential) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        var request = message.Request;
        request.Headers.SetValue("x-ms-date", SharedKey.Date());
        var text = new StringBuilder(512).Append(request.Method.Method).Append('\n');
        Append(text, Header(request, "Content-Encoding"));
        Append(text, Header(request, "Content-Language"));
        Append(text, request.Content is { } content && content.TryComputeLength(out var length) && length > 0
            ? length.ToString(CultureInfo.InvariantCulture)
            : "");
        Append(text, Header(request, "Content-MD5"));
        Append(text, Header(request, "Content-Type"));
        Append(text, ""); // Date: x-ms-date counts.
        Append(text, Header(request, "If-Modified-Since"));
        Append(text, Header(request, "If-Match"));
        Append(text, Header(request, "If-None-Match"));
        Append(text, Header(request, "If-Unmodified-Since"));
        Append(text, Header(request, "Range"));
        AppendStorageHeaders(text, request);
        AppendResource(text, request.Uri.ToUri());
        request.Headers.SetValue("Authorization", $"SharedKey {credential.AccountName}:{credential.Key.Sign(text.ToString())}");
    }

    private static void Append(StringBuilder text, string value) => text.Append(value).Append('\n');

    private static string Header(Request request, string name) => request.Headers.TryGetValue(name, out var value) ? value : "";

    private static void AppendStorageHeaders(StringBuilder text, Request request)
    {
        var headers = new List<(string Name, string Value)>(8);
        foreach (var header in request.Headers)
        {
            if (header.Name.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase))
            {
                headers.Add((header.Name.ToLowerInvariant(), header.Value));
            }
        }

        headers.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        foreach (var (name, value) in headers)
        {
            text.Append(name).Append(':').Append(value.AsSpan().Trim()).Append('\n');
        }
    }

    private void AppendResource(StringBuilder text, Uri uri)
    {
        text.Append('/').Append(credential.AccountName).Append(uri.AbsolutePath);
        if (uri.Query.Length < 2)
        {
            return;
        }

        var parameters = new List<(string Name, string Value)>(4);
        foreach (var part in uri.Query[1..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=');
            parameters.Add(equals < 0
                ? (Uri.UnescapeDataString(part).ToLowerInvariant(), "")
                : (Uri.UnescapeDataString(part[..equals]).ToLowerInvariant(), Uri.UnescapeDataString(part[(equals + 1)..])));
        }

        parameters.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        foreach (var (name, value) in parameters)
        {
            text.Append('\n').Append(name).Append(':').Append(value);
        }
    }
}
