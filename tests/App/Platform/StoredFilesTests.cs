using LeadFunctions.Platform.Storage;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace LeadFunctions.Tests.Platform;

/// <summary>Files that come in parts, on the storage emulator.</summary>
public sealed class StoredFilesTests
{
    private const int Block = 4 * 1024 * 1024;
    private const long Limit = 64L * 1024 * 1024;

    [Fact]
    public async Task What_came_before_a_connection_broke_off_is_kept_in_whole_blocks_and_gone_on_with()
    {
        var files = await NewAsync();
        var content = Enumerable.Range(0, Block + (Block / 2)).Select(i => (byte)(i * 31)).ToArray();

        await Assert.ThrowsAsync<IOException>(() => files.WriteAsync("f", 0, new BrokenStream(content), Limit, CancellationToken.None));
        Assert.Equal(Block, await files.LengthAsync("f", CancellationToken.None));
        await files.WriteAsync("f", Block, new MemoryStream(content, Block, content.Length - Block), Limit, CancellationToken.None);

        Assert.Equal(content.Length, await files.LengthAsync("f", CancellationToken.None));
        Assert.True((await files.ReadAsync("f", Block - 2, 4, CancellationToken.None))!.Value.Span.SequenceEqual(content.AsSpan(Block - 2, 4))); // it is there
    }

    [Fact]
    public async Task A_file_goes_on_only_where_a_part_of_it_ended()
    {
        var files = await NewAsync();
        await files.WriteAsync("f", 0, new MemoryStream(new byte[10]), Limit, CancellationToken.None);

        Assert.Equal(10, (await Assert.ThrowsAsync<FileChangedException>(() => files.WriteAsync("f", 7, new MemoryStream(new byte[1]), Limit, CancellationToken.None))).End);
        Assert.Equal(0, (await Assert.ThrowsAsync<FileChangedException>(() => files.WriteAsync("other", 7, new MemoryStream(new byte[1]), Limit, CancellationToken.None))).End);
        await Assert.ThrowsAsync<FileTooLargeException>(() => files.WriteAsync("f", 10, new MemoryStream(new byte[20]), 29, CancellationToken.None));
        Assert.Equal(10, await files.LengthAsync("f", CancellationToken.None));
        await files.WriteAsync("f", 0, new MemoryStream(new byte[3]), Limit, CancellationToken.None);
        Assert.Equal(3, await files.LengthAsync("f", CancellationToken.None));
    }

    [Fact]
    public async Task Of_two_who_write_at_once_one_is_refused_and_the_file_is_the_others()
    {
        var files = await NewAsync();
        var second = new MemoryStream([2, 2]);
        var slow = new SlowStream([1], () => files.WriteAsync("f", 0, second, Limit, CancellationToken.None));

        await Assert.ThrowsAsync<FileChangedException>(() => files.WriteAsync("f", 0, slow, Limit, CancellationToken.None));

        Assert.Equal([2, 2], (await files.ReadAsync("f", 0, 100, CancellationToken.None))!.Value.ToArray()); // it is there
    }

    [Fact]
    public async Task What_is_not_there_is_neither_read_nor_missed()
    {
        var files = await NewAsync();
        await files.WriteAsync("a/1", "x"u8.ToArray(), CancellationToken.None);
        await files.WriteAsync("a/2", "y"u8.ToArray(), CancellationToken.None);
        await files.WriteAsync("b/1", "z"u8.ToArray(), CancellationToken.None);

        Assert.Null(await files.ReadAsync("none", 0, 1, CancellationToken.None));
        Assert.Equal(0, (await files.ReadAsync("a/1", 1, 1, CancellationToken.None))!.Value.Length); // it is there
        await files.DeleteAsync("a/", CancellationToken.None);
        await files.DeleteAsync("a/", CancellationToken.None);
        var left = new List<string>();
        await foreach (var name in files.NamesAsync("", CancellationToken.None))
        {
            left.Add(name);
        }

        Assert.Equal(["b/1"], left);
    }

    private static async Task<StoredFiles> NewAsync()
    {
        var files = StorageClients.From(new ConfigurationManager { ["AzureWebJobsStorage"] = await Emulator.NewSharedAccountAsync() }).Files("files");
        await files.CreateAsync(CancellationToken.None);
        return files;
    }

    private sealed class BrokenStream(byte[] content) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position < Length ? await base.ReadAsync(buffer, cancellationToken) : throw new IOException("The connection broke off.");
    }

    private sealed class SlowStream(byte[] content, Func<Task> meanwhile) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position == 0)
            {
                await meanwhile();
            }

            return await base.ReadAsync(buffer, cancellationToken);
        }
    }
}
