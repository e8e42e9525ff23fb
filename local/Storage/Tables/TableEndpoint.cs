using System.Diagnostics;
using System.Globalization;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;
using LeadFunctions.Local.Storage.Core;

namespace Azure.Data.Tables;

/// <summary>One account's table service: its address, its pipeline, and the addresses of what is in it. Shared by a service client and its table clients.</summary>
internal sealed class TableEndpoint
{
    private static readonly ActivitySource ServiceSpans = new("Azure.Data.Tables");

    private TableEndpoint(Uri uri, string accountName, string sas, TableClientOptions? options, HttpPipelinePolicy? authentication, SasPolicy? sasPolicy)
    {
        options ??= new TableClientOptions();
        Uri = uri;
        AccountName = accountName;
        Root = uri.GetLeftPart(UriPartial.Path).TrimEnd('/');
        Sas = sas;
        var build = new HttpPipelineOptions(options) { RequestFailedDetailsParser = Json.ErrorJson.Parser };
        build.PerCallPolicies.Add(new ServiceHeadersPolicy(options.VersionHeader, "application/json;odata=minimalmetadata", "3.0"));
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

    /// <summary>The service's address without trailing slash and query.</summary>
    public string Root { get; }

    public StorageCalls Calls { get; }

    /// <summary>A signature that came with the address, without "?"; empty when there is none.</summary>
    private string Sas { get; }

    public static TableEndpoint FromConnectionString(string connectionString, TableClientOptions? options)
    {
        var parsed = ConnectionString.Parse(connectionString, "table");
        var authentication = parsed.AccountKey is { } key
            ? new SharedKeyLitePolicy(new TableSharedKeyCredential(parsed.AccountName, key))
            : null;
        return new TableEndpoint(new Uri(parsed.Endpoint), parsed.AccountName, authentication is null ? parsed.Sas ?? "" : "", options, authentication, null);
    }

    public static TableEndpoint FromUri(Uri endpoint, TableClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return new TableEndpoint(endpoint, ConnectionString.AccountOf(endpoint), endpoint.Query.TrimStart('?'), options, null, null);
    }

    public static TableEndpoint FromUri(Uri endpoint, AzureSasCredential credential, TableClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        return endpoint.Query.Length > 1
            ? throw new ArgumentException("The address carries a query already; give the signature in one place.", nameof(endpoint))
            : new TableEndpoint(endpoint, ConnectionString.AccountOf(endpoint), "", options, null, new SasPolicy(credential));
    }

    public static TableEndpoint FromUri(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        return new TableEndpoint(endpoint, credential.AccountName, "", options, new SharedKeyLitePolicy(credential), null);
    }

    public static TableEndpoint FromUri(Uri endpoint, TokenCredential credential, TableClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        return new TableEndpoint(
            endpoint,
            ConnectionString.AccountOf(endpoint),
            "",
            options,
            new BearerTokenAuthenticationPolicy(credential, "https://storage.azure.com/.default"),
            null);
    }

    /// <summary>The address of something in the account.</summary>
    /// <param name="resource">Path below the root, starting with "/", encoded.</param>
    /// <param name="query">Encoded, without "?"; empty for none.</param>
    public string Address(string resource, string query = "") =>
        Sas.Length == 0
            ? query.Length == 0 ? Root + resource : $"{Root}{resource}?{query}"
            : query.Length == 0 ? $"{Root}{resource}?{Sas}" : $"{Root}{resource}?{query}&{Sas}";

    /// <summary>A key as it stands between quotes in an address.</summary>
    public static string Escape(string key) => Uri.EscapeDataString(key.Replace("'", "''"));

    /// <summary>The query of a listing. Null parts are left out.</summary>
    public static string ListQuery(string? filter, IEnumerable<string>? select, int? top, params ReadOnlySpan<(string Name, string? Value)> continuation)
    {
        var query = new StringBuilder();
        Append(query, "$filter", filter);
        Append(query, "$select", select is null ? null : string.Join(',', select));
        Append(query, "$top", top?.ToString(CultureInfo.InvariantCulture));
        foreach (var (name, value) in continuation)
        {
            Append(query, name, value);
        }

        return query.ToString();
    }

    private static void Append(StringBuilder query, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            query.Append(query.Length == 0 ? "" : "&").Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
    }
}
