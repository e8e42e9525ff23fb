using LeadFunctions.Access;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Tail;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Ingest;

/// <summary>What is told of a request to somebody who looks on; there is none while nobody does. Its write key is told to nobody.</summary>
internal sealed class TailedRequest(TailWriter tail, Source? source, HttpRequest request, DateTimeOffset at)
{
    private readonly List<TailRow> _rows = [];
    private readonly string? _origin = Origin(request);

    /// <summary>What an event is called that is about to be stored; null when it is one too many.</summary>
    public string? Mark(LeadEvent e)
    {
        if (!tail.TryTake())
        {
            return null;
        }

        var id = TailRow.NewId(at);
        _rows.Add(TailRow.Of(id, TailOutcome.Accepted, e) with { Origin = _origin });
        return id;
    }

    /// <summary>What was marked last is not stored.</summary>
    public void Unmark(string? id) => _rows.RemoveAll(row => row.Id == id);

    /// <summary>One event of it.</summary>
    /// <param name="name">Of the event, as far as it has one.</param>
    public void Refuse(Refusal refusal, string? type, string? name)
    {
        if (tail.TryTake())
        {
            var outcome = refusal.Outcome == Outcome.Duplicate ? TailOutcome.Duplicate : TailOutcome.Refused;
            _rows.Add(new(TailRow.NewId(at), outcome, source?.Id, TailRow.Cut(type), TailRow.Cut(name), MessageId: refusal.MessageId, Origin: _origin, Reason: refusal.Outcome.Name(),
                Path: refusal.Path.Length > 0 ? TailRow.Cut(refusal.Path) : null, Message: TailRow.Cut(refusal.Message)));
        }
    }

    /// <summary>All of it.</summary>
    /// <param name="events">How many it held, where that is known.</param>
    public void Refuse(Outcome outcome, string? message = null, int? events = null)
    {
        _rows.Clear();
        if (tail.TryTake(isUnknown: outcome == Outcome.UnknownSource, events ?? 1))
        {
            _rows.Add(new(TailRow.NewId(at), TailOutcome.Refused, source?.Id, Origin: _origin, Reason: outcome.Name(), Message: TailRow.Cut(message), Events: events));
        }

        Tell();
    }

    public void Tell() => tail.Add(_rows);

    private static string? Origin(HttpRequest request) =>
        request.Headers.Origin.ToString() is { Length: > 0 } origin ? TailRow.Cut(origin)
        : Uri.TryCreate(request.Headers.Referer.ToString(), UriKind.Absolute, out var page) && page.Scheme is "http" or "https" ? TailRow.Cut(page.GetLeftPart(UriPartial.Authority)) : null;
}
