using System.Globalization;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Local.DurableTask;

/// <summary>
/// How an instance stands in the table: one row read by point, and rows of their own for what is large. Row keys are unique across
/// partitions, which the emulator needs to be fast.
/// </summary>
internal static class InstanceRows
{
    public const string InstanceId = "InstanceId";
    public const string Name = "Name";
    public const string Status = "Status";
    public const string CreatedAt = "CreatedAt";
    public const string Due = "Due";

    /// <summary>The value of <see cref="Due"/> that asks a new owner to look at once.</summary>
    public const long Now = 0;

    /// <summary>The value of <see cref="Due"/> for an instance that only a message can wake.</summary>
    public const long Never = long.MaxValue;

    // A property holds at most 64 KiB; a row 1 MiB, which the emulator counts in base64.
    private const int LargestProperty = 60 * 1024;
    private const int PropertiesInRow = 11;

    public static string PartitionOf(int shard) => shard.ToString("d3", CultureInfo.InvariantCulture);

    public static string KeyOf(string instanceId) => "i|" + Escape(instanceId);

    public static string KeyOf(string instanceId, int row) => $"x|{Escape(instanceId)}|{row:d6}";

    /// <summary>Keys may not hold / \ # ? and control characters.</summary>
    public static string Escape(string id)
    {
        var escaped = new StringBuilder(id.Length);
        foreach (var character in id)
        {
            if (character is '/' or '\\' or '#' or '?' or '=' or '|' or '%' or '\'' || char.IsControl(character))
            {
                escaped.Append('=').Append(((int)character).ToString("x4", CultureInfo.InvariantCulture));
            }
            else
            {
                escaped.Append(character);
            }
        }

        return escaped.ToString();
    }

    /// <summary>The rows to write for a change, the main row last.</summary>
    public static List<TableEntity> Write(string partition, Instance instance, bool everything)
    {
        var state = instance.State ?? throw new InvalidOperationException("A purged instance has no rows.");
        var rows = new List<TableEntity>();
        var main = new TableEntity(partition, KeyOf(state.InstanceId))
        {
            [Status] = (int)state.Status,
            ["UpdatedAt"] = state.UpdatedAt,
            [Due] = instance.NeedsRecovery ? Now : instance.NextDue?.UtcTicks ?? Never,
            ["Tail"] = Packed.Pack(state.Log.Tail),
            ["Segments"] = string.Join(',', state.Log.Segments.Select(segment => string.Join("+,", RowsOf(segment)))),
            ["NextEntry"] = state.NextEntry,
            ["MustProceed"] = state.MustProceed,
        };
        Put("Output", state.Output, state.HasEnded);
        Put("Failure", state.Failure is { } failure ? JsonSerializer.Serialize(failure, HistoryJson.Default.FailureRecord) : null, state.HasEnded);
        Put("Outbox", state.Outbox.Count > 0 ? JsonSerializer.Serialize(state.Outbox, MessageJson.Default.ListOutboxEntry) : null, true);
        if (everything || state.CustomStatus != state.WrittenStatus)
        {
            Put("CustomStatus", state.CustomStatus, true);
            state.WrittenStatus = state.CustomStatus;
        }

        if (everything)
        {
            main[InstanceId] = state.InstanceId;
            main[Name] = state.Started.Name;
            main[CreatedAt] = state.CreatedAt;
            main["ExecutionId"] = state.Started.ExecutionId;
            main["Version"] = state.Started.Version ?? "";
            Put("Seen", state.SeenBefore.Count > 0 ? string.Join('\n', state.SeenBefore) : null, true);
            main["Parent"] = state.Started.Parent is { } parent ? JsonSerializer.Serialize(parent, HistoryJson.Default.ParentLink) : "";
            Put("Tags", state.Started.Tags is { Count: > 0 } tags ? JsonSerializer.Serialize(tags.ToDictionary(), MessageJson.Default.DictionaryStringString) : null, true);
            Put("Input", state.Started.Input, true);
            Put("Output", state.Output, true);
            Put("Failure", null, !state.HasEnded);
        }

        main["StartAt"] = state.StartAt?.UtcTicks ?? 0L;
        main["NextRow"] = state.NextRow;
        main["FirstRow"] = state.FirstRow;
        rows.Add(main);
        return rows;

        IReadOnlyList<int> RowsOf(StoredBytes segment)
        {
            if (segment.Unwritten is { } bytes)
            {
                segment.WrittenTo(Spill(bytes));
            }

            return segment.Rows;
        }

        void Put(string column, string? value, bool isWanted)
        {
            if (!isWanted)
            {
                return;
            }

            var bytes = value is null ? [] : Packed.Pack(value);
            var isLarge = bytes.Length > LargestProperty;
            main[column] = isLarge ? Array.Empty<byte>() : bytes;
            main[column + "Rows"] = isLarge ? string.Join(',', Spill(bytes)) : "";
        }

        List<int> Spill(byte[] bytes)
        {
            var numbers = new List<int>();
            for (var start = 0; start < bytes.Length;)
            {
                var row = new TableEntity(partition, KeyOf(state.InstanceId, state.NextRow));
                for (var property = 0; property < PropertiesInRow && start < bytes.Length; property++)
                {
                    var length = Math.Min(LargestProperty, bytes.Length - start);
                    row["d" + property] = bytes[start..(start + length)];
                    start += length;
                }

                numbers.Add(state.NextRow++);
                rows.Add(row);
            }

            return numbers;
        }
    }

