using System.Text.Json;
using LeadFunctions.Events;

namespace LeadFunctions.Tests.Reports;

/// <summary>What happened to one person, as somebody who stood beside would tell it; and the events that tell the product.</summary>
/// <param name="number">Names the person.</param>
internal sealed class History(int number, Random random)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 10, 0, 0, 0, TimeSpan.Zero);

    private readonly HashSet<long> _times = [];
    private bool _isTwo;
    private int _ids;

    public string User => $"u{number}";

    public string Browser => $"b{number}";

    /// <summary>In the order in which they arrive; one may come twice.</summary>
    public List<(LeadEvent Event, Told Told)> Events { get; } = [];

    /// <summary>Of a person who is two leads at first.</summary>
    public static History Random(int number, Random random)
    {
        var history = new History(number, random);
        var isTwo = history._isTwo = number % 3 == 0;
        history.Identify(history.User, null, history.Time(), withAddress: false);
        if (isTwo)
        {
            history.Identify(null, history.Browser, history.Time(), withAddress: false);
        }

        var steps = 6 + random.Next(14);
        for (var i = 0; i < steps; i++)
        {
            // By the second lead, until the two are one.
            history.Step(isTwo && random.Next(2) == 0);
        }

        if (isTwo)
        {
            history.Identify(history.User, history.Browser, history.Time(), withAddress: false, joins: true);
            history._isTwo = false;
            for (var i = random.Next(6); i > 0; i--)
            {
                history.Step(asSecond: random.Next(2) == 0);
            }
        }

        for (var i = history.Events.Count / 8; i > 0; i--)
        {
            var again = random.Next(history.Events.Count);
            history.Events.Insert(again + random.Next(history.Events.Count - again) + 1, history.Events[again]); // repeated, later
        }

        return history;
    }

    private void Step(bool asSecond)
    {
        var at = Time();
        switch (random.Next(12))
        {
            case 0 or 1:
                // Of two that both tell an address, the second would be no merge, or one too soon.
                var bySecond = _isTwo && number % 2 == 0;
                Identify(bySecond ? null : User, bySecond ? Browser : null, at, withAddress: true);
                break;
            case 2:
                Consent(asSecond, at, true);
                break;
            case 3:
                Consent(asSecond, at, random.Next(3) > 0);
                break;
            case 4 when number % 11 == 0 && !asSecond:
                var isInternal = random.Next(2) == 0;
                Add(new() { Id = Id(), Type = EventType.Identify, Name = "identify", At = at, UserId = User, Traits = Json(new { @internal = isInternal }) }, new("internal", at, asSecond) { Yes = isInternal });
                break;
            case 5 or 6:
                Send(asSecond, at);
                break;
            case 7:
                Inside(new() { Id = Id(), Type = EventType.Track, Name = "Lead Reopened", At = at }, asSecond, new("reopened", at, asSecond), new { });
                break;
            default:
                Stage(asSecond, at);
                break;
        }
    }

    private void Identify(string? user, string? browser, DateTimeOffset at, bool withAddress, bool joins = false) => Add(
        new() { Id = Id(), Type = EventType.Identify, Name = "identify", At = at, UserId = user, AnonymousId = browser, Traits = withAddress ? Json(new { email = $"{User}@example.com" }) : Json(new { seen = true }) },
        new(joins ? "joined" : withAddress ? "address" : "seen", at, user is null));

    private void Consent(bool asSecond, DateTimeOffset at, bool yes) => Add(
        new() { Id = Id(), Type = EventType.Track, Name = "Consent Changed", At = at, UserId = asSecond ? null : User, AnonymousId = asSecond ? Browser : null, Properties = Json(new { marketing = yes }) },
        new("consent", at, asSecond) { Yes = yes });

    private void Stage(bool asSecond, DateTimeOffset at)
    {
        var (stage, outcome) = random.Next(12) switch
        {
            0 or 1 => ("lead", null),
            2 or 3 or 4 => ("mql", null),
            5 => ("sal", "accepted"),
            6 => ("sql", null),
            7 => ("customer", "won"),
            8 => ("recycled", "rejected"),
            9 => ("recycled", "lost"),
            10 => ("disqualified", (string?)null),
            _ => ("churned", null),
        };
        var cause = stage is "recycled" && outcome is null ? "rule" : random.Next(5) == 0 && outcome is null ? "rule" : "person";
        Inside(new() { Id = Id(), Type = EventType.Stage, Name = "stage", At = at }, asSecond, new("stage", at, asSecond) { Stage = stage, Outcome = outcome, Cause = cause }, new { stage, outcome, cause });
    }

    private void Send(bool asSecond, DateTimeOffset at)
    {
        var (id, channel) = ($"send{number}.{_ids}", random.Next(4) == 0 ? "sms" : "email");
        Inside(new() { Id = Id(), Type = EventType.Track, Name = "Message Sent", At = at }, asSecond, new("sent", at, asSecond) { Send = id, Channel = channel }, new { messageId = id, channel });
        for (var i = random.Next(4); i > 0; i--)
        {
            var later = Free(at.AddMinutes(random.Next(60 * 24 * 40)));
            var name = random.Next(6) switch { 0 => "Message Opened", 1 => "Message Opened By Machine", 2 => "Message Clicked", 3 => "Message Clicked By Machine", 4 => "Message Bounced", _ => "Message Opened" };
            var kind = name == "Message Bounced" ? random.Next(2) == 0 ? "hard" : "soft" : null;
            Inside(new() { Id = Id(), Type = EventType.Track, Name = name, At = later }, asSecond, new(name, later, asSecond) { Send = id, Kind = kind }, new { messageId = id, kind });
        }
    }

    private void Inside(LeadEvent e, bool asSecond, Told told, object properties) => Add(e with { LeadId = (asSecond ? Identity.Anonymous(Browser) : Identity.User(User)).Hash(), Properties = Json(properties) }, told);

    private void Add(LeadEvent e, Told told) => Events.Add((e, told with { Id = e.Id }));

    private string Id() => $"e{number}.{_ids++}";

    /// <summary>In no order, and nobody does two things at once.</summary>
    private DateTimeOffset Time() => Free(Start.AddMinutes(random.Next(60 * 24 * 300)));

    private DateTimeOffset Free(DateTimeOffset at)
    {
        while (!_times.Add(at.ToUnixTimeMilliseconds()))
        {
            at = at.AddMilliseconds(1);
        }

        return at;
    }

    private static JsonElement Json(object value) => JsonSerializer.SerializeToElement(value, new JsonSerializerOptions { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull });
}

/// <summary>One thing that happened, told plainly.</summary>
/// <param name="AsSecond">It was the person's second lead, before the two were one.</param>
internal sealed record Told(string What, DateTimeOffset At, bool AsSecond)
{
    public string Id { get; init; } = "";

    public bool Yes { get; init; }

    public string Stage { get; init; } = "";

    public string? Outcome { get; init; }

    public string Cause { get; init; } = "";

    public string Send { get; init; } = "";

    public string Channel { get; init; } = "";

    public string? Kind { get; init; }
}
