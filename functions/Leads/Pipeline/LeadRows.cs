using System.Globalization;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Events;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Leads.Pipeline;

/// <summary>What stands at an identity's or a lead's place.</summary>
internal abstract record LeadRow
{
    private LeadRow()
    {
    }

    /// <summary>Nothing: the identity was never seen.</summary>
    public sealed record Nothing : LeadRow
    {
        public static readonly Nothing Instance = new();
    }

    /// <summary>A further identity of the lead <paramref name="LeadId"/>.</summary>
    /// <param name="KnownAs">What the lead will be known by, where the redirect was written before the lead's own row.</param>
    public sealed record Redirect(string LeadId, KnownAs KnownAs) : LeadRow;

    /// <summary>A lead, frozen ones included.</summary>
    public sealed record Profile(LeadState State, ETag ETag) : LeadRow;
}

/// <summary>The rows of leads in the table <c>Leads</c>: the only place that knows their keys and columns. Beside them stand those of facts (<see cref="FactRows"/>) and listings (<see cref="ListingRows"/>).</summary>
internal static class LeadRows
{
    public const string Table = "Leads";

    private const string GradeColumn = "grade";

    /// <summary>Milliseconds count down from here, so that newer rows sort first.</summary>
    private const long EndOfTime = 9_999_999_999_999;

    /// <summary>Every lead's rows come before it; behind it stands what all leads of a shard have together.</summary>
    public const string End = "~";

    public static string ProfileKey(string leadId) => leadId + "|p";

    /// <param name="latest">Event time of the newest event in the row.</param>
    public static string TimelineKey(string leadId, DateTimeOffset latest, string batchId) =>
        string.Create(CultureInfo.InvariantCulture, $"{leadId}|e|{EndOfTime - latest.ToUnixTimeMilliseconds():D13}|{batchId}");

    /// <summary>Every timeline row of a lead has its key in (from, to).</summary>
    public static (string From, string To) TimelineRange(string leadId) => (leadId + "|e|", leadId + "|e}");

    public static TableTransactionAction Write(LeadState state, LeadScore score, ETag? expected)
    {
        var whole = state.Whole;
        var row = new TableEntity(LeadIds.Shard(state.Id), ProfileKey(state.Id))
        {
            ["engagement"] = score.Engagement,
            ["fit"] = score.Fit,
        };
        SetText(row, "stage", state.IsErased ? null : whole.Stage); // nobody who looks at leads sees it
        SetText(row, "email", whole.Email);
        SetText(row, "userId", whole.UserId);
        SetText(row, GradeColumn, state.Grade);
        SetText(row, "mergedInto", state.MergedInto);
        if (whole.LastSeen > 0)
        {
            row["lastSeen"] = DateTimeOffset.FromUnixTimeMilliseconds(whole.LastSeen);
        }

        Packed.Write(row, state, LeadsJson.Default.LeadState);
        return expected is { } etag
            ? new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, etag)
            : new TableTransactionAction(TableTransactionActionType.Add, row);
    }

    /// <summary>Changes no column; it is refused when the row is not the expected one.</summary>
    public static TableTransactionAction WriteNothing(string leadId, ETag expected) =>
        new(TableTransactionActionType.UpdateMerge, new TableEntity(LeadIds.Shard(leadId), ProfileKey(leadId)), expected);

    public static TableTransactionAction WriteTimeline(string leadId, List<TimelineEntry> entries, string batchId)
    {
        var latest = entries.Max(entry => entry.Event.At);
        var row = new TableEntity(LeadIds.Shard(leadId), TimelineKey(leadId, latest, batchId));
        Packed.Write(row, entries, LeadsJson.Default.ListTimelineEntry);
        return new TableTransactionAction(TableTransactionActionType.Add, row);
    }

    public static TableTransactionAction WriteRedirect(string identityHash, LeadRow.Redirect redirect)
    {
        var row = new TableEntity(LeadIds.Shard(identityHash), ProfileKey(identityHash)) { ["to"] = redirect.LeadId };
        SetText(row, "knownAs", redirect.KnownAs.Write());
        return new(TableTransactionActionType.Add, row);
    }

    /// <summary>In place of what stands there: it leads to another, and says nothing else.</summary>
    public static TableTransactionAction Redirected(string id, string to, ETag expected) =>
        new(TableTransactionActionType.UpdateReplace, new TableEntity(LeadIds.Shard(id), ProfileKey(id)) { ["to"] = to }, expected);

    public static LeadRow Read(TableEntity? row) => row switch
    {
        null => LeadRow.Nothing.Instance,
        _ when row.GetString("to") is { } to => new LeadRow.Redirect(to, KnownAs.Read(row.GetString("knownAs"))),
        _ => new LeadRow.Profile(ReadState(row), row.ETag),
    };

    private static LeadState ReadState(TableEntity row)
    {
        var state = Packed.Read(row, LeadsJson.Default.LeadState);
        state.Grade = row.GetString(GradeColumn);
        return state;
    }

    public static IReadOnlyList<TimelineEntry> ReadTimeline(TableEntity row) => Packed.Read(row, LeadsJson.Default.ListTimelineEntry);

    private static void SetText(TableEntity row, string column, string? text)
    {
        if (text is not null)
        {
            row[column] = text;
        }
    }
}
