#nullable disable // Upstream's assembly carries no nullable annotations; the app must see the same.
using Azure.Core;
using Azure.Data.Tables.Json;
using Azure.Data.Tables.Models;
using LeadFunctions.Local.Storage.Core;

namespace Azure.Data.Tables;

/// <summary>One table: its rows, and transactions on rows of one partition. Thread-safe; make one and share it.</summary>
public partial class TableClient
{
    private readonly TableEndpoint _endpoint;
    private readonly string _resource;

    /// <summary>For tests that derive from it.</summary>
    protected TableClient()
    {
    }

    public TableClient(string connectionString, string tableName)
        : this(connectionString, tableName, null)
    {
    }

    /// <param name="connectionString">With an account key, a SAS, or <c>UseDevelopmentStorage=true</c>.</param>
    /// <param name="tableName">The table; it need not exist yet.</param>
    /// <param name="options">Null for the defaults.</param>
    public TableClient(string connectionString, string tableName, TableClientOptions options = null)
        : this(TableEndpoint.FromConnectionString(connectionString, options), tableName)
    {
    }

    /// <param name="endpoint">The table's address, with a SAS in its query.</param>
    /// <param name="options">Null for the defaults.</param>
    public TableClient(Uri endpoint, TableClientOptions options = null)
        : this(TableEndpoint.FromUri(ServiceOf(endpoint), options), TableOf(endpoint))
    {
    }

