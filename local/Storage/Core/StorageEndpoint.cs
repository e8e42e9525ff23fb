using System.Diagnostics;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace LeadFunctions.Local.Storage.Core;

/// <summary>One service of one account: its address and its pipeline. Shared by a service client and the clients of what is in it.</summary>
internal abstract class StorageEndpoint
{
    private readonly string _sas;

    protected StorageEndpoint(StorageAccess access, HttpPipelineOptions build, ServiceHeadersPolicy headers, ActivitySource spans)
    {
        Uri = access.Uri;
        AccountName = access.AccountName;
        Root = Uri.GetLeftPart(UriPartial.Path).TrimEnd('/');
        _sas = access.Sas;
        build.PerCallPolicies.Add(headers);
        if (access.SasPolicy is { } sasPolicy)
        {
            build.PerCallPolicies.Add(sasPolicy);
        }

        if (access.Authentication is { } authentication)
        {
            build.PerRetryPolicies.Add(authentication);
        }

        Calls = new StorageCalls(HttpPipelineBuilder.Build(build), spans, AccountActivity.Of(AccountName));
    }

    public Uri Uri { get; }

    public string AccountName { get; }

    /// <summary>The service's address without trailing slash and query.</summary>
    public string Root { get; }

    public StorageCalls Calls { get; }

    /// <summary>The address of something in the account.</summary>
    /// <param name="resource">Path below the root, starting with "/", encoded.</param>
    /// <param name="query">Encoded, without "?"; empty for none.</param>
    public string Address(string resource, string query = "") =>
        _sas.Length == 0
            ? query.Length == 0 ? Root + resource : $"{Root}{resource}?{query}"
            : query.Length == 0 ? $"{Root}{resource}?{_sas}" : $"{Root}{resource}?{query}&{_sas}";
}

/// <summary>Where a service is and as whom it is called.</summary>
/// <param name="Sas">A signature that came with the address, without "?"; empty when there is none.</param>
internal sealed record StorageAccess(Uri Uri, string AccountName, string Sas = "", HttpPipelinePolicy? Authentication = null, SasPolicy? SasPolicy = null)
{
    /// <param name="sign">Makes the policy that signs requests with an account's key.</param>
    public static StorageAccess Of(string connectionString, string service, Func<string, string, HttpPipelinePolicy> sign)
    {
        var parsed = ConnectionString.Parse(connectionString, service);
        return parsed.AccountKey is { } key
            ? new(new Uri(parsed.Endpoint), parsed.AccountName, Authentication: sign(parsed.AccountName, key))
            : new(new Uri(parsed.Endpoint), parsed.AccountName, parsed.Sas ?? "");
    }

    public static StorageAccess Of(Uri service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return new(service, ConnectionString.AccountOf(service), service.Query.TrimStart('?'));
    }

    public static StorageAccess Of(Uri service, AzureSasCredential credential)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(credential);
        return service.Query.Length > 1
            ? throw new ArgumentException("The address carries a query already; give the signature in one place.", nameof(service))
            : new(service, ConnectionString.AccountOf(service), SasPolicy: new SasPolicy(credential));
    }

    public static StorageAccess Of(Uri service, TokenCredential credential)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(credential);
        return new(service, ConnectionString.AccountOf(service), Authentication: new BearerTokenAuthenticationPolicy(credential, "https://storage.azure.com/.default"));
    }
}
