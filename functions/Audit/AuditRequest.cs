using System.Globalization;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Audit;

/// <summary>A request for entries, read and checked.</summary>
internal sealed record AuditRequest(AuditQuery Query, string? After, int Limit, IReadOnlyList<FieldError> Errors)
{
    private const int MaxLimit = 200;
    private const int DefaultLimit = 50;
    private const string Moment = "a day (2026-06-01) or a moment (2026-06-01T08:00:00Z)";

    /// <summary>Asked without <c>from</c>.</summary>
    private static readonly TimeSpan Usual = TimeSpan.FromDays(30);

    /// <summary>A filter that hardly anything passes reads all of it.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(400);

    /// <param name="isExport">All of it, not page by page.</param>
    public static AuditRequest Of(IQueryCollection query, bool isExport, DateTimeOffset now)
    {
        string[] filters = ["from", "to", "keyId", "kind", "action", "leadId"];
        var errors = KnownQuery.Check(query, isExport ? filters : [.. filters, "cursor", "limit"]).ToList();
        var to = Time("to") ?? now.AddMinutes(1);
        var from = Time("from") ?? to - Usual;
        if (from >= to || to - from > Longest)
        {
            errors.Add(new("from", "This is no span of time that can be shown.", $"before \"to\", by {Longest.Days} days at most"));
        }

        AuditKind? kind = null;
        if (Text("kind") is { } named)
        {
            kind = Enum.TryParse<AuditKind>(named, ignoreCase: true, out var found) && Enum.IsDefined(found) && !char.IsAsciiDigit(named[0]) ? found : null;
            if (kind is null)
            {
                errors.Add(new("kind", "There is no such kind.", "write, export or view"));
            }
        }

        string? after = null;
        if (Text("cursor") is { } cursor && !(Cursor.TryDecode(cursor, out after) && after is not null && AuditTable.TryReadTime(after, out _)))
        {
            errors.Add(new("cursor", "This is not a cursor of this listing.", "the nextCursor of the page before, or nothing"));
        }

        var limit = DefaultLimit;
        if (Text("limit") is { } most && (!int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
        {
            errors.Add(new("limit", "This many cannot be asked for at once.", $"1 to {MaxLimit}"));
        }

        return new(new(from, to, Text("keyId"), kind, Text("action"), Text("leadId")), after, limit, errors);

        string? Text(string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

        DateTimeOffset? Time(string name)
        {
            if (Text(name) is not { } text)
            {
                return null;
            }

            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) && at.Year is >= 1970 and < 9000)
            {
                return at;
            }

            errors.Add(new(name, "This is no time.", Moment));
            return null;
        }
    }
}
