using System.Runtime.CompilerServices;
using Azure;

namespace LeadFunctions.Local.Storage.Core;

/// <summary>Reads one page: from the given continuation token (null: the start), with at most the hinted number of items.</summary>
internal delegate Task<Page<T>> ReadPage<T>(string? continuationToken, int? pageSizeHint, CancellationToken cancellationToken);

/// <summary>A listing that asks for its next page only when the previous one is used up.</summary>
internal sealed class PagesOf<T>(ReadPage<T> readPage, CancellationToken cancellationToken) : AsyncPageable<T>(cancellationToken)
    where T : notnull
{
    public override IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null) =>
        Pages(continuationToken, pageSizeHint, CancellationToken);

    public override async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        using var both = CancellationToken.CanBeCanceled && cancellationToken.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(CancellationToken, cancellationToken)
            : null;
        var token = both?.Token ?? (cancellationToken.CanBeCanceled ? cancellationToken : CancellationToken);
        await foreach (var page in Pages(null, null, token))
        {
            foreach (var item in page.Values)
            {
                yield return item;
            }
        }
    }

    private async IAsyncEnumerable<Page<T>> Pages(
        string? continuationToken, int? pageSizeHint, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        do
        {
            var page = await readPage(continuationToken, pageSizeHint, cancellationToken);
            continuationToken = page.ContinuationToken;
            yield return page;
        }
        while (!string.IsNullOrEmpty(continuationToken));
    }
}
