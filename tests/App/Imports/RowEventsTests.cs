using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Imports.Rows;
using LeadFunctions.Tests.Leads;

namespace LeadFunctions.Tests.Imports;

/// <summary>What a row becomes.</summary>
public sealed class RowEventsTests
{
    internal static readonly DateTimeOffset Told = LeadEvents.Start.AddDays(20);

    private const string Mapping = """
        {
          "columns": [
            { "column": "mail", "as": "email" },
            { "column": "id", "as": "userId" },
            { "column": "size", "as": "trait", "name": "company.employees", "type": "number", "decimal": "," },
            { "column": "born", "as": "trait", "name": "birthday", "type": "date", "format": "dd.MM.yyyy" },
            { "column": "vip", "as": "trait", "name": "vip", "type": "boolean" },
            { "column": "news", "as": "consent", "topic": "marketing", "channel": "email" },
            { "column": "out", "as": "consent", "topic": "marketing", "channel": "sms", "refusal": true },
            { "column": "lists", "as": "list" },
            { "column": "fan", "as": "list", "name": "fans" },
            { "column": "did", "as": "event" },
            { "column": "when", "as": "timestamp", "format": "dd.MM.yyyy HH:mm", "zone": "Europe/Berlin" },
            { "column": "total", "as": "property", "name": "revenue", "type": "number", "decimal": "," }
          ],
          "lists": ["all"]
        }
        """;

    private static readonly string[] Header = ["mail", "id", "size", "born", "vip", "news", "out", "lists", "fan", "did", "when", "total"];

    [Fact]
    public void A_row_becomes_what_it_says_of_its_person()
    {
        var events = Read("ann@EXAMPLE.com", "ann", "1.234,5", "31.12.1990", "yes", "ja", "yes", "fair; vips", "no", "Order Completed", "15.02.2026 10:30", "99,90");

        Assert.Equal(["identify", "Consent Changed", "segment", "segment", "segment", "segment", "Order Completed"], events.Select(e => e.Name));
        Assert.Equal("""{"company":{"employees":1234.5},"birthday":"1990-12-31","vip":true,"email":"ann@example.com"}""", events[0].Traits.GetRawText());
        Assert.Equal("""{"marketing.email":true,"marketing.sms":false}""", events[1].Properties.GetRawText());
        Assert.Equal(["all True", "fair True", "vips True", "fans False"], events.Skip(2).Take(4).Select(e => $"{e.Properties.GetProperty("segment")} {e.Properties.GetProperty("member")}"));
        Assert.Equal("""{"revenue":99.9}""", events[^1].Properties.GetRawText());
        Assert.All(events, e => Assert.Equal((new DateTimeOffset(2026, 2, 15, 9, 30, 0, TimeSpan.Zero), "ann", null, "import"), (e.At, e.UserId, e.Email, e.Source)));
        Assert.Equal(7, events.Select(e => e.Id).Distinct().Count());
    }

    [Fact]
    public void Who_is_known_by_an_address_alone_is_meant_by_all_events_of_the_row()
    {
        var events = Read("ann@example.com", "", "", "", "", "no", "", "fair", "", "Visited Fair", "15.02.2026 10:30", "");

        Assert.All(events, e => Assert.Equal([Identity.Email("ann@example.com")], Identity.Of(e)));
    }

    [Fact]
    public void Empty_cells_say_nothing()
    {
        var events = Read("ann@example.com", "", " ", "", "", "", "", "", "", "", "", "");

        Assert.Equal(["identify", "segment"], events.Select(e => e.Name));
        Assert.Equal("""{"email":"ann@example.com"}""", events[0].Traits.GetRawText());
        Assert.All(events, e => Assert.Equal((Told, true), (e.At, e.IsHearsay)));
    }

    [Fact]
    public void A_row_that_is_read_again_becomes_the_same_events()
    {
        string[] row = ["ann@example.com", "", "7", "", "", "no", "", "fair", "", "Visited Fair", "15.02.2026 10:30", ""];

        Assert.Equal(Read(row).Select(Json), Read(row).Select(Json));
        Assert.NotEqual(Read(row).Select(e => e.Id), Read(row, 2).Select(e => e.Id));
    }

    [Theory]
    [InlineData("ann", "", "", "mail")]
    [InlineData("", "", "", null)]
    [InlineData("ann@example.com", "many", "", "size")]
    [InlineData("ann@example.com", "1,2,3", "", "size")]
    [InlineData("ann@example.com", "12,5", "31.02.1990", "born")]
    [InlineData("ann@example.com", "12,5", "1990-02-01", "born")]
    public void A_cell_that_cannot_be_read_refuses_its_row(string mail, string size, string born, string? column)
    {
        var read = Reader().Read(new(7, [mail, "", size, born], ""), 1);

        Assert.Empty(read.Events);
        var fault = Assert.Single(read.Faults);
        Assert.Equal((7, column), (fault.Line, fault.Column));
        Assert.NotNull(fault.Expected);
    }

    [Theory]
    [InlineData(5, "maybe", "news")]
    [InlineData(10, "15.02.2036 10:30", "when")]
    [InlineData(10, "15.02.1996 10:30", "when")]
    [InlineData(7, "decided", "lists")]
    [InlineData(1, "null", null)] // passed over at the front door, and then nobody is left
    [InlineData(9, "Message Sent", "did")]
    [InlineData(12, "too many", null)]
    public void What_the_front_door_would_refuse_or_doubt_is_refused(int place, string cell, string? column)
    {
        var cells = Enumerable.Repeat("", 13).ToArray();
        cells[0] = place == 1 ? "" : "ann@example.com";
        cells[10] = place == 9 ? "15.02.2026 10:30" : "";
        cells[place] = cell;

        var read = Reader().Read(new(3, cells, ""), 1);

        Assert.Empty(read.Events);
        Assert.Equal(column ?? (place == 1 ? "id" : null), Assert.Single(read.Faults).Column);
    }

    [Fact]
    public void An_event_without_its_time_is_refused_where_times_are_said()
    {
        var read = Reader().Read(new(3, ["ann@example.com", "", "", "", "", "", "", "", "", "Order Completed", "", "5"], ""), 1);

        Assert.Equal("when", Assert.Single(read.Faults).Column);
        Assert.Empty(read.Events);
    }

    [Theory]
    [InlineData("1,234.5", '.', 1234.5)]
    [InlineData("1 234 567", '.', 1234567.0)]
    [InlineData("-3.5e2", '.', -350.0)]
    [InlineData("1'234,5", ',', 1234.5)]
    [InlineData("1,5", '.', null)]
    [InlineData("12.34", ',', null)]
    [InlineData("", '.', null)]
    [InlineData("1e999", '.', null)]
    public void A_number_has_its_marks_where_they_belong(string text, char mark, double? number) =>
        Assert.Equal(number, Cells.TryNumber(text, mark, out var read) ? read : null);

    internal static IReadOnlyList<LeadEvent> Read(params string[] cells) => Read(cells, 1);

    private static IReadOnlyList<LeadEvent> Read(string[] cells, long number)
    {
        var read = Reader().Read(new(2, cells, ""), number);
        Assert.Empty(read.Faults);
        return read.Events;
    }

    private static RowEvents Reader() =>
        new(MappingParser.Parse(JsonDocument.Parse(Mapping).RootElement, Header).Mapping!, Header, "key", Told, list => list == "decided"); // it has no mistake

    private static string Json(LeadEvent e) => JsonSerializer.Serialize(e, EventsJson.Default.LeadEvent);
}
