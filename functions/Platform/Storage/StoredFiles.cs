using System.Globalization;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace LeadFunctions.Platform.Storage;

/// <summary>The files of one container: of any size, written and read piece by piece, so that none is ever in memory.</summary>
public sealed class StoredFiles
{
    private const int BlockBytes = 4 * 1024 * 1024;

    private readonly BlobContainerClient _container;

    internal StoredFiles(BlobContainerClient container) => _container = container;

    internal Task CreateAsync(CancellationToken cancellationToken) => _container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);

    /// <summary>
    /// Writes what comes after the first <paramref name="offset"/> bytes, and drops what stood there. What has come when <paramref name="body"/> breaks off is kept, in whole blocks, and the exception goes on:
    /// so a large file can be sent in parts, and be gone on with.
    /// </summary>
    /// <param name="limit">Bytes that the file may have.</param>
    /// <exception cref="FileChangedException">No part of it ended there, or somebody else wrote meanwhile.</exception>
    /// <exception cref="FileTooLargeException">Nothing of it was written.</exception>
    public async Task WriteAsync(string name, long offset, Stream body, long limit, CancellationToken cancellationToken)
    {
        var blob = _container.GetBlockBlobClient(name);
        var (kept, tag) = offset == 0 ? ([], await TagAsync(blob, cancellationToken)) : await BlocksUpToAsync(blob, offset, cancellationToken);
        var (block, count, end) = (new byte[BlockBytes], 0, offset);
        var writer = Guid.NewGuid().ToString("N")[..8]; // blocks of two writers must not be taken for each other
        try
        {
            while ((count = await body.ReadAtLeastAsync(block, BlockBytes, throwOnEndOfStream: false, cancellationToken)) > 0)
            {
                if (end + count > limit)
                {
                    throw new FileTooLargeException();
                }

                await StageAsync(blob, kept, writer, end, new MemoryStream(block, 0, count, writable: false), cancellationToken);
                end += count;
            }
        }
        catch (Exception exception) when (exception is not FileTooLargeException && end > offset)
        {
            await CommitAsync(blob, kept, tag, CancellationToken.None);
            throw;
        }

        await CommitAsync(blob, kept, tag, cancellationToken);
    }

    /// <summary>A whole small file.</summary>
    public Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        _container.GetBlobClient(name).UploadAsync(new BinaryData(content), overwrite: true, cancellationToken);

    /// <summary>Null when there is none.</summary>
    public async Task<long?> LengthAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await _container.GetBlobClient(name).GetPropertiesAsync(cancellationToken: cancellationToken)).Value.ContentLength;
        }
        catch (RequestFailedException missing) when (missing.Status == 404 && !StorageOutage.Is(missing))
        {
            return null;
        }
    }

    /// <summary>As many bytes as there are, up to <paramref name="length"/>; null when there is no such file.</summary>
    public async Task<ReadOnlyMemory<byte>?> ReadAsync(string name, long offset, int length, CancellationToken cancellationToken)
    {
        try
        {
            var range = new BlobDownloadOptions { Range = new HttpRange(offset, length) };
            return (await _container.GetBlobClient(name).DownloadContentAsync(range, cancellationToken)).Value.Content.ToMemory();
        }
        catch (RequestFailedException missing) when (missing.Status == 404 && !StorageOutage.Is(missing))
        {
            return null;
        }
        catch (RequestFailedException beyond) when (beyond.Status == 416)
        {
            return ReadOnlyMemory<byte>.Empty;
        }
    }

    /// <summary>In the order of their names.</summary>
    public async IAsyncEnumerable<string> NamesAsync(string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var blob in _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken))
        {
            yield return blob.Name;
        }
    }

    /// <summary>Of all whose name begins so, together.</summary>
    public async Task<long> BytesAsync(string prefix, CancellationToken cancellationToken)
    {
        var bytes = 0L;
        await foreach (var blob in _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken))
        {
            bytes += blob.Properties.ContentLength ?? 0;
        }

        return bytes;
    }

    /// <summary>All whose name begins so.</summary>
    public async Task DeleteAsync(string prefix, CancellationToken cancellationToken)
    {
        await foreach (var name in NamesAsync(prefix, cancellationToken))
        {
            await _container.DeleteBlobIfExistsAsync(name, cancellationToken: cancellationToken);
        }
    }

    private static async Task<ETag?> TagAsync(BlockBlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            return (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value.ETag;
        }
        catch (RequestFailedException missing) when (missing.Status == 404 && !StorageOutage.Is(missing))
        {
            return null;
        }
    }

    private static async Task<(List<string> Blocks, ETag? Tag)> BlocksUpToAsync(BlockBlobClient blob, long offset, CancellationToken cancellationToken)
    {
        var tag = await TagAsync(blob, cancellationToken);
        if (tag is null)
        {
            throw new FileChangedException(0);
        }

        var (blocks, end) = (new List<string>(), 0L);
        foreach (var block in (await blob.GetBlockListAsync(BlockListTypes.Committed, cancellationToken: cancellationToken)).Value.CommittedBlocks)
        {
            if (end == offset)
            {
                break;
            }

            blocks.Add(block.Name);
            end += block.SizeLong;
        }

        return end == offset ? (blocks, tag) : throw new FileChangedException(end);
    }

    private static async Task StageAsync(BlockBlobClient blob, List<string> blocks, string writer, long at, MemoryStream bytes, CancellationToken cancellationToken)
    {
        var id = Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{at:D16}-{writer}"))); // all of a blob's are of one length
        await blob.StageBlockAsync(id, bytes, cancellationToken: cancellationToken);
        blocks.Add(id);
    }

    private static async Task CommitAsync(BlockBlobClient blob, List<string> blocks, ETag? tag, CancellationToken cancellationToken)
    {
        try
        {
            var conditions = tag is { } known ? new BlobRequestConditions { IfMatch = known } : new BlobRequestConditions { IfNoneMatch = ETag.All };
            await blob.CommitBlockListAsync(blocks, new CommitBlockListOptions { Conditions = conditions }, cancellationToken);
        }
        catch (RequestFailedException changed) when (changed.Status is 409 or 412)
        {
            throw new FileChangedException(null);
        }
    }
}

/// <summary>The file is another than its writer thought.</summary>
/// <param name="end">Where one could go on; null: it changes just now.</param>
public sealed class FileChangedException(long? end) : Exception("The file has changed.")
{
    public long? End { get; } = end;
}

/// <summary>The file would become larger than it may.</summary>
public sealed class FileTooLargeException() : Exception("The file is too large.");
