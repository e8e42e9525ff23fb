using LeadFunctions.Events;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Tests.Leads;

public sealed class SeenEventsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_id_counts_once()
    {
        var seen = new SeenEvents();

        Assert.True(seen.Add(Event("m1"), Noon));
        Assert.False(seen.Add(Event("m1"), Noon.AddHours(20)));
        Assert.True(seen.Contains(Event("m1")));
    }

    [Fact]
    public void Ids_are_forgotten_after_a_day_of_arrivals()
    {
        var seen = new SeenEvents();
        seen.Add(Event("m1"), Noon);

        seen.Add(Event("m2"), Noon.AddHours(24));
        Assert.True(seen.Contains(Event("m1")));

        seen.Add(Event("m3"), Noon.AddHours(24).AddMinutes(1));
        Assert.False(seen.Contains(Event("m1")));
    }

    [Fact]
    public void At_most_the_newest_two_thousand_are_kept()
    {
        var seen = new SeenEvents();
        for (var i = 0; i < SeenEvents.Limit + 10; i++)
        {
            seen.Add(Event("m" + i), Noon);
        }

        Assert.Equal(SeenEvents.Limit, seen.Count);
        Assert.False(seen.Contains(Event("m9")));
        Assert.True(seen.Contains(Event("m10")));
    }

    [Fact]
    public void Survives_storage()
    {
        var seen = new SeenEvents();
        seen.Add(Event("m1"), Noon);
        seen.Add(Event("m2"), Noon.AddMinutes(3));

        var read = SeenEvents.FromBytes(seen.ToBytes());

        Assert.Equal(2, read.Count);
        Assert.True(read.Contains(Event("m1")) && read.Contains(Event("m2")));
        Assert.False(read.Contains(Event("m3")));
    }

    [Fact]
    public void A_clients_id_does_not_pass_for_that_of_an_event_from_inside()
    {
        var seen = new SeenEvents();
        seen.Add(Event("freeze/a/0"), Noon);

        Assert.False(seen.Contains(Event("freeze/a/0") with { LeadId = "a" }));
    }

    private static LeadEvent Event(string id) => new() { Id = id, Type = EventType.Track, Name = "x", At = Noon };
}
