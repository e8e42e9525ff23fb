using System.Globalization;
using LeadFunctions.Events;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Tail.Api;

/// <summary>A request for what comes in, read and checked.</summary>
/// <param name="After">Of the answer before; null for the newest that there is.</param>
internal sealed record TailRequest(string? Source, string? Lead, string? Name, TailOutcome? Outcome, DateTimeOffset? From, string? After, int Limit, IReadOnlyList<FieldError> Errors)
{
    private const int MaxLimit = 200;
    private const int DefaultLimit = 100;

    public static TailRequest Of(IQueryCollection query)
    {
        var errors = KnownQuery.Check(query, "source", "lead", "name", "outcome", "from", "cursor", "limit").ToList();
        if (Text("lead") is { } lead && !LeadIds.IsValid(lead))
        {
            errors.Add(new("lead", "This is no lead's id.", "the id of a lead, 26 characters"));
        }

        TailOutcome? outcome = null;
        if (Text("outcome") is { } named)
        {
            outcome = Enum.TryParse<TailOutcome>(named, ignoreCase: true, out var found) && Enum.IsDefined(found) && !char.IsAsciiDigit(named[0]) ? found : null;
            if (outcome is null)
            {
                errors.Add(new("outcome", "There is no such outcome.", "accepted, applied, duplicate, refused or failed"));
            }
        }

        DateTimeOffset? from = null;
        if (Text("from") is { } text)
        {
            from = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;
            if (from is null)
            {
                errors.Add(new("from", "This is no time.", "a moment (2026-06-01T08:00:00Z)"));
            }
        }

        string? after = null;
        if (Text("cursor") is { } cursor && !(Cursor.TryDecode(cursor, out after) && after is not null && TailTable.IsKey(after)))
        {
            errors.Add(new("cursor", "This is not a cursor of this listing.", "the nextCursor of the answer before, or nothing"));
        }

        var limit = DefaultLimit;
        if (Text("limit") is { } most && (!int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
        {
            errors.Add(new("limit", "This many cannot be asked for at once.", $"1 to {MaxLimit}"));
        }

        return new(Text("source"), Text("lead"), Text("name"), outcome, from, after, limit, errors);

        string? Text(string name) => query[name].ToString() is { Length: > 0 } text ? text : null;
    }

    /// <summary>A request whose key is nobody's may be meant for any source: it is kept from no list that asks for one.</summary>
    public bool Wants(TailRow row) =>
        (Source is null || row.Source is null || row.Source == Source)
        && (Lead is null || row.Lead == Lead)
        && (Name is null || (row.Name ?? row.Type)?.Contains(Name, StringComparison.OrdinalIgnoreCase) == true)
        && (Outcome is null || row.Outcome == Outcome)
        && (From is null || row.At >= From);
}
