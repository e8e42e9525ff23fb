using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Feedback;
using LeadFunctions.Platform.Http;

namespace LeadFunctions.Tests.Reports;

/// <summary>What happened to one person, as somebody who stood beside would tell it; and the events that tell the product.</summary>
/// <param name="number">Names the person.</param>
internal sealed class History(int number, Random random)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 10, 0, 0, 0, TimeSpan.Zero);

    /// <summary>When months end in Ljubljana, and when clocks change.</summary>
    private static readonly DateTimeOffset[] Turns =
        [.. ((string[])["2026-01-31T23:00Z", "2026-02-28T23:00Z", "2026-03-29T01:00Z", "2026-03-31T22:00Z", "2026-09-30T22:00Z", "2026-10-25T01:00Z", "2026-10-31T23:00Z"]).Select(at => DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>As it is written where it was seen.</summary>
    private static readonly JsonElement ByProxy = JsonSerializer.SerializeToElement((HitSignal[])[HitSignal.Prefetch, HitSignal.PrivacyProxy], WebJson.Options);

    private readonly HashSet<long> _times = [];
    private bool _isTwo;
    private int _ids;

    public string User => $"u{number}";

    public string Browser => $"b{number}";

    /// <summary>Whether nothing is sent to a person's address.</summary>
    public static bool IsSuppressed(int number) => number % 7 == 3;

    /// <summary>In the order in which they arrive; one may come twice.</summary>
    public List<(LeadEvent Event, Told Told)> Events { get; } = [];

    /// <summary>Who turned out to be two again: the lead that the other was let go of; null: they stayed one, or always were.</summary>
    public bool IsParted { get; private set; }

    /// <summary>Whether the lead that stays of two is the user's, and not the browser's: the product decides, and is asked.</summary>
    public bool StaysUser { get; set; } = true;

    /// <summary>What is told of each person that they are at last, in order of arrival.</summary>
    public IEnumerable<List<Told>> People()
    {
        var told = Events.Select(e => e.Told).DistinctBy(one => one.Id).ToList();
        if (!IsParted)
        {
            return [told];
        }

        // What came while they were one stays with whom it was told of then.
        var joined = told.FindIndex(one => one.What == "joined");
        var leaves = told.Take(joined).Where(one => one.AsSecond == StaysUser).ToList();
        return [[.. told.Except(leaves).Append(new Told("parted", DateTimeOffset.MaxValue, false) { Leaves = leaves })], [.. leaves, new Told("freed", DateTimeOffset.MaxValue, false)]];
    }

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

        var steps = 6 + random.Next(11);
        for (var i = 0; i < steps; i++)
        {
            // By the second lead, until the two are one.
            history.Step(isTwo && random.Next(2) == 0);
        }

        if (isTwo)
        {
            history.Identify(history.User, history.Browser, history.Time(), withAddress: false, joins: true);
            history._isTwo = false;
            history.IsParted = number % 6 == 0 && number % 11 != 0;
            for (var i = random.Next(6); i > 0; i--)
            {
                // Of who parts again only what happens to the lead that they are: what they say of themselves, either may have said.
                history.Step(asSecond: !history.IsParted && random.Next(2) == 0, onlyInside: history.IsParted);
            }
        }

        for (var i = history.Events.Count / 8; i > 0; i--)
        {
            var again = random.Next(history.Events.Count);
            history.Events.Insert(again + random.Next(history.Events.Count - again) + 1, history.Events[again]); // repeated, later
        }

        return history;
    }

    private void Step(bool asSecond, bool onlyInside = false)
    {
        var at = Time();
        switch (onlyInside ? 5 + random.Next(7) : random.Next(15))
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
                Inside(new() { Id = Id(), Type = EventType.Track, Name = "Lead Reopened", At = at }, asSecond, new("told", at, asSecond), new { });
                break;
            case 12:
                Act(asSecond, at);
                break;
            case 13 or 14:
                // A visit, and perhaps more of them soon: now and then the first for a long time.
                for (var i = random.Next(4); i >= 0; i--)
                {
                    Visit(asSecond, Free(at.AddHours(random.Next(24 * 9))));
                }

                break;
            default:
                Stage(asSecond, at);
                break;
        }
    }

    private void Identify(string? user, string? browser, DateTimeOffset at, bool withAddress, bool joins = false) => Add(
        new() { Id = Id(), Type = EventType.Identify, Name = "identify", At = at, UserId = user, AnonymousId = browser, Traits = withAddress ? Json(new { email = $"{User}@example.com" }) : Json(new { seen = true }) },
        new(joins ? "joined" : withAddress ? "address" : "seen", at, user is null) { IsSuppressed = withAddress && IsSuppressed(number) });

    private void Consent(bool asSecond, DateTimeOffset at, bool yes) => Add(
        new() { Id = Id(), Type = EventType.Track, Name = "Consent Changed", At = at, UserId = asSecond ? null : User, AnonymousId = asSecond ? Browser : null, Properties = Json(new { marketing = yes }) },
        new("consent", at, asSecond) { Yes = yes });

    private void Act(bool asSecond, DateTimeOffset at)
    {
        var name = random.Next(3) switch { 0 => "Call Made", 1 => "Meeting Held", _ => "Form Submitted" };
        Add(new() { Id = Id(), Type = EventType.Track, Name = name, At = at, UserId = asSecond ? null : User, AnonymousId = asSecond ? Browser : null, Properties = Json(new { form = "contact" }) }, new("act", at, asSecond));
    }

    private void Visit(bool asSecond, DateTimeOffset at) => Add(
        new() { Id = Id(), Type = EventType.Track, Name = "Visited", At = at, UserId = asSecond ? null : User, AnonymousId = asSecond ? Browser : null }, new("visit", at, asSecond));

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
        var (id, channel, journey) = ($"send{number}.{_ids}", random.Next(4) == 0 ? "sms" : "email", random.Next(3) switch { 0 => "welcome", 1 => "spring", _ => null });
        Inside(new() { Id = Id(), Type = EventType.Track, Name = "Message Sent", At = at }, asSecond, new("sent", at, asSecond) { Send = id, Channel = channel, Journey = journey }, new { messageId = id, channel, journey });
        for (var i = random.Next(4); i > 0; i--)
        {
            var later = Free(at.AddMinutes(random.Next(60 * 24 * 40)));
            var name = random.Next(7) switch { 0 => "Message Opened", 1 => "Message Opened By Machine", 2 or 6 => "Message Clicked", 3 => "Message Clicked By Machine", 4 => "Message Bounced", _ => "Message Opened" };
            var kind = (name, random.Next(2) == 0) switch { ("Message Bounced", var isHard) => isHard ? "hard" : "soft", ("Message Opened By Machine", true) => "proxy", _ => null };
            Inside(new() { Id = Id(), Type = EventType.Track, Name = name, At = later }, asSecond, new(name, later, asSecond) { Send = id, Kind = kind }, new { messageId = id, kind, signals = kind == "proxy" ? ByProxy : (JsonElement?)null });
        }
    }

    private void Inside(LeadEvent e, bool asSecond, Told told, object properties) => Add(e with { LeadId = (asSecond ? Identity.Anonymous(Browser) : Identity.User(User)).Hash(), Properties = Json(properties) }, told);

    private void Add(LeadEvent e, Told told) => Events.Add((e, told with { Id = e.Id }));

    private string Id() => $"e{number}.{_ids++}";

    /// <summary>In no order, often when a month ends or clocks change, and nobody does two things at once.</summary>
    private DateTimeOffset Time() =>
        Free(random.Next(4) == 0 ? Turns[random.Next(Turns.Length)].AddMinutes(random.Next(-150, 150)) : Start.AddMinutes(random.Next(60 * 24 * 300)));

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

    public string? Journey { get; init; }

    /// <summary>Of a parting: what is the other's.</summary>
    public IReadOnlyList<Told> Leaves { get; init; } = [];

    public string? Kind { get; init; }

    /// <summary>Nothing is sent to the address.</summary>
    public bool IsSuppressed { get; init; }
}
