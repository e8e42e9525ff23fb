using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Events;
using LeadFunctions.Interests;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;
using LeadFunctions.Tests.Scoring;

namespace LeadFunctions.Tests.Leads;

/// <summary>Events as clients send them, and how to compare what became of them.</summary>
internal static class LeadEvents
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static ScoringModels Rules => Shop.Models;

    public static LeadEvent Track(string id, string name, int minute, string? user = null, string? anonymous = null, object? properties = null) => new()
    {
        Id = id,
        Type = EventType.Track,
        Name = name,
        At = Start.AddMinutes(minute),
        UserId = user,
        AnonymousId = anonymous,
        Properties = Json(properties),
    };

    public static LeadEvent Page(string id, string path, int minute, string? user = null, string? anonymous = null) =>
        Track(id, "page", minute, user, anonymous, new { path }) with { Type = EventType.Page };

    public static LeadEvent Identify(string id, int minute, string? user = null, string? anonymous = null, object? traits = null) => new()
    {
        Id = id,
        Type = EventType.Identify,
        Name = "identify",
        At = Start.AddMinutes(minute),
        UserId = user,
        AnonymousId = anonymous,
        Traits = Json(traits),
    };

    /// <summary>Put into a segment by hand, or taken out of it.</summary>
    public static LeadEvent InSegment(string id, string segment, bool isMember, int minute) => new()
    {
        Id = id,
        Type = EventType.Segment,
        Name = "segment",
        At = Start.AddMinutes(minute),
        LeadId = "whichever it is applied to",
        Properties = Json(new { segment, member = isMember }),
    };

    public static LeadEvent Alias(string id, int minute, string user, string previous) => new()
    {
        Id = id,
        Type = EventType.Alias,
        Name = "alias",
        At = Start.AddMinutes(minute),
        UserId = user,
        PreviousId = previous,
        MayMergeKnown = true,
    };

    /// <summary>Anything that one visitor may do, with a chance of equal times.</summary>
    public static Gen<LeadEvent> Any(string? user, string? anonymous) =>
        from id in Gen.Choose(0, 1_000_000)
        from minute in Gen.Choose(0, 60 * 24 * 30)
        from product in Gen.Choose(1, 4)
        from kind in Gen.Choose(0, 10)
        let name = "m" + id
        select kind switch
        {
            0 or 1 => Page(name, "/pricing", minute, user, anonymous),
            2 => Page(name, "/careers/jobs", minute, user, anonymous),
            3 or 4 => Track(name, "Product Viewed", minute, user, anonymous, new { productId = "p" + product, category = product > 2 ? "shoes" : "hats" }),
            5 => Track(name, "Product Added", minute, user, anonymous, new { productId = "p" + product, quantity = product }),
            6 => Track(name, "Order Completed", minute, user, anonymous, new { orderId = "o" + id, revenue = 10.5 * product }),
            7 => Identify(name, minute, user, anonymous, new { country = product > 2 ? "PL" : "FR", company = new { employees = product * 20 }, @internal = product == 1 }),
            8 or 9 => InSegment(name, "s" + (product % 2), product > 2, minute),
            _ => Track(name, "Newsletter Opened", minute, user, anonymous),
        };

    public static LeadState Apply(LeadState state, IEnumerable<LeadEvent> events, ScoringModels? rules = null, DateTimeOffset? now = null)
    {
        var arrivals = events.Select(e => new Arrival(e, Start.AddDays(31), Identity.Of(e))).ToList();
        return Reducer.Apply(state, arrivals, rules ?? Rules, now ?? Start.AddDays(31)).State;
    }

    public static LeadState NewLead(string user = "u1") => new() { Id = Identity.User(user).Hash() };

    /// <summary>Everything that is known of a person, in one canonical text.</summary>
    public static string Canonical(LeadState state)
    {
        var whole = JsonSerializer.SerializeToNode(state.Whole, LeadsJson.Default.LeadRecord)!.AsObject();
        whole["i"] = new JsonArray([.. state.Whole.Identities.Order(StringComparer.Ordinal).Select(i => JsonValue.Create(i))]);

        // Of several records these are put together when somebody asks.
        var looks = InterestRules.Default.Dimensions.ToDictionary(dimension => dimension.Key, dimension => state.Whole.FindLooks(dimension)!); // not null: they were kept from the first event on
        whole["v"] = JsonSerializer.SerializeToNode(new LeadRecord { Looked = looks }, LeadsJson.Default.LeadRecord)!["v"]!.DeepClone();
        return Sorted(whole).ToJsonString();
    }

    private static JsonNode Sorted(JsonNode node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, p.Value is null ? null : Sorted(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(item => item is null ? null : Sorted(item))]),
        _ => node.DeepClone(),
    };

    private static JsonElement Json(object? value) => value is null ? default : JsonSerializer.SerializeToElement(value);
}
