using System.Buffers;
using System.Text;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Json;

namespace LeadFunctions.Local.Tests.Storage;

public sealed class EntityJsonTests
{
    [Fact]
    public void Any_entity_is_the_same_after_writing_and_reading()
    {
        var random = new Random(20260103);
        for (var round = 0; round < 5_000; round++)
        {
            var row = new TableEntity(Text(random), Text(random));
            for (var count = random.Next(12); count > 0; count--)
            {
                row[$"P{count}" + Text(random, letters: random.Next(2) == 0)] = Value(random);
            }

            var read = EntityReader.Single<TableEntity>(Write(row));

            Assert.Equal(row.Where(pair => pair.Value is not null).Select(pair => pair.Key), read.Keys);
            foreach (var (key, value) in row.Where(pair => pair.Value is not null))
            {
                Assert.Equal(value is DateTime time ? new DateTimeOffset(time) : value, read[key]);
            }
        }
    }

    [Fact]
    public void An_entity_is_one_line_without_separators_that_a_transaction_could_trip_over()
    {
        var json = Encoding.UTF8.GetString(Write(new TableEntity("p", "r") { ["S"] = "a\r\nb\u2028c\u2029d\u0085e \"{}\"" }));

        Assert.Equal("{\"PartitionKey\":\"p\",\"RowKey\":\"r\",\"S\":\"a\\r\\nb\\u2028c\\u2029d\\u0085e \\\"{}\\\"\"}", json);
    }

    [Fact]
    public void What_the_service_keeps_is_not_sent_back()
    {
        var row = new TableEntity("p", "r") { ETag = new ETag("W/\"1\""), Timestamp = DateTimeOffset.UnixEpoch, ["Nothing"] = null };

        Assert.Equal("{\"PartitionKey\":\"p\",\"RowKey\":\"r\"}", Encoding.UTF8.GetString(Write(row)));
    }

    [Fact]
    public void A_page_is_read_whatever_stands_around_it()
    {
        var rows = EntityReader.Page<TableEntity>("""
            {"odata.metadata":{"x":[1]},"value":[
              {"odata.etag":"W/\"1\"","odata.type":"t","PartitionKey":"p","RowKey":"1","Timestamp":"2026-01-02T03:04:05.1234567Z",
               "L":"9","L@odata.type":"Edm.Int64","D@odata.type":"Edm.Double","D":3,"Big":12345678901,"Half":0.5,"No":null},
              {"PartitionKey":"p","RowKey":"2"}],"odata.nextLink":"x"}
            """u8);

        Assert.Equal(["1", "2"], rows.Select(row => row.RowKey));
        Assert.Equal(new ETag("W/\"1\""), rows[0].ETag);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1234567), rows[0].Timestamp);
        Assert.Equal((9L, 3.0, 12345678901L, 0.5), (rows[0].GetInt64("L"), rows[0].GetDouble("D"), rows[0].GetInt64("Big"), rows[0].GetDouble("Half")));
        Assert.Null(rows[0]["No"]);
        Assert.False(rows[0].ContainsKey("odata.type"));
    }

    [Fact]
    public void A_value_keeps_the_type_that_its_property_has()
    {
        var row = new TableEntity { ["L"] = 1L, ["D"] = 1.5, ["I"] = 1, ["S"] = "s" };

        row["L"] = 2;
        row["D"] = 2;
        row["I"] = 2L;

        Assert.Equal((2L, 2.0, 2L), (row["L"], row["D"], row["I"]));
        Assert.Throws<InvalidOperationException>(() => row["S"] = 1);
        Assert.Throws<InvalidOperationException>(() => row.GetInt32("S"));
        Assert.Null(row.GetInt32("None"));
        Assert.Null(row["None"]);
    }

    [Fact]
    public void Writing_a_row_allocates_next_to_nothing()
    {
        var row = new TableEntity("partition", "row") { ["J"] = new string('"', 500), ["L"] = 5L, ["T"] = DateTimeOffset.UnixEpoch, ["D"] = 1.5 };
        var target = new ArrayBufferWriter<byte>(1 << 16);
        for (var warm = 0; warm < 100; warm++)
        {
            target.ResetWrittenCount();
            EntityWriter.Write(target, row);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
        {
            target.ResetWrittenCount();
            EntityWriter.Write(target, row);
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100, 0, 64);
    }

    private static byte[] Write(ITableEntity entity)
    {
        var target = new ArrayBufferWriter<byte>();
        EntityWriter.Write(target, entity);
        return target.WrittenSpan.ToArray();
    }

    private static object? Value(Random random) => random.Next(11) switch
    {
        0 => Text(random),
        1 => random.Next(int.MinValue, int.MaxValue),
        2 => random.NextInt64(long.MinValue, long.MaxValue),
        3 => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
        4 => (double)random.Next(-5, 5),
        5 => random.Next(2) == 0,
        6 => new DateTimeOffset(random.NextInt64(DateTime.MaxValue.Ticks), TimeSpan.Zero),
        7 => new DateTime(random.NextInt64(DateTime.MaxValue.Ticks), DateTimeKind.Utc),
        8 => new Guid(Bytes(random, 16)),
        9 => Bytes(random, random.Next(40)),
        _ => null,
    };

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Text(Random random, bool letters = false)
    {
        var text = new StringBuilder();
        for (var length = random.Next(1, 15); length > 0; length--)
        {
            text.Append(letters ? ((char)random.Next('a', 'z' + 1)).ToString() : random.Next(4) switch
            {
                0 => char.ConvertFromUtf32(random.Next(0x10000, 0x10FFFF)),
                1 => ((char)random.Next(0, 0x80)).ToString(),
                2 => "'\"\\{}@<>&%+;,/?#\r\n"[random.Next(18)].ToString(),
                _ => ((char)random.Next(0x80, 0xD800)).ToString(),
            });
        }

        return text.ToString();
    }
}
