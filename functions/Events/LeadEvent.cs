using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeadFunctions.Events;

/// <summary>What a caller of the tracking API did. The last eight come from inside: a merge of two leads, taking it back, a stage that was set, points given by hand, what a journey asks for, a segment entered or left by hand, an owner that was set, a message that is to go out.</summary>
public enum EventType
{
    Track,
    Page,
    Screen,
    Identify,
    Group,
    Alias,
    Merge,
    Unmerge,
    Stage,
    Points,
    Journey,
    Segment,
    Owner,
    Message,
}

/// <summary>
/// One thing that happened to one person, decoded, validated and with its clock skew corrected: what travels in the
/// queue, what the reducer applies and what the timeline keeps. Applied once per <see cref="Id"/>, however often it arrives.
/// </summary>
public sealed record LeadEvent
{
    /// <summary>Where the events of journeys come from: no source of anybody's.</summary>
    public const string Inside = "journey";

    /// <summary>A reader chose at the page behind the link of a message. No source's id has a blank.</summary>
    public const string PreferencePage = "preference page";

    /// <summary>A reader's mail program unsubscribed with its own button (RFC 8058).</summary>
    public const string OneClick = "one-click unsubscribe";

    /// <summary>Whoever carries messages told it: by its name, or, where it refused one as that was handed over, by the channel. No source's id has a slash.</summary>
    public static string CarrierOf(string name) => $"{Carrier}{name}";

    /// <summary>How all of those begin.</summary>
    public const string Carrier = "carrier/";

    /// <summary>The client's <c>messageId</c>, or one derived from the content when the client sent none. Up to 100 characters.</summary>
    public required string Id { get; init; }

    public required EventType Type { get; init; }

    /// <summary>For <c>track</c> the event's name ("Order Completed"), otherwise the type in lower case ("page", "identify").</summary>
    public required string Name { get; init; }

    /// <summary>When it happened by the client's clock, corrected by <c>sentAt</c>; never later than its arrival.</summary>
    public required DateTimeOffset At { get; init; }

    public string? UserId { get; init; }

    public string? AnonymousId { get; init; }

    /// <summary>Of <c>alias</c>: the identity that <see cref="UserId"/> had before.</summary>
    public string? PreviousId { get; init; }

    /// <summary>Of <c>alias</c>: its source may say that two known people are one. Otherwise <see cref="PreviousId"/> is a browser's id, and counts no more than any anonymous id does.</summary>
    public bool? MayMergeKnown { get; init; }

    /// <summary>Only servers have the key that it came by: how somebody is reached, they say before others. Null where that is not so.</summary>
    public bool? IsFromServer { get; init; }

    /// <summary>Somebody who works here entered it, by hand or in a file. From outside nobody says so.</summary>
    public bool? IsByPeople { get; init; }

    /// <summary>Its source may not say by address whom it is about: the one among its traits is a trait, and names nobody. Null where that is not so.</summary>
    public bool? IsAddressOnlyATrait { get; init; }

    /// <summary>Of <c>group</c>: the company.</summary>
    public string? GroupId { get; init; }

    /// <summary>The address of the person, where the event goes by that and is no <c>identify</c> (whose traits say it). From outside nobody says so: an import does.</summary>
    public string? Email { get; init; }

    /// <summary>
    /// Somebody else tells it of the person (a row of a file), who did nothing just then: it is no sign of life, and a yes that it reports yields to every answer of the person's own, whenever that was given.
    /// </summary>
    public bool? IsHearsay { get; init; }

    /// <summary>The lead addressed by its own id (events from inside); when set, no identity is resolved.</summary>
    public string? LeadId { get; init; }

    /// <summary>Of what a journey's step made: how many runs began one because of the other, and none of them waited, until it did. From outside nobody says so. Null: no journey made it.</summary>
    public int? Hops { get; init; }

    /// <summary>The source (write key) that it came by.</summary>
    public string? Source { get; init; }

    /// <summary>On its way in while somebody looks on: what it is called there. Taken off before it is applied; null where nobody looks. From outside nobody says so.</summary>
    public string? TailId { get; init; }

    /// <summary>What was sent with it and could not be taken as it was meant; null when all was.</summary>
    public IReadOnlyList<Remark>? Remarks { get; init; }

    /// <summary>It only tells a part of the lead what is asked of it: nothing happened, and nothing counts it.</summary>
    [JsonIgnore]
    public bool IsOrder => Type is EventType.Journey or EventType.Message;

    /// <summary>A JSON object, or undefined. Of <c>page</c>, ingest has filled <c>url</c>, <c>path</c>, <c>title</c>, <c>referrer</c> and <c>name</c> where the client knew them anywhere.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public JsonElement Properties { get; init; }

    /// <summary>A JSON object, or undefined: of <c>identify</c> the person's, of <c>group</c> the company's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public JsonElement Traits { get; init; }

    /// <summary>A JSON object, or undefined: the client's <c>context</c>, kept as it came.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public JsonElement Context { get; init; }
}

/// <summary>Something in an event that was passed over, so that whoever sent it can mend it.</summary>
/// <param name="Path">In the event, as <c>userId</c>.</param>
public sealed record Remark(string Path, string Message);
