using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Leads.Api;

/// <summary>What people do to a lead becomes an event like any other: answered when it is durable, applied a moment later, kept in the timeline.</summary>
public sealed class EventsByHand(LeadReader leads, EventWriter events, TimeProvider time)
{
    /// <summary>What a request's body asks to be done to a lead, by whatever id of it.</summary>
    internal async Task<IResult> ChangeAsync<T>(HttpRequest request, string id, Func<LeadState, T, Task<IResult>> change, CancellationToken cancellationToken)
        where T : class
    {
        var (body, problem) = await RequestBody.ReadJsonAsync<T>(request, cancellationToken);
        return body is null ? problem! // one of the two is always set
            : await leads.FindAsync(id, cancellationToken) is { } lead ? await change(lead, body)
            : Problems.NotFound("The lead");
    }

    /// <summary>Someone saw the lead and decided: that comes after what stands, whatever the clock says.</summary>
    /// <param name="path">Of the trait that it sets.</param>
    internal LeadEvent Setting<T>(EventType type, LeadState lead, string path, T properties)
    {
        var (name, now) = (type.ToString().ToLowerInvariant(), time.GetUtcNow());
        var standing = lead.Whole.Traits.SetAt(path);
        return new()
        {
            Id = $"{name}/{NewId()}",
            Type = type,
            Name = name,
            At = standing >= now.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(standing.Value + 1) : now,
            LeadId = lead.Id,
            Properties = JsonSerializer.SerializeToElement(properties, WebJson.Options),
        };
    }

    internal LeadEvent Telling<T>(string name, LeadState lead, T properties) => new()
    {
        Id = $"hand/{NewId()}",
        Type = EventType.Track,
        Name = name,
        At = time.GetUtcNow(),
        LeadId = lead.Id,
        Properties = JsonSerializer.SerializeToElement(properties, WebJson.Options),
    };

    internal async Task<IResult> AcceptAsync(LeadEvent e, string leadId)
    {
        await events.EnqueueAsync([e]);
        return WebJson.Accepted(new AcceptedChange(e.Id, leadId));
    }

    internal string NewId() => Guid.CreateVersion7(time.GetUtcNow()).ToString("N");

    /// <param name="EventId">Appears in the timeline once it is applied.</param>
    internal sealed record AcceptedChange(string EventId, string LeadId);
}
