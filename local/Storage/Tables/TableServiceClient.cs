#nullable disable // Upstream's assembly carries no nullable annotations; the app must see the same.
using System.Text.Json;
using Azure.Core;
using Azure.Data.Tables.Models;
using LeadFunctions.Local.Storage.Core;

namespace Azure.Data.Tables;

/// <summary>The table service of one account: makes, lists and deletes tables, and hands out their clients. Thread-safe; make one and share it.</summary>
public class TableServiceClient
{
    private readonly TableEndpoint _endpoint;

    /// <summary>For tests that derive from it.</summary>
    protected TableServiceClient()
    {
    }

    public TableServiceClient(string connectionString)
        : this(connectionString, null)
    {
    }

    /// <param name="connectionString">With an account key, a SAS, or <c>UseDevelopmentStorage=true</c>.</param>
    /// <param name="options">Null for the defaults.</param>
    public TableServiceClient(string connectionString, TableClientOptions options = null) =>
        _endpoint = TableEndpoint.FromConnectionString(connectionString, options);

    /// <param name="endpoint">The service's address, with a SAS in its query.</param>
    /// <param name="options">Null for the defaults.</param>
    public TableServiceClient(Uri endpoint, TableClientOptions options = null) => _endpoint = TableEndpoint.FromUri(endpoint, options);

    public TableServiceClient(Uri endpoint, AzureSasCredential credential)
        : this(endpoint, credential, null)
    {
    }

    public TableServiceClient(Uri endpoint, AzureSasCredential credential, TableClientOptions options = null) =>
        _endpoint = TableEndpoint.FromUri(endpoint, credential, options);

    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential)
        : this(endpoint, credential, null)
    {
    }

    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions options) =>
        _endpoint = TableEndpoint.FromUri(endpoint, credential, options);

    public TableServiceClient(Uri endpoint, TokenCredential tokenCredential, TableClientOptions options = null) =>
        _endpoint = TableEndpoint.FromUri(endpoint, tokenCredential, options);

    public virtual string AccountName => _endpoint.AccountName;

    public virtual Uri Uri => _endpoint.Uri;

    /// <summary>An OData filter in which each interpolated value is a literal of its type, quoted and escaped.</summary>
    public static string CreateQueryFilter(FormattableString filter) => QueryFilter.Create(filter);

    public virtual TableClient GetTableClient(string tableName) => new(_endpoint, tableName);

    /// <exception cref="RequestFailedException">409 TableAlreadyExists, TableBeingDeleted.</exception>
    public virtual Task<Response<TableItem>> CreateTableAsync(string tableName, CancellationToken cancellationToken = default) =>
        CreateAsync("TableServiceClient.CreateTable", _endpoint, tableName, 0, cancellationToken);

    /// <summary>As <see cref="CreateTableAsync"/>; when the table is there already, the response has status 409 and nothing is thrown.</summary>
    public virtual Task<Response<TableItem>> CreateTableIfNotExistsAsync(string tableName, CancellationToken cancellationToken = default) =>
        CreateAsync("TableServiceClient.CreateTableIfNotExists", _endpoint, tableName, 409, cancellationToken);

    /// <summary>Deletes the table with all its rows; a table that does not exist gives a response of status 404.</summary>
    public virtual Task<Response> DeleteTableAsync(string tableName, CancellationToken cancellationToken = default) =>
        DeleteAsync("TableServiceClient.DeleteTable", _endpoint, tableName, cancellationToken);

    /// <param name="filter">OData over TableName; null for all.</param>
    /// <param name="maxPerPage">At most 1,000.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public virtual AsyncPageable<TableItem> QueryAsync(string filter = null, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        new PagesOf<TableItem>(
            async (continuationToken, hint, cancellation) =>
            {
                var query = TableEndpoint.ListQuery(filter, null, hint ?? maxPerPage, ("NextTableName", continuationToken));
                var message = _endpoint.Calls.Message(RequestMethod.Get, _endpoint.Address("/Tables", query));
                var response = await _endpoint.Calls.SendAsync("TableServiceClient.Query", message, cancellation);
                response.Headers.TryGetValue("x-ms-continuation-NextTableName", out var next);
                return Page<TableItem>.FromValues(Names(response), next, response);
            },
            cancellationToken);

    internal static async Task<Response<TableItem>> CreateAsync(
        string operation, TableEndpoint endpoint, string tableName, int alsoFine, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        var message = endpoint.Calls.Message(RequestMethod.Post, endpoint.Address("/Tables"));
        message.Request.Headers.SetValue("Content-Type", "application/json");
        message.Request.Headers.SetValue("Prefer", "return-no-content");
        message.Request.Content = RequestContent.Create(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["TableName"] = tableName }));
        var response = await endpoint.Calls.SendAsync(operation, message, cancellationToken, alsoFine);
        return Response.FromValue(new TableItem(tableName), response);
    }

    internal static Task<Response> DeleteAsync(string operation, TableEndpoint endpoint, string tableName, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        var message = endpoint.Calls.Message(RequestMethod.Delete, endpoint.Address($"/Tables('{TableEndpoint.Escape(tableName)}')"));
        return endpoint.Calls.SendAsync(operation, message, cancellationToken, 404);
    }

    private static List<TableItem> Names(Response response)
    {
        using var document = JsonDocument.Parse(response.Content.ToMemory());
        return [.. document.RootElement.GetProperty("value").EnumerateArray().Select(table => new TableItem(table.GetProperty("TableName").GetString()))];
    }
}
