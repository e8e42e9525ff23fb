using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform;

namespace LeadFunctions.Journeys.Rehearsal;

/// <summary>What is to be rehearsed, with whom, and for how long.</summary>
/// <param name="Document">A draft that was not saved; else the version, else the latest.</param>
/// <param name="Days">Length, from the first event; 90 when left out.</param>
internal sealed record SimulationRequest(
    JsonElement? Document = null, int? Version = null, IReadOnlyList<ScriptedLead?>? Leads = null, RecordedPeriod? Recorded = null, DateTimeOffset? From = null, DateTimeOffset? To = null, double? Days = null)
{
    public const int MaxLeads = 10_000;

    private const int MaxEvents = 100_000;
    private const int MaxDays = 3660;

    /// <summary>Before it there is no past to look back on from: neither people nor time zones know it.</summary>
    private const int FirstYear = 1900;

    /// <summary>Null when it makes sense so far.</summary>
    public FieldError? FindFault()
    {
        if ((Leads is null) == (Recorded is null))
        {
            return new("$", "It does not say who is to be simulated.", "either \"leads\": [{\"traits\": {…}, \"events\": [{\"at\": …, \"name\": …}]}] or \"recorded\": {\"from\": …, \"to\": …}");
        }

        if (Days is not (null or (> 0 and <= MaxDays)))
        {
            return new("$.days", "The period is empty or too long.", "up to ten years");
        }

        var events = Scripted.Sum(lead => lead?.Events?.Count ?? 0);
        if (Scripted.Count > MaxLeads || events > MaxEvents)
        {
            return new("$.leads", $"There are {Scripted.Count} leads with {events} events.", $"at most {MaxLeads} leads and {MaxEvents} events");
        }

        var missing = Scripted.Select((lead, i) => lead is null ? $"$.leads[{i}]" : lead.Events?.ToList().IndexOf(null) is >= 0 and var at ? $"$.leads[{i}].events[{at}]" : null).OfType<string>().FirstOrDefault();
        return missing is not null ? new(missing, "This is null.", "a lead with traits and events, an event with at and name")
            : Times.Where(time => time.At.Year < FirstYear).Select(time => time.Path).FirstOrDefault() is { } early ? new(early, "This is too long ago.", $"a time since {FirstYear}")
            : null;
    }

    /// <summary>From the first event on, unless it says; null when that is no period.</summary>
    public (DateTimeOffset From, DateTimeOffset To)? ScriptedPeriod(DateTimeOffset now)
    {
        var from = From ?? Scripted.SelectMany(lead => lead?.Events ?? []).Min(e => e?.At) ?? now;
        return Period(from, TimeSpan.FromDays(90));
    }

    /// <summary>From there to what it says, or so long; null when that is no period.</summary>
    public (DateTimeOffset From, DateTimeOffset To)? Period(DateTimeOffset from, TimeSpan length)
    {
        length = To is { } to ? to - from : Days is { } days ? TimeSpan.FromDays(days) : length;
        return from.Year <= 9000 && length > TimeSpan.Zero && length <= TimeSpan.FromDays(MaxDays) ? (from, from + length) : null;
    }

    private IReadOnlyList<ScriptedLead?> Scripted => Leads ?? [];

    /// <summary>All that it names, where none of the scripts is null.</summary>
    private IEnumerable<(string Path, DateTimeOffset At)> Times =>
    [
        .. From is { } from ? [("$.from", from)] : Array.Empty<(string, DateTimeOffset)>(),
        .. Recorded is { } recorded ? [("$.recorded.from", recorded.From)] : Array.Empty<(string, DateTimeOffset)>(),
        .. Scripted.SelectMany((lead, i) => (lead?.Events ?? []).Select((e, at) => ($"$.leads[{i}].events[{at}].at", e?.At ?? DateTimeOffset.UnixEpoch))),
    ];
}

internal sealed record ScriptedLead(string? Id = null, JsonElement? Traits = null, IReadOnlyList<ScriptedEvent?>? Events = null)
{
    /// <param name="index">Names a lead that has no id.</param>
    /// <param name="from">When its traits are known.</param>
    public SimulatedPerson ToPerson(int index, DateTimeOffset from)
    {
        var name = Id ?? $"lead-{index + 1}";
        var state = new LeadState { Id = LeadIds.IsValid(Id) ? name : Identity.User(name).Hash() };
        var events = new List<(LeadEvent, DateTimeOffset)>();
        if (Traits is { ValueKind: JsonValueKind.Object } traits)
        {
            events.Add((new LeadEvent { Id = $"{name}/traits", Type = EventType.Identify, Name = "identify", At = from, UserId = name, Traits = traits }, from));
        }

        foreach (var (e, i) in (Events ?? []).OfType<ScriptedEvent>().Select((e, i) => (e, i)))
        {
            var type = e.Type ?? (e.Name == "page" ? EventType.Page : e.Traits is not null ? EventType.Identify : EventType.Track);
            events.Add((new LeadEvent
            {
                Id = e.Id ?? $"{name}/{i}",
                Type = type,
                Name = e.Name ?? type.ToString().ToLowerInvariant(),
                At = e.At,
                UserId = name,
                LeadId = type is EventType.Stage or EventType.Segment ? state.Id : null,
                Properties = e.Properties ?? default,
                Traits = e.Traits ?? default,
                Context = e.Context ?? default,
            }, e.At));
        }

        return new(name, state, events);
    }
}

internal sealed record ScriptedEvent(DateTimeOffset At, string? Name = null, EventType? Type = null, JsonElement? Properties = null, JsonElement? Traits = null, JsonElement? Context = null, string? Id = null);

/// <param name="To">Now when left out.</param>
/// <param name="Segment">Only those who are in it now, or on the list of this name; everybody when left out.</param>
internal sealed record RecordedPeriod(DateTimeOffset From, DateTimeOffset? To = null, int? MaxLeads = null, string? Segment = null);
