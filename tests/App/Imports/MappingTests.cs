using System.Text.Json;
using LeadFunctions.Imports.Rows;

namespace LeadFunctions.Tests.Imports;

/// <summary>What the columns of a file mean: as marketers say it, and as it is proposed to them.</summary>
public sealed class MappingTests
{
    private static readonly string[] Header = ["E-mail", "Name", "Born", "News"];

    [Theory]
    [InlineData("""{}""", "$.columns")]
    [InlineData("""{"columns":[]}""", "$.columns")]
    [InlineData("""{"columns":[{"column":"Name","as":"trait","name":"name"}]}""", "$.columns")]
    [InlineData("""{"columns":[{"column":"E-Mail","as":"email"}]}""", "$.columns[0].column")]
    [InlineData("""{"columns":[%,{"column":"Name","as":"nick"}]}""", "$.columns[1].as")]
    [InlineData("""{"columns":[%,{"column":"Name"}]}""", "$.columns[1].as")]
    [InlineData("""{"columns":[%,{"column":"Name","as":"email"}]}""", "$.columns[1]")]
    [InlineData("""{"columns":[%,{"column":"Name","as":"trait"}]}""", "$.columns[1].name")]
    [InlineData("""{"columns":[%,{"column":"Name","as":"trait","name":"$stage"}]}""", "$.columns[1].name")]
    [InlineData("""{"columns":[%,{"column":"Name","as":"trait","name":"a"},{"column":"Born","as":"trait","name":"a.b"}]}""", "$.columns[2]")]
    [InlineData("""{"columns":[%,{"column":"Born","as":"trait","name":"b","type":"day"}]}""", "$.columns[1].type")]
    [InlineData("""{"columns":[%,{"column":"Born","as":"trait","name":"b","type":"date","format":"what"}]}""", "$.columns[1].format")]
    [InlineData("""{"columns":[%,{"column":"Born","as":"trait","name":"b","type":"date","format":"dd.MM.yyyy","zone":"Mars"}]}""", "$.columns[1].zone")]
    [InlineData("""{"columns":[%,{"column":"Born","as":"trait","name":"b","decimal":";"}]}""", "$.columns[1].decimal")]
    [InlineData("""{"columns":[%,{"column":"News","as":"consent"}]}""", "$.columns[1].topic")]
    [InlineData("""{"columns":[%,{"column":"News","as":"consent","topic":"marketing","refusal":"yes"}]}""", "$.columns[1].refusal")]
    [InlineData("""{"columns":[%,{"column":"Born","as":"property","name":"b"}]}""", "$.columns")]
    [InlineData("""{"columns":[%],"event":"Message Sent"}""", "$.event")]
    [InlineData("""{"columns":[%,{"column":"Name","as":"event"}],"event":"Visited"}""", "$.event")]
    [InlineData("""{"columns":[%],"lists":[""]}""", "$.lists[0]")]
    [InlineData("""{"columns":[%],"colour":1}""", "$.colour")]
    public void Every_mistake_is_answered_with_its_place(string json, string paths)
    {
        var (mapping, errors) = MappingParser.Parse(JsonDocument.Parse(json.Replace("%", """{"column":"E-mail","as":"email"}""", StringComparison.Ordinal)).RootElement, Header);

        Assert.Null(mapping);
        Assert.Equal(paths, string.Join(' ', errors.Select(error => error.Path)));
    }

    /// <summary>The first line of what these programs export, and a row.</summary>
    [Theory]
    [InlineData("HubSpot", "Record ID,First Name,Last Name,Email,Phone Number,Company Name,Number of Employees,Lifecycle Stage,Unsubscribed from all email,Create Date", "51,Ann,Ash,ann@example.com,+48 600 100 200,Ash Ltd,80,lead,false,2026-01-31 10:20",
        "crm.id firstName lastName email phone company.name company.employees:number crm.stage !marketing.email createdAt:date")]
    [InlineData("Mailchimp", "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,LATITUDE,LAST_CHANGED,TAGS", "ann@example.com,Ann,Ash,2,2025-04-01 08:00:00,1.2.3.4,2025-04-01 08:10:00,52.2,2025-04-02 08:10:00,vip",
        "email firstName lastName - optedInAt:date - optInConfirmedAt:date lATITUDE:number - tags")]
    [InlineData("Salesforce", "Contact ID,First Name,Last Name,Account Name,Title,Email,Mailing Country,Email Opt Out,Created Date", "003xx,Ann,Ash,Ash Ltd,CTO,ann@example.com,Poland,0,31/01/2026",
        "crm.id firstName lastName company.name title email country !marketing.email createdAt:date:d/M/yyyy")]
    [InlineData("own", "email,userId,name,company,stage,engagement,segments,lists,plan,company.employees,consent.marketing", "ann@example.com,u1,Ann,Ash,mql,12.5,a;b,fair,gold,80,true",
        "email userId name company.name - - - [] plan company.employees:number marketing")]
    [InlineData("German", "E-Mail-Adresse;Vorname;PLZ;Umsatz;Geburtsdatum;Kundennummer;newsletter_consent", "ann@example.com;Ann;01067;1.234,50;31.12.1990;17;ja",
        "email firstName address.postalCode umsatz:number birthday:date:d.M.yyyy userId newsletter")]
    public void A_mapping_is_proposed_for_what_programs_export(string program, string header, string row, string proposed)
    {
        var text = System.Text.Encoding.UTF8.GetBytes($"{header}\n{row}\n");
        var dialect = CsvText.Find(text, "utf-8", null).Dialect!; // it is text
        var rows = CsvText.Read(text, isLast: true, dialect, 1).Rows;
        var names = CsvText.Header(rows[0]);

        var proposal = MappingProposal.Of(names, [rows[1]]);

        var (mapping, errors) = MappingParser.Parse(proposal, names);
        Assert.Empty(errors);
        Assert.Equal(proposed, string.Join(' ', mapping!.Columns.Select(Told))); // no errors
        var read = new RowEvents(mapping, names, "key", RowEventsTests.Told, _ => false).Read(rows[1], 1);
        Assert.True(read.Faults.Count == 0, $"{program}: {string.Join(", ", read.Faults)}");
    }

    private static string Told(MappedColumn column) => column.Role switch
    {
        ColumnRole.Ignore => "-",
        ColumnRole.Email => "email",
        ColumnRole.UserId => "userId",
        ColumnRole.List => "[]",
        ColumnRole.Consent => $"{(column.IsRefusal ? "!" : "")}{column.Name}{(column.Channel is { } channel ? "." + channel : "")}",
        _ => column.Name + (column.Format.Type == CellType.Text ? "" : ":" + column.Format.Type.ToString().ToLowerInvariant()) + (column.Format.Pattern is { } pattern ? ":" + pattern : ""),
    };
}
