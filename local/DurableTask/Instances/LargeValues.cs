using System.Globalization;
using Azure.Data.Tables;

namespace LeadFunctions.Local.DurableTask;

/// <summary>Reads values that may stand in the main row or, when large, in rows of their own.</summary>
internal sealed class LargeValues(TableClient table, string partition, string instanceId, CancellationToken cancellationToken)
{
    /// <summary>A text column; null when it is not set.</summary>
    public async Task<string?> ReadTextAsync(TableEntity main, string column)
    {
        var rows = main.GetString(column + "Rows");
        var bytes = string.IsNullOrEmpty(rows) ? main.GetBinary(column) : Join(await ReadRowsAsync(rows));
        return bytes is { Length: > 0 } ? Packed.UnpackText(bytes) : null;
    }

    /// <summary>The whole history.</summary>
    public async Task<(HistoryLog Log, IReadOnlyList<HistoryEvent> Events)> ReadHistoryAsync(TableEntity main)
    {
        var listed = main.GetString("Segments");
        var tail = Packed.Unpack(main.GetBinary("Tail"));
        if (string.IsNullOrEmpty(listed))
        {
            return (HistoryLog.Stored([], tail), [.. HistoryLog.Read(tail)]);
        }

        var rows = await ReadRowsAsync(listed);
        var events = new List<HistoryEvent>();
        var segments = new List<StoredBytes>();
        foreach (var segment in SegmentsOf(listed, rows))
        {
            segments.Add(StoredBytes.At(segment.Numbers));
            events.AddRange(HistoryLog.Read(Packed.Unpack(segment.Bytes)));
        }

        events.AddRange(HistoryLog.Read(tail));
        return (HistoryLog.Stored(segments, tail), events);
    }

    /// <summary>Row numbers, of which those with a plus are continued in the next.</summary>
    private static IEnumerable<(List<int> Numbers, byte[] Bytes)> SegmentsOf(string listed, IReadOnlyList<byte[]> rows)
    {
        var parts = listed.Split(',');
        for (var index = 0; index < parts.Length;)
        {
            var numbers = new List<int>();
            var bytes = new List<byte[]>();
            do
            {
                numbers.Add(int.Parse(parts[index].TrimEnd('+'), CultureInfo.InvariantCulture));
                bytes.Add(rows[index]);
            }
            while (parts[index++].EndsWith('+'));

            yield return (numbers, Join(bytes));
        }
    }

    private async Task<IReadOnlyList<byte[]>> ReadRowsAsync(string listed)
    {
        var numbers = listed.Split(',').Select(number => int.Parse(number.TrimEnd('+'), CultureInfo.InvariantCulture)).ToList();
        var rows = new byte[numbers.Count][];
        await Parallel.ForAsync(0, numbers.Count, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken }, async (index, cancellation) =>
        {
            var row = (await table.GetEntityAsync<TableEntity>(partition, InstanceRows.KeyOf(instanceId, numbers[index]), null, cancellation)).Value;
            rows[index] = Join([.. Enumerable.Range(0, row.Count).Select(property => row.GetBinary("d" + property)).TakeWhile(bytes => bytes is not null)]);
        });
        return rows;
    }

    private static byte[] Join(IReadOnlyList<byte[]> parts)
    {
        if (parts.Count == 1)
        {
            return parts[0];
        }

        var joined = new byte[parts.Sum(part => part.Length)];
        var start = 0;
        foreach (var part in parts)
        {
            part.CopyTo(joined, start);
            start += part.Length;
        }

        return joined;
    }
}
