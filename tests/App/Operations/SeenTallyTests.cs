using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Events.Seen;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LeadFunctions.Tests.Operations;

public sealed class SeenTallyTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Order Completed", true)]
    [InlineData("context.page.path", true)]
    [InlineData("Größe über 42", true)]
    [InlineData("Zamówienie złożone", true)]
    [InlineData("utm_source_2", true)]
    [InlineData("ann@example.com", false)]
    [InlineData("Called +49 30 123456", false)]
    [InlineData("Viewed order 47110815", false)]
    [InlineData("Born 1990-01-31", false)]
    [InlineData("9f1c2d3e4b5a6978", false)]
    [InlineData("line\nbreak", false)]
    [InlineData("<b>", false)]
    [InlineData("12", false)]
    [InlineData("", false)]
    public void A_name_is_told_from_somebodys_data(string text, bool isName) => Assert.Equal(isName, NameShape.IsName(text));

    [Fact]
    public void Events_their_properties_and_traits_are_counted_by_their_paths_and_no_value_is_kept()
    {
        var tally = new SeenTally();
        Assert.True(tally.Add(Event(EventType.Track, "Order Completed", """{"total":12,"products":[{"id":1}],"shop":{"city":"Bled"},"ann@example.com":true}"""), Now));
        Assert.False(tally.Add(Event(EventType.Track, "Order Completed", """{"total":13}"""), Now.AddDays(1)));
        Assert.True(tally.Add(Event(EventType.Identify, "identify", null, """{"email":"ann@example.com","company":{"name":"Acme"}}"""), Now));
        Assert.False(tally.Add(Event(EventType.Track, "ann@example.com"), Now));
        Assert.False(tally.Add(Event(EventType.Journey, "Tick"), Now)); // the product's own

        var seen = tally.Answer(Now);
        Assert.Equal(
            """{"asOf":"2026-06-01T10:00:00+00:00","events":[{"name":"Order Completed","type":"track","count":2,"lastSeen":"2026-06-02T10:00:00+00:00","properties":[{"name":"total","count":2},{"name":"products","count":1},{"name":"shop.city","count":1}]},{"name":"identify","type":"identify","count":1,"lastSeen":"2026-06-01T10:00:00+00:00","properties":[]}],"traits":[{"name":"company.name","count":1},{"name":"email","count":1}],"full":false}""",
            JsonSerializer.Serialize(seen, SeenJson.Default.SeenNames));
        Assert.Equal(3, tally.Seen);
    }

    [Fact]
    public void What_instances_counted_apart_adds_up_whatever_was_in_between()
    {
        var random = new Random(1);
        var (one, other, all) = (new SeenTally(), new SeenTally(), new SeenTally());
        for (var i = 0; i < 500; i++)
        {
            var e = Event(EventType.Track, $"Event {(char)('a' + random.Next(20))}", $$"""{"{{(char)('a' + random.Next(5))}}":1}""");
            (random.Next(2) == 0 ? one : other).Add(e, Now.AddMinutes(i));
            all.Add(e, Now.AddMinutes(i));
        }

        var sum = new SeenTally();
        sum.Add(one.Answer(null));
        sum.Add(other.Answer(null));
        Assert.Equal(JsonSerializer.Serialize(all.Answer(Now), SeenJson.Default.SeenNames), JsonSerializer.Serialize(sum.Answer(Now), SeenJson.Default.SeenNames));
    }

    [Fact]
    public void Names_without_end_leave_the_frequent_ones_and_are_no_news_any_more()
    {
        var tally = new SeenTally();
        tally.Add(Event(EventType.Track, "Order Completed"), Now);
        tally.Add(Event(EventType.Track, "Order Completed"), Now);
        var news = Enumerable.Range(0, 2_000).Count(i => tally.Add(Event(EventType.Track, $"{Word(i)} Viewed", $$"""{"{{Word(i)}}":1}"""), Now));
        var properties = Enumerable.Range(0, 500).Count(i => tally.Add(Event(EventType.Track, "Order Completed", $$"""{"{{Word(i)}}":1}"""), Now));

        var seen = tally.Answer(Now);
        Assert.Equal((SeenTally.MostEvents, true, "Order Completed"), (seen.Events.Count, seen.Full, seen.Events[0].Name));
        Assert.Equal(SeenTally.MostProperties, seen.Events[0].Properties.Count);
        Assert.True(news < 2 * SeenTally.MostEvents + 1 && properties <= SeenTally.MostProperties, $"{news} {properties}");
        Assert.True(JsonSerializer.SerializeToUtf8Bytes(seen, SeenJson.Default.SeenNames).Length < 100_000);

        // What nobody sends any more makes room.
        var later = new SeenTally();
        later.Add(seen);
        later.Add(Event(EventType.Track, "Late"), Now.AddDays(40));
        Assert.Equal("Late", later.Answer(Now).Events[0].Name);
    }

    [Fact]
    public async Task After_a_failure_many_events_are_no_reason_to_try_again_with_each_and_none_of_them_is_lost()
    {
        var (storage, clock) = (StorageClients.From(new Microsoft.Extensions.Configuration.ConfigurationManager { ["AzureWebJobsStorage"] = await Emulator.NewSharedAccountAsync() }), new FakeTimeProvider(Now));
        var watch = new SeenWatch(storage, clock, NullLogger<SeenWatch>.Instance);
        IReadOnlyList<LeadEvent> many = [.. Enumerable.Range(0, 5_000).Select(_ => Event(EventType.Track, "Often"))];

        await watch.NoteAsync(many, default); // there is no table
        await storage.Table(SeenTable.Name).CreateIfNotExistsAsync();
        await watch.NoteAsync(many, default);
        Assert.Empty((await new SeenTable(storage).ReadAsync(default)).Names.Events);

        clock.Advance(TimeSpan.FromMinutes(2));
        await watch.NoteAsync([Event(EventType.Track, "Often")], default);
        Assert.Equal(10_001, Assert.Single((await new SeenTable(storage).ReadAsync(default)).Names.Events).Count);
    }

    [Fact]
    public async Task Of_names_that_do_not_fit_into_a_row_the_more_frequent_are_kept()
    {
        var storage = StorageClients.From(new Microsoft.Extensions.Configuration.ConfigurationManager { ["AzureWebJobsStorage"] = await Emulator.NewSharedAccountAsync() });
        await storage.Table(SeenTable.Name).CreateIfNotExistsAsync();
        var random = new Random(1);
        string Name() => new([.. Enumerable.Range(0, 80).Select(_ => (char)random.Next('\u4e00', '\u9f00'))]);
        SeenNames names = new(Now, [.. Enumerable.Range(0, 200).Select(i => new SeenEvent(Name(), EventType.Track, 200 - i, Now, [.. Enumerable.Range(0, 50).Select(_ => new SeenName(Name(), 1))]))], [new("email", 1)], Full: false);

        Assert.True(await new SeenTable(storage).WriteAsync(names, etag: null, default));

        var kept = (await new SeenTable(storage).ReadAsync(default)).Names;
        Assert.True(kept.Full && kept.Events.Count is > 0 and < 200);
        Assert.Equal(names.Events[0].Name, kept.Events[0].Name);
    }

    private static string Word(int number) => new([.. $"{number:D4}".Select(digit => (char)('a' + digit - '0'))]);

    private static LeadEvent Event(EventType type, string name, string? properties = null, string? traits = null) => new()
    {
        Id = Guid.NewGuid().ToString(),
        Type = type,
        Name = name,
        At = Now,
        Properties = properties is null ? default : JsonElement.Parse(properties),
        Traits = traits is null ? default : JsonElement.Parse(traits),
    };
}
