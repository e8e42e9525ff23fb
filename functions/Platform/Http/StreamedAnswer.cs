using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Platform.Http;

/// <summary>
/// An answer that is made while it is sent. What fails before its first piece is the function's own failure, and answered as such; after that the connection is broken off, since a caller who got
/// the end of an answer must have all of it.
/// </summary>
public sealed class StreamedAnswer : IResult
{
    private readonly string _contentType;
    private readonly string _fileName;
    private readonly IAsyncEnumerator<ReadOnlyMemory<byte>> _pieces;
    private readonly bool _hasFirst;

    private StreamedAnswer(string contentType, string fileName, IAsyncEnumerator<ReadOnlyMemory<byte>> pieces, bool hasFirst) =>
        (_contentType, _fileName, _pieces, _hasFirst) = (contentType, fileName, pieces, hasFirst);

    /// <summary>Makes the first piece.</summary>
    /// <param name="fileName">What browsers store it as.</param>
    /// <param name="cancellationToken">The caller has left.</param>
    public static async Task<StreamedAnswer> BeginAsync(string contentType, string fileName, IAsyncEnumerable<ReadOnlyMemory<byte>> pieces, CancellationToken cancellationToken)
    {
        var each = pieces.GetAsyncEnumerator(cancellationToken);
        return new(contentType, fileName, each, await each.MoveNextAsync());
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = _contentType;
        response.Headers.ContentDisposition = $"attachment; filename=\"{_fileName}\"";
        await using (_pieces)
        {
            try
            {
                for (var isMore = _hasFirst; isMore; isMore = await _pieces.MoveNextAsync())
                {
                    await response.Body.WriteAsync(_pieces.Current, httpContext.RequestAborted);
                }
            }
            catch (OperationCanceledException) when (httpContext.RequestAborted.IsCancellationRequested)
            {
                // The caller has left.
            }
            catch
            {
                httpContext.Abort();
                throw;
            }
        }
    }
}
