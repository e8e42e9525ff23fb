using System.Diagnostics;
using Azure.Core;
using Azure.Core.Pipeline;
using LeadFunctions.Local.Storage.Core;

namespace Azure.Storage.Queues;

/// <summary>One account's queue service: its address and pipeline. Shared by a service client and its queue clients.</summary>
internal sealed class QueueEndpoint
{
    private static readonly ActivitySource ServiceSpans = new("Azure.Storage.Queues");

    private QueueEndpoint(Uri uri, string accountName, string sas, QueueClientOptions? options, HttpPipelinePolicy? authentication, SasPolicy? sasPolicy)
    {
        options ??= new QueueClientOptions();
        Uri = uri;
        AccountName = accountName;
        Encoding = options.MessageEncoding;
        Root = uri.GetLeftPart(UriPartial.Path).TrimEnd('/');
        Sas = sas;
        var build = new HttpPipelineOptions(options) { RequestFailedDetailsParser = ErrorXml.Parser };
        build.PerCallPolicies.Add(new ServiceHeadersPolicy(options.VersionHeader, "application/xml"));
        if (sasPolicy is not null)
        {
            build.PerCallPolicies.Add(sasPolicy);
        }

        if (authentication is not null)
        {
            build.PerRetryPolicies.Add(authentication);
        }

        Calls = new StorageCalls(HttpPipelineBuilder.Build(build), ServiceSpans, AccountActivity.Of(accountName));
    }

    public Uri Uri { get; }

    public string AccountName { get; }

    public QueueMessageEncoding Encoding { get; }

    /// <summary>The service's address without trailing slash and query.</summary>
    public string Root { get; }

    public StorageCalls Calls { get; }

    private string Sas { get; }

    public static QueueEndpoint FromConnectionString(string connectionString, QueueClientOptions? options)
    {
        var parsed = ConnectionString.Parse(connectionString, "queue");
        var authentication = parsed.AccountKey is { } key
            ? new SharedKeyPolicy(new StorageSharedKeyCredential(parsed.AccountName, key))
            : null;
        return new QueueEndpoint(new Uri(parsed.Endpoint), parsed.AccountName, authentication is null ? parsed.Sas ?? "" : "", options, authentication, null);
    }

    public static QueueEndpoint FromUri(Uri service, QueueClientOptions? options) =>
        new(service, ConnectionString.AccountOf(service), service.Query.TrimStart('?'), options, null, null);

    public static QueueEndpoint FromUri(Uri service, StorageSharedKeyCredential credential, QueueClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(credential);
        return new(service, credential.AccountName, "", options, new SharedKeyPolicy(credential), null);
    }

    public static QueueEndpoint FromUri(Uri service, AzureSasCredential credential, QueueClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(credential);
        return service.Query.Length > 1
            ? throw new ArgumentException("The address carries a query already; give the signature in one place.", nameof(service))
            : new(service, ConnectionString.AccountOf(service), "", options, null, new SasPolicy(credential));
    }

    /// <exception cref="ArgumentException">The address is not https: a token must not travel in clear text.</exception>
    public static QueueEndpoint FromUri(Uri service, TokenCredential credential, QueueClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(credential);
        return service.Scheme == Uri.UriSchemeHttps
            ? new(service, ConnectionString.AccountOf(service), "", options, new BearerTokenAuthenticationPolicy(credential, "https://storage.azure.com/.default"), null)
            : throw new ArgumentException("A token credential needs https.", nameof(service));
    }

    /// <summary>The service that a queue's address belongs to, with the same query.</summary>
    public static Uri ServiceOf(Uri queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        var service = new UriBuilder(queue);
        service.Path = service.Path[..(service.Path.TrimEnd('/').LastIndexOf('/') + 1)];
        return service.Uri;
    }

    /// <summary>The address of something in the account.</summary>
    /// <param name="resource">Path below the root, starting with "/", encoded.</param>
    /// <param name="query">Encoded, without "?"; empty for none.</param>
    public string Address(string resource, string query = "") =>
        Sas.Length == 0
            ? query.Length == 0 ? Root + resource : $"{Root}{resource}?{query}"
            : query.Length == 0 ? $"{Root}{resource}?{Sas}" : $"{Root}{resource}?{query}&{Sas}";
}