    /// <param name="endpoint">The table's address.</param>
    /// <param name="credential">The SAS.</param>
    /// <param name="options">Null for the defaults.</param>
    public TableClient(Uri endpoint, AzureSasCredential credential, TableClientOptions options = null)
        : this(TableEndpoint.FromUri(ServiceOf(endpoint), credential, options), TableOf(endpoint))
    {
    }

    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential)
        : this(endpoint, tableName, credential, null)
    {
    }

    /// <param name="endpoint">The service's address.</param>
    /// <param name="tableName">The table.</param>
    /// <param name="credential">Account and key.</param>
    /// <param name="options">Null for the defaults.</param>
    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential, TableClientOptions options = null)
        : this(TableEndpoint.FromUri(endpoint, credential, options), tableName)
    {
    }

    /// <param name="endpoint">The service's address; https.</param>
    /// <param name="tableName">The table.</param>
    /// <param name="tokenCredential">Gives tokens for storage.</param>
    /// <param name="options">Null for the defaults.</param>
    public TableClient(Uri endpoint, string tableName, TokenCredential tokenCredential, TableClientOptions options = null)
        : this(TableEndpoint.FromUri(endpoint, tokenCredential, options), tableName)
    {
    }

    internal TableClient(TableEndpoint endpoint, string tableName)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        _endpoint = endpoint;
        Name = tableName;
        _resource = "/" + Uri.EscapeDataString(tableName);
    }

    public virtual string AccountName => _endpoint.AccountName;

    public virtual string Name { get; }

    public virtual Uri Uri => new(_endpoint.Root + _resource);

    /// <summary>An OData filter in which each interpolated value is a literal of its type, quoted and escaped.</summary>
    public static string CreateQueryFilter(FormattableString filter) => QueryFilter.Create(filter);

    /// <exception cref="RequestFailedException">409 TableAlreadyExists, TableBeingDeleted.</exception>
    public virtual Task<Response<TableItem>> CreateAsync(CancellationToken cancellationToken = default) =>
        TableServiceClient.CreateAsync("TableClient.Create", _endpoint, Name, 0, cancellationToken);

    /// <summary>As <see cref="CreateAsync"/>; when the table is there already, the response has status 409 and nothing is thrown.</summary>
    public virtual Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default) =>
        TableServiceClient.CreateAsync("TableClient.CreateIfNotExists", _endpoint, Name, 409, cancellationToken);

    /// <summary>Deletes the table with all its rows; a table that does not exist gives a response of status 404.</summary>
    public virtual Task<Response> DeleteAsync(CancellationToken cancellationToken = default) =>
        TableServiceClient.DeleteAsync("TableClient.Delete", _endpoint, Name, cancellationToken);

    /// <summary>Inserts a row; the response carries its ETag.</summary>
    /// <exception cref="RequestFailedException">409 EntityAlreadyExists; 404 TableNotFound.</exception>
    public virtual async Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        RequireKeys(entity);
        var message = _endpoint.Calls.Message(RequestMethod.Post, _endpoint.Address(_resource));
        message.Request.Headers.SetValue("Prefer", "return-no-content");
        SetBody(message, entity);
        return await _endpoint.Calls.SendAsync("TableClient.AddEntity", message, cancellationToken);
    }

    /// <summary>Changes a row that must exist, and be at the given version (ETag.All: any).</summary>
    /// <exception cref="RequestFailedException">412 UpdateConditionNotSatisfied; 404 ResourceNotFound.</exception>
    public virtual Task<Response> UpdateEntityAsync<T>(T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity =>
        WriteAsync("TableClient.UpdateEntity", entity, ifMatch.ToString(), mode, cancellationToken);

    /// <summary>Inserts a row, or changes the one that is there whatever its version.</summary>
    public virtual Task<Response> UpsertEntityAsync<T>(T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity =>
        WriteAsync("TableClient.UpsertEntity", entity, null, mode, cancellationToken);

    public virtual async Task<Response> DeleteEntityAsync(ITableEntity entity, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        RequireKeys(entity);
        return await DeleteEntityAsync(entity.PartitionKey, entity.RowKey, ifMatch, cancellationToken);
    }

    /// <summary>Deletes a row, by default at any version; one that does not exist gives a response of status 404.</summary>
    /// <exception cref="RequestFailedException">412 UpdateConditionNotSatisfied.</exception>
    public virtual async Task<Response> DeleteEntityAsync(string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        var message = _endpoint.Calls.Message(RequestMethod.Delete, EntityAddress(partitionKey, rowKey));
        message.Request.Headers.SetValue("If-Match", ifMatch == default ? "*" : ifMatch.ToString());
        return await _endpoint.Calls.SendAsync("TableClient.DeleteEntity", message, cancellationToken, 404);
    }

    /// <exception cref="RequestFailedException">404 ResourceNotFound.</exception>
    public virtual async Task<Response<T>> GetEntityAsync<T>(string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        var response = await ReadAsync("TableClient.GetEntity", partitionKey, rowKey, select, 0, cancellationToken);
        return Response.FromValue(Entity<T>(response), response);
    }

    /// <summary>As GetEntityAsync; a row that does not exist gives a response without a value.</summary>
    public virtual async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        var response = await ReadAsync("TableClient.GetEntityIfExists", partitionKey, rowKey, select, 404, cancellationToken);
        return response.Status == 404 ? new AbsentResponse<T>(response) : Response.FromValue(Entity<T>(response), response);
    }

    /// <summary>Rows in the order of partition and row key.</summary>
    /// <param name="filter">OData; null for all rows.</param>
    /// <param name="maxPerPage">At most 1,000, which is also the default. A page can be shorter, even empty, before the end.</param>
    /// <param name="select">Properties to return; null for all.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public virtual AsyncPageable<T> QueryAsync<T>(string filter = null, int? maxPerPage = null, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        new PagesOf<T>(
            async (continuationToken, hint, cancellation) =>
            {
                var (nextPartitionKey, nextRowKey) = SplitToken(continuationToken);
                var query = TableEndpoint.ListQuery(
                    filter, select, hint ?? maxPerPage, ("NextPartitionKey", nextPartitionKey), ("NextRowKey", nextRowKey));
                var message = _endpoint.Calls.Message(RequestMethod.Get, _endpoint.Address(_resource + "()", query));
                var response = await _endpoint.Calls.SendAsync("TableClient.Query", message, cancellation);
                return Page<T>.FromValues(EntityReader.Page<T>(response.Content.ToMemory().Span), Token(response), response);
            },
            cancellationToken);

    private async Task<Response> WriteAsync<T>(string operation, T entity, string ifMatch, TableUpdateMode mode, CancellationToken cancellationToken)
        where T : ITableEntity
    {
        RequireKeys(entity);
        var method = mode switch
        {
            TableUpdateMode.Merge => RequestMethod.Patch,
            TableUpdateMode.Replace => RequestMethod.Put,
            _ => throw new ArgumentException($"There is no update mode {mode}.", nameof(mode)),
        };
        var message = _endpoint.Calls.Message(method, EntityAddress(entity.PartitionKey, entity.RowKey));
        if (ifMatch is not null)
        {
            message.Request.Headers.SetValue("If-Match", ifMatch);
        }

        SetBody(message, entity);
        return await _endpoint.Calls.SendAsync(operation, message, cancellationToken);
    }

    private Task<Response> ReadAsync(string operation, string partitionKey, string rowKey, IEnumerable<string> select, int alsoFine, CancellationToken cancellationToken)
    {
        var address = EntityAddress(partitionKey, rowKey, select is null ? "" : TableEndpoint.ListQuery(null, select, null));
        return _endpoint.Calls.SendAsync(operation, _endpoint.Calls.Message(RequestMethod.Get, address), cancellationToken, alsoFine);
    }

    private string EntityAddress(string partitionKey, string rowKey, string query = "")
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        return _endpoint.Address($"{_resource}(PartitionKey='{TableEndpoint.Escape(partitionKey)}',RowKey='{TableEndpoint.Escape(rowKey)}')", query);
    }

    private static void SetBody(HttpMessage message, ITableEntity entity)
    {
        var content = new PooledContent(1024);
        EntityWriter.Write(content, entity);
        message.Request.Content = content;
        message.Request.Headers.SetValue("Content-Type", "application/json");
    }

    private static T Entity<T>(Response response)
        where T : class, ITableEntity
    {
        var entity = EntityReader.Single<T>(response.Content.ToMemory().Span);
        if (entity.ETag == default && response.Headers.ETag is { } etag)
        {
            entity.ETag = etag;
        }

        return entity;
    }

    private static void RequireKeys(ITableEntity entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(entity.PartitionKey);
        ArgumentNullException.ThrowIfNull(entity.RowKey);
    }

    private static string Token(Response response)
    {
        response.Headers.TryGetValue("x-ms-continuation-NextPartitionKey", out var nextPartitionKey);
        response.Headers.TryGetValue("x-ms-continuation-NextRowKey", out var nextRowKey);
        return nextPartitionKey is null && nextRowKey is null ? null : $"{nextPartitionKey} {nextRowKey}";
    }

    private static (string NextPartitionKey, string NextRowKey) SplitToken(string token)
    {
        if (string.IsNullOrWhiteSpace(token))
        {
            return (null, null);
        }

        var space = token.IndexOf(' ');
        return space < 0 ? (token, null) : (token[..space], token[(space + 1)..]);
    }

    private static Uri ServiceOf(Uri table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var service = new UriBuilder(table);
        service.Path = service.Path[..(service.Path.TrimEnd('/').LastIndexOf('/') + 1)];
        return service.Uri;
    }

    private static string TableOf(Uri table) => Uri.UnescapeDataString(table.Segments[^1].TrimEnd('/'));
}