    /// <summary>The state of a main row, without its history.</summary>
    public static async Task<InstanceState> ReadAsync(TableEntity main, LargeValues values)
    {
        var id = main.GetString(InstanceId);
        var parent = main.GetString("Parent");
        var tags = await values.ReadTextAsync(main, "Tags");
        var failure = await values.ReadTextAsync(main, "Failure");
        var outbox = await values.ReadTextAsync(main, "Outbox");
        var status = await values.ReadTextAsync(main, "CustomStatus");
        var startAt = main.GetInt64("StartAt") ?? 0;
        var createdAt = main.GetDateTimeOffset(CreatedAt)!.Value;
        return new InstanceState
        {
            InstanceId = id,
            Started = new HistoryEvent.ExecutionStarted(
                main.GetString(Name),
                main.GetString("Version") is { Length: > 0 } version ? version : null,
                main.GetString("ExecutionId"),
                await values.ReadTextAsync(main, "Input"),
                createdAt,
                string.IsNullOrEmpty(parent) ? null : JsonSerializer.Deserialize(parent, HistoryJson.Default.ParentLink),
                tags is null ? null : JsonSerializer.Deserialize(tags, MessageJson.Default.DictionaryStringString)),
            Status = (OrchestrationRuntimeStatus)main.GetInt32(Status)!.Value,
            CreatedAt = createdAt,
            UpdatedAt = main.GetDateTimeOffset("UpdatedAt")!.Value,
            StartAt = startAt == 0 ? null : new DateTimeOffset(startAt, TimeSpan.Zero),
            Output = await values.ReadTextAsync(main, "Output"),
            CustomStatus = status,
            WrittenStatus = status,
            Failure = failure is null ? null : JsonSerializer.Deserialize(failure, HistoryJson.Default.FailureRecord),
            Outbox = outbox is null ? [] : JsonSerializer.Deserialize(outbox, MessageJson.Default.ListOutboxEntry)!,
            NextEntry = main.GetInt64("NextEntry") ?? 0,
            MustProceed = main.GetBoolean("MustProceed") ?? false,
            SeenBefore = await values.ReadTextAsync(main, "Seen") is { } seen ? [.. seen.Split('\n')] : [],
            NextRow = main.GetInt32("NextRow") ?? 0,
            FirstRow = main.GetInt32("FirstRow") ?? 0,
        };
    }
}
