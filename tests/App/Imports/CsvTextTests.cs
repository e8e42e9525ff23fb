using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Imports.Rows;

namespace LeadFunctions.Tests.Imports;

public sealed class CsvTextTests
{
    private static readonly CsvDialect Commas = new(',', "utf-8", 0);

    [Theory]
    [InlineData("a,b,c\n1,2,3\n", ',')]
    [InlineData("a;b;c\n1,5;2;3\n", ';')]
    [InlineData("a\tb\tc, d\n", '\t')]
    [InlineData("\"a,b,c,d\";x\n", ';')]
    [InlineData("one\n1\n", ',')]
    [InlineData("sep=|\r\na|b\r\n", '|')]
    public void The_separator_is_found_in_the_first_line(string text, char separator) =>
        Assert.Equal(separator, CsvText.Find(Encoding.UTF8.GetBytes(text), "utf-8", null).Dialect!.Separator); // it can be read

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_first_name()
    {
        byte[] text = [0xEF, 0xBB, 0xBF, .. "email,name\nann@example.com,Ann\n"u8];

        var dialect = CsvText.Find(text, "utf-8", null).Dialect!; // it can be read
        var piece = CsvText.Read(text.AsSpan(dialect.Start), isLast: true, dialect, 1);

        Assert.Equal(["email", "name"], CsvText.Header(piece.Rows[0]));
        Assert.Equal(text.Length - 3, piece.Bytes);
    }

    [Fact]
    public void What_is_no_utf8_is_refused_with_its_line_and_read_in_its_encoding()
    {
        byte[] text = [.. "name\nAnn\n"u8, (byte)'J', 0xF6, (byte)'r', (byte)'g', (byte)'\n'];

        var (none, refusal) = CsvText.Find(text, "utf-8", null);
        var dialect = CsvText.Find(text, "windows-1252", null).Dialect!; // any bytes are

        Assert.Null(none);
        Assert.StartsWith("Line 3 is not UTF-8", refusal, StringComparison.Ordinal);
        Assert.Equal("Jörg", CsvText.Read(text, isLast: true, dialect, 1).Rows[2].Cells[0]);
        Assert.Equal(3, Assert.Throws<UnreadableTextException>(() => CsvText.Read(text, isLast: true, Commas, 1)).Line);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, 97, 0 }, "UTF-16")]
    [InlineData(new byte[] { 0x50, 0x4B, 3, 4, 0, 0 }, "workbook")]
    public void Other_files_are_refused_by_what_they_are(byte[] begin, string word) =>
        Assert.Contains(word, CsvText.Find(begin, "utf-8", null).Refusal, StringComparison.Ordinal);

    [Fact]
    public void Quotes_hold_separators_line_breaks_and_quotes()
    {
        var piece = CsvText.Read("a,b\r\n\"x, y\",\"two\r\nlines\"\r\n\"say \"\"hi\"\"\",5\" disk\r\n\r\nz\r\n"u8, isLast: true, Commas, 1);

        Assert.Equal(["x, y", "two\r\nlines"], piece.Rows[1].Cells);
        Assert.Equal(["say \"hi\"", "5\" disk"], piece.Rows[2].Cells);
        Assert.True(piece.Rows[3].IsBlank);
        Assert.Equal(["z"], piece.Rows[4].Cells);
        Assert.Equal([1, 2, 4, 5, 6], piece.Rows.Select(row => row.Line));
        Assert.Equal(6, piece.Lines);
    }

    [Fact]
    public void Names_that_are_empty_or_repeated_become_names_of_their_own() =>
        Assert.Equal(["Phone", "Phone (2)", "Column 3", "Phone (3)"], CsvText.Header(new(1, ["Phone", "Phone ", " ", "Phone"], "")));

    /// <summary>Wherever a text is cut, whoever reads on where whole rows end reads every row once, in its line.</summary>
    [Fact]
    public void A_text_read_piece_by_piece_is_the_text_read_at_once()
    {
        var cell = Gen.Elements("", "a", "ö", "€uro", "😀", "x,y", "two\nlines", "cr\r\nlf", "\"q\"", " s ", "=1");
        var rows = Gen.ArrayOf(Gen.ArrayOf(cell, 3), 12);
        var end = Gen.Elements("\n", "\r\n");
        Prop.ForAll(Arb.From(rows), Arb.From(end), Arb.From(Gen.Choose(40, 90)), (cells, newline, size) =>
        {
            var text = Encoding.UTF8.GetBytes(string.Concat(cells.Select(row => string.Join(',', row.Select(c => $"\"{c.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + newline)));
            var whole = CsvText.Read(text, isLast: true, Commas, 1);
            var (read, at, line) = (new List<CsvRow>(), 0L, 1L);
            while (at < text.Length)
            {
                var take = (int)Math.Min(size, text.Length - at);
                var piece = CsvText.Read(text.AsSpan((int)at, take), at + take == text.Length, Commas, line);
                if (piece.Rows.Count == 0)
                {
                    size += 40; // a row longer than a piece
                    continue;
                }

                read.AddRange(piece.Rows);
                (at, line) = (at + piece.Bytes, line + piece.Lines);
            }

            Assert.Equal(whole.Rows.Select(row => (row.Line, string.Join('|', row.Cells))), read.Select(row => (row.Line, string.Join('|', row.Cells))));
            Assert.Equal(12, read.Count);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+48 600", "'+48 600")]
    [InlineData("-5", "'-5")]
    [InlineData("@sum", "'@sum")]
    [InlineData("\tx", "'\tx")]
    [InlineData("'=x", "''=x")]
    [InlineData("O'Neill", "O'Neill")]
    [InlineData("'quoted'", "'quoted'")]
    [InlineData("", "")]
    public void A_cell_that_would_be_a_formula_goes_out_as_text_and_comes_back_as_it_was(string text, string guarded)
    {
        Assert.Equal(guarded, CellGuard.Guard(text));
        Assert.Equal(text, CellGuard.Unguard(guarded));
    }
}
