using System.Text.Json;
using LeadFunctions.Imports;
using LeadFunctions.Imports.Rows;

namespace LeadFunctions.Tests.Imports;

/// <summary>What the rows of a piece come to.</summary>
public sealed class PieceReadingTests
{
    private static readonly string[] Header = ["email", "note"];

    private static readonly CsvDialect Commas = new(',', "utf-8", 0);

    private static readonly ImportProgress Begun = new(RowEventsTests.Told, RowEventsTests.Told, RowEventsTests.Told, Key: "key");

    [Fact]
    public void A_quote_that_is_left_open_refuses_what_it_swallows()
    {
        var (read, progress) = Read("a@example.com,x\nb@example.com,\"open\nc@example.com,y\nd@example.com,z\n", Begun);

        Assert.Equal((2, 1, 1), (progress.Rows, progress.Refused, progress.Events));
        Assert.Equal(2, Assert.Single(progress.Faults).Line);
        Assert.Contains("quote is left open", progress.Faults[0].Message, StringComparison.Ordinal);
        Assert.Equal(2, read.Refused[0].Row.Line);
    }

    [Fact]
    public void Blank_rows_are_no_rows_short_ones_are_filled_up_and_long_ones_refused()
    {
        var (read, progress) = Read("\n,,\na@example.com\nb@example.com,x,,\nc@example.com,x,y\n", Begun);

        Assert.Equal((3, 1), (progress.Rows, progress.Refused));
        Assert.Equal(["import/key/1/0", "import/key/2/0"], read.Events.Select(e => e.Id));
        Assert.Equal((5, "The row has 3 cells."), (progress.Faults[0].Line, progress.Faults[0].Message));
    }

    [Fact]
    public void Rows_are_numbered_on_and_a_hundred_faults_are_kept()
    {
        var text = string.Concat(Enumerable.Repeat("nobody,x\n", 80));

        var (_, first) = Read(text, Begun);
        var (_, second) = Read(text + "a@example.com,x\n", first);

        Assert.Equal((161, 160, 1, 100), (second.Rows, second.Refused, second.Events, second.Faults.Count));
    }

    [Fact]
    public void Refused_rows_can_be_mended_and_read_by_the_same_mapping()
    {
        var (read, _) = Read("nobody,\"=1, \"\"quoted\"\"\nand broken\"\n", Begun);
        byte[] text = [.. RefusedRows.Header(Header), .. RefusedRows.Text(read.Refused, Header)];

        var rows = CsvText.Read(text, isLast: true, Commas, 1).Rows;
        var header = CsvText.Header(rows[0]);
        var mended = new CsvRow(2, ["ann@example.com", .. rows[1].Cells.Skip(1)], "");

        Assert.Equal(["email", "note", "line", "reason"], header);
        Assert.Equal("1", rows[1].Cells[2]);
        Assert.StartsWith("email: \"nobody\" is no e-mail address.", rows[1].Cells[3], StringComparison.Ordinal);
        Assert.Equal("=1, \"quoted\"\nand broken", Rows(header).Read(mended, 1).Events[0].Traits.GetProperty("note").GetString());
    }

    private static (PieceReading Read, ImportProgress Progress) Read(string text, ImportProgress before)
    {
        var reading = new PieceReading(Rows(Header), before, _ => false);
        reading.Read(CsvText.Read(System.Text.Encoding.UTF8.GetBytes(text), isLast: true, Commas, 1), isLast: true);
        return (reading, reading.Tell(new HashSet<string>()));
    }

    private static RowEvents Rows(IReadOnlyList<string> header) =>
        new(MappingParser.Parse(JsonDocument.Parse("""{"columns":[{"column":"email","as":"email"},{"column":"note","as":"trait","name":"note"}]}""").RootElement).Mapping!, header, "key", RowEventsTests.Told, _ => false); // it has no mistake
}
