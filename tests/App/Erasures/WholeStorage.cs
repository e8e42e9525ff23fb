using System.IO.Compression;
using System.Text;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace LeadFunctions.Tests.Erasures;

/// <summary>All that an account holds, as text: every table, queue and container, unpacked whichever way it is packed, the engine's own included.</summary>
internal static class WholeStorage
{
    private const int MostMessages = 32;

    /// <returns>Where each of the marks is found: "Leads: ada@example.com".</returns>
    public static async Task<IReadOnlySet<string>> FindAsync(string account, string folder, IReadOnlyList<string> marks)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var table in new TableServiceClient(account).QueryAsync())
        {
            await foreach (var row in new TableClient(account, table.Name).QueryAsync<TableEntity>())
            {
                Look(table.Name, TextOf(row));
            }
        }

        await foreach (var queue in new QueueServiceClient(account).GetQueuesAsync())
        {
            foreach (var message in (await new QueueClient(account, queue.Name).PeekMessagesAsync(MostMessages)).Value)
            {
                Look(queue.Name, Unpacked(Encoding.UTF8.GetBytes(message.MessageText)));
            }
        }

        await foreach (var container in new BlobServiceClient(account).GetBlobContainersAsync())
        {
            await foreach (var blob in new BlobContainerClient(account, container.Name).GetBlobsAsync())
            {
                var content = await new BlobClient(account, container.Name, blob.Name).DownloadContentAsync();
                Look(container.Name, blob.Name + Unpacked(content.Value.Content.ToArray()));
            }
        }

        foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder) : [])
        {
            Look("(folder)", Path.GetFileName(file) + await File.ReadAllTextAsync(file));
        }

        return found;

        void Look(string place, string text)
        {
            foreach (var mark in marks.Where(mark => text.Contains(mark, StringComparison.OrdinalIgnoreCase)))
            {
                found.Add($"{place}: {mark}");
            }
        }
    }

    /// <summary>Long values stand in several columns, numbered.</summary>
    private static string TextOf(TableEntity row)
    {
        var text = new StringBuilder($"{row.PartitionKey} {row.RowKey} ");
        foreach (var value in row.Where(column => column.Value is string))
        {
            text.Append(Unpacked(Encoding.UTF8.GetBytes((string)value.Value))).Append(' ');
        }

        foreach (var several in row.Where(column => column.Value is byte[]).GroupBy(column => column.Key.TrimEnd([.. "0123456789"])))
        {
            text.Append(Unpacked([.. several.OrderBy(column => column.Key.Length).ThenBy(column => column.Key, StringComparer.Ordinal).SelectMany(column => (byte[])column.Value)])).Append(' ');
        }

        return text.ToString();
    }

    /// <summary>As it is, and as it is inside: gzip, or after a byte that says so deflate, by itself or in Base64.</summary>
    private static string Unpacked(byte[] bytes)
    {
        var plain = Encoding.UTF8.GetString(bytes);
        var inside = plain.StartsWith("gz:", StringComparison.Ordinal) ? Convert.FromBase64String(plain[3..]) : bytes;
        return plain + Opened(() => new GZipStream(new MemoryStream(inside), CompressionMode.Decompress)) + (bytes is [1, ..] ? Opened(() => new DeflateStream(new MemoryStream(bytes, 1, bytes.Length - 1), CompressionMode.Decompress)) : "");
    }

    private static string Opened(Func<Stream> open)
    {
        try
        {
            using var reader = new StreamReader(open(), Encoding.UTF8);
            return " " + reader.ReadToEnd();
        }
        catch (InvalidDataException)
        {
            return ""; // it is not packed so
        }
    }
}
