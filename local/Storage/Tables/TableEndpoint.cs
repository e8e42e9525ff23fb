using System.Diagnostics;
using System.Globalization;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;
using LeadFunctions.Local.Storage.Core;

namespace Azure.Data.Tables;

/// <summary>One account's table service, and the addresses of what is in it.</summary>
internal sealed class TableEndpoint : StorageEndpoint
{
    private static readonly ActivitySource ServiceSpans = new("Azure.Data.Tables");

    private TableEndpoint(StorageAccess access, TableClientOptions options)
        : base(
            access,
            new HttpPipelineOptions(options) { RequestFailedDetailsParser = Json.ErrorJson.Parser },
            new ServiceHeadersPolicy(options.VersionHeader, "application/json;odata=minimalmetadata", "3.0"),
            ServiceSpans)
    {
    }

    public static TableEndpoint FromConnectionString(string connectionString, TableClientOptions? options) =>
        new(StorageAccess.Of(connectionString, "table", (account, key) => new SharedKeyLitePolicy(new TableSharedKeyCredential(account, key))), options ?? new());

    public static TableEndpoint FromUri(Uri endpoint, TableClientOptions? options) => new(StorageAccess.Of(endpoint), options ?? new());

    public static TableEndpoint FromUri(Uri endpoint, AzureSasCredential credential, TableClientOptions? options) => new(StorageAccess.Of(endpoint, credential), options ?? new());

    public static TableEndpoint FromUri(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions? options)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credential);
        return new(new(endpoint, credential.AccountName, Authentication: new SharedKeyLitePolicy(credential)), options ?? new());
    }

    public static TableEndpoint FromUri(Uri endpoint, TokenCredential credential, TableClientOptions? options) => new(StorageAccess.Of(endpoint, credential), options ?? new());

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
