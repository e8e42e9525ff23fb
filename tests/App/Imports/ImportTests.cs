using System.Net;
using System.Text;
using System.Text.Json;
using LeadFunctions.Imports;
using LeadFunctions.Tests.Leads;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace LeadFunctions.Tests.Imports;

/// <summary>Files in and out, through the app.</summary>
[Collection(nameof(OneLeadApp))]
public sealed class ImportTests(SharedLeadApp shared)
{
    private static readonly object Mapping = new
    {
        columns = new object[]
        {
            new { column = "mail", @as = "email" },
            new { column = "plan", @as = "trait", name = "plan" },
            new { column = "news", @as = "consent", topic = "marketing", channel = "email" },
            new { column = "when", @as = "timestamp" },
            new { column = "total", @as = "property", name = "revenue", type = "number" },
        },
        @event = "Order Completed",
        lists = new[] { "fair" },
    };

    [Fact]
    public async Task A_file_is_proposed_a_mapping_checked_imported_and_what_was_refused_comes_back()
    {
        await using var app = shared.Borrow();
        var id = await app.App.ImportAsync("Trade fair", "mail;plan;news;when;total\r\nimp-ann@example.com;gold;yes;2026-02-01T10:00:00Z;50\r\nimp-bob@example.com;\"sil;ver\";no;2026-02-02;20\r\nnobody;x;;2026-02-02;1\r\nimp-cid@example.com;+1;;;9\r\n");
        var shown = (await app.App.GetAsync($"/api/imports/{id}")).Json;
        Assert.Equal("ready", shown.GetProperty("status").GetString());
        Assert.Equal((";", 5), (shown.GetProperty("file").GetProperty("separator").GetString(), shown.GetProperty("file").GetProperty("columns").GetArrayLength()));
        Assert.Equal("email", shown.GetProperty("proposal").GetProperty("columns")[0].GetProperty("as").GetString());
        Assert.Equal(HttpStatusCode.Conflict, (await app.App.PostAsync($"/api/imports/{id}/start")).Status); // nobody has said what the columns mean

        await app.App.PutAsync($"/api/imports/{id}/mapping", JsonSerializer.Serialize(Mapping));
        await app.ApplyAsync(LeadEvents.Identify("imp-ann", 1, "imp-ann", traits: new { email = "imp-ann@example.com" }));
        var check = (await app.App.RunAsync(id, "?dryRun=true")).GetProperty("check");
        Assert.Equal((4, 1, 1, 2), (check.GetProperty("rows").GetInt32(), check.GetProperty("known").GetInt32(), check.GetProperty("new").GetInt32(), check.GetProperty("refused").GetInt32()));
        Assert.Equal(["4 mail", "5 when"], check.GetProperty("errors").EnumerateArray().Select(fault => $"{fault.GetProperty("line")} {fault.GetProperty("column").GetString()}"));
        Assert.Null(await app.FindAsync("email=imp-bob@example.com")); // nothing was changed

        var done = await app.App.RunAsync(id);
        Assert.Equal("done", done.GetProperty("status").GetString());
        Assert.Equal((2, 2), (done.GetProperty("progress").GetProperty("applied").GetInt32(), done.GetProperty("progress").GetProperty("refused").GetInt32()));
        var ann = await app.App.LeadAsync("imp-ann@example.com");
        var bob = await app.App.LeadAsync("imp-bob@example.com");
        Assert.Equal(("gold", "sil;ver"), (ann.GetProperty("traits").GetProperty("plan").GetString(), bob.GetProperty("traits").GetProperty("plan").GetString()));
        Assert.Equal(new DateTimeOffset(2026, 2, 1, 10, 0, 0, TimeSpan.Zero), ann.GetProperty("activity").GetProperty("Order Completed").GetProperty("first").GetDateTimeOffset());
        Assert.Equal(("{\"marketing\":{\"email\":true}}", "{\"marketing\":{\"email\":false}}"), (ann.GetProperty("consent").GetRawText(), bob.GetProperty("consent").GetRawText()));
        Assert.All([ann, bob], lead => Assert.Contains("fair", lead.GetProperty("segments").EnumerateArray().Select(list => list.GetString())));

        var refused = await app.App.GetAsync($"/api/imports/{id}/refused");
        Assert.Equal("text/csv", refused.ContentType);
        Assert.Equal(
            ["mail,plan,news,when,total,line,reason", "nobody,x,,2026-02-02,1,4,\"mail: \"\"nobody\"\" is no e-mail address. Expected: an address such as ann@example.com.\"", "imp-cid@example.com,'+1,,,9,5,\""],
            refused.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select((line, i) => i < 2 ? line : line[..line.IndexOf("when", StringComparison.Ordinal)]));
    }

    [Fact]
    public async Task The_same_file_imported_twice_changes_nothing_twice()
    {
        await using var app = shared.Borrow();
        const string csv = "mail,plan,news,when,total\nimp-twice@example.com,gold,,2026-02-01T10:00:00Z,50\nimp-twice@example.com,gold,,2026-02-01T10:00:00Z,50\n";
        var first = await app.App.ImportAsync("once", csv, Mapping);
        await app.App.RunAsync(first);
        var second = await app.App.ImportAsync("twice", csv, Mapping);

        var failed = await app.App.RunAsync(second);

        Assert.Equal("failed", failed.GetProperty("status").GetString());
        Assert.Contains(first, failed.GetProperty("failure").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, Orders(await app.App.LeadAsync("imp-twice@example.com"))); // two rows are two orders

        var again = await app.App.RunAsync(await app.App.ImportAsync("again", csv, Mapping), "?again=true");
        Assert.Equal("done", again.GetProperty("status").GetString());
        Assert.Equal(4, Orders(await app.App.LeadAsync("imp-twice@example.com")));
    }

    [Fact]
    public async Task A_file_comes_in_parts_and_goes_on_where_the_last_one_ended()
    {
        await using var app = shared.Borrow();
        var id = await app.App.ImportAsync("parts", "email,plan\nimp-part1@example.com,a\nimp-pa");
        var bytes = (await app.App.GetAsync($"/api/imports/{id}")).Json.GetProperty("file").GetProperty("bytes").GetInt32();

        Assert.Equal(HttpStatusCode.Conflict, (await app.App.PutFileAsync(id, "x"u8.ToArray(), $"?offset={bytes + 1}")).Status);
        var whole = await app.App.PutFileAsync(id, "rt2@example.com,b\n"u8.ToArray(), $"?offset={bytes}");
        Assert.Equal(bytes + 18, whole.Json.GetProperty("file").GetProperty("bytes").GetInt32());
        await app.App.PutAsync($"/api/imports/{id}/mapping", (await app.App.GetAsync($"/api/imports/{id}")).Json.GetProperty("proposal").GetRawText());
        await app.App.RunAsync(id);

        Assert.Equal("b", (await app.App.LeadAsync("imp-part2@example.com")).GetProperty("traits").GetProperty("plan").GetString());
    }

    [Fact]
    public async Task An_upload_that_breaks_off_goes_on_where_its_last_whole_block_ended()
    {
        await using var app = shared.Borrow();
        app.App.ExpectErrors(); // a caller who breaks off in the middle is one
        var csv = Encoding.UTF8.GetBytes("email,note\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"imp-broken{i}@example.com,{new string('x', 100_000)}\n")));
        var id = (await app.App.PostAsync("/api/imports", """{"name":"broken","mapping":{"columns":[{"column":"email","as":"email"}]}}""")).Json.GetProperty("id").GetString()!; // it was just made
        using (var request = new HttpRequestMessage(HttpMethod.Put, $"/api/imports/{id}/file") { Content = new BrokenOff(csv.AsMemory(0, 28_000_000)) })
        {
            request.Headers.Authorization = new("Bearer", Api.AdminKey);
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => app.App.Client.SendAsync(request));
        }

        var stopped = await Eventually.ThatAsync(async () => (await app.App.GetAsync($"/api/imports/{id}")).Json, import => import.TryGetProperty("file", out _), TimeSpan.FromSeconds(60));
        var bytes = stopped.GetProperty("file").GetProperty("bytes").GetInt32(); // what was on its way when it broke off is lost
        Assert.Equal(("waiting", 0), (stopped.GetProperty("status").GetString(), bytes % (4 * 1024 * 1024)));
        Assert.Equal(HttpStatusCode.Conflict, (await app.App.PostAsync($"/api/imports/{id}/start")).Status);

        var whole = await app.App.PutFileAsync(id, csv[bytes..], $"?offset={bytes}");
        Assert.Equal(("ready", csv.Length), (whole.Json.GetProperty("status").GetString(), whole.Json.GetProperty("file").GetProperty("bytes").GetInt32()));
        Assert.Equal(300, (await app.App.RunAsync(id, "?dryRun=true")).GetProperty("check").GetProperty("new").GetInt32());
    }

    [Fact]
    public async Task What_is_wrong_with_a_file_is_said_at_once()
    {
        await using var app = shared.Borrow();
        var id = await app.App.ImportAsync("wrong", "email\n");

        Assert.Equal(HttpStatusCode.BadRequest, (await app.App.PutFileAsync(id, [.. "email\nJ"u8, 0xF6, (byte)'\n'])).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.App.PutFileAsync(id, [])).Status);
        Assert.Equal(["offset"], (await app.App.PutFileAsync(id, [], "?offset=-1")).ErrorPaths);
        Assert.Equal(["$.name", "$.encoding", "$.separator", "$.mapping.columns"], (await app.App.PostAsync("/api/imports", """{"name":"","encoding":"ebcdic","separator":"x","mapping":{}}""")).ErrorPaths);
        Assert.Equal(["$.columns[0].column"], (await app.App.PutAsync($"/api/imports/{id}/mapping", """{"columns":[{"column":"mail","as":"email"}]}""")).ErrorPaths);
        Assert.Equal(HttpStatusCode.NotFound, (await app.App.GetAsync("/api/imports/no")).Status);
        var (_, reader) = await app.App.CreateKeyAsync("read");
        Assert.Equal(HttpStatusCode.Forbidden, (await app.App.GetAsync($"/api/imports/{id}", reader)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.App.GetAsync("/api/leads/export", reader)).Status);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_in_its_middle_changes_nothing()
    {
        await using var app = shared.Borrow();
        var id = await app.App.ImportAsync("bad", "mail,plan,news,when,total\n", Mapping);
        byte[] csv = [.. "mail,plan,news,when,total\n"u8, .. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("imp-bad@example.com,,,2026-02-01,1\n", 10_000))), (byte)'J', 0xF6, (byte)'\n'];
        await app.App.PutFileAsync(id, csv);

        var failed = await app.App.RunAsync(id);

        Assert.Equal("failed", failed.GetProperty("status").GetString());
        Assert.StartsWith("Line 10002 is not UTF-8", failed.GetProperty("failure").GetString(), StringComparison.Ordinal);
        Assert.Null(await app.FindAsync("email=imp-bad@example.com"));
    }

    [Fact]
    public async Task Started_by_many_at_once_it_is_one_import_and_so_is_an_erasure_one()
    {
        await using var app = shared.Borrow();
        var id = await app.App.ImportAsync("many", "mail,plan,news,when,total\nimp-many@example.com,,,2026-02-01,1\n", Mapping);

        var started = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => app.App.PostAsync($"/api/imports/{id}/start")));

        Assert.All(started, answer => Assert.True(answer.Status is HttpStatusCode.Accepted or HttpStatusCode.Conflict, answer.ToString()));
        await app.App.SettleAsync();
        var lead = await app.FindAsync("email=imp-many@example.com");
        Assert.NotNull(lead);
        var erased = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.App.DeleteAsync($"/api/leads/{lead["id"]}")));
        var looked = await Task.WhenAll(erased.Where(answer => answer.Headers.Location is not null).SelectMany(answer => Enumerable.Repeat(answer.Headers.Location, 4)).Select(at => app.App.GetAsync($"{at}")));
        Assert.All(erased, answer => Assert.True(answer.Status is HttpStatusCode.Accepted or HttpStatusCode.NotFound, answer.ToString()));
        Assert.All(looked, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        await app.App.SettleAsync();
        Assert.Null(await app.FindAsync("email=imp-many@example.com"));
    }

    [Fact]
    public async Task A_file_that_was_cut_off_within_a_character_is_refused_by_line()
    {
        await using var app = shared.Borrow();
        var id = (await app.App.PostAsync("/api/imports", """{"name":"cut"}""")).Json.GetProperty("id").GetString()!; // it was made

        var answer = await app.App.PutFileAsync(id, [.. "mail\na@example.com"u8, 0xC3]);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("Line 2 is not UTF-8", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_import_has_no_file_left_and_cannot_be_started()
    {
        await using var app = shared.Borrow();
        var id = await app.App.ImportAsync("cancelled", "mail,plan,news,when,total\n", Mapping);

        var cancelled = await app.App.PostAsync($"/api/imports/{id}/cancel");

        Assert.Equal("cancelled", cancelled.Json.GetProperty("status").GetString());
        Assert.False(cancelled.Json.TryGetProperty("file", out _));
        Assert.Equal(HttpStatusCode.Conflict, (await app.App.PostAsync($"/api/imports/{id}/start")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.App.GetAsync($"/api/imports/{id}/refused")).Status);
        Assert.Contains(id, (await app.App.GetAsync("/api/imports?limit=200")).Json.GetProperty("items").EnumerateArray().Select(import => import.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Files_are_deleted_when_their_time_is_over_and_counts_stay()
    {
        await using var app = shared.Borrow();
        var id = await app.App.ImportAsync("old", "mail,plan,news,when,total\nimp-old@example.com,,,,\n", Mapping);
        await app.App.RunAsync(id);
        var services = app.App.NewServices();
        ImportRuns In(int days) => new(
            services.GetRequiredService<ImportsTable>(), services.GetRequiredService<ImportFiles>(), Options.Create(new ImportsOptions { Days = 7 }), new FakeTimeProvider(LeadEvents.Start.AddDays(31 + days)));

        await In(days: 6).ForgetOldAsync(CancellationToken.None);
        Assert.Equal(HttpStatusCode.OK, (await app.App.GetAsync($"/api/imports/{id}/refused")).Status);
        await In(days: 8).ForgetOldAsync(CancellationToken.None);

        Assert.Equal(HttpStatusCode.NotFound, (await app.App.GetAsync($"/api/imports/{id}/refused")).Status);
        var left = (await app.App.GetAsync($"/api/imports/{id}")).Json;
        Assert.Equal(("done", 1, 0), (left.GetProperty("status").GetString(), left.GetProperty("progress").GetProperty("refused").GetInt32(), left.GetProperty("progress").GetProperty("errors").GetArrayLength()));
        Assert.Null(await services.GetRequiredService<ImportFiles>().ReadAsync(id, 0, 1, CancellationToken.None));
    }

    [Fact]
    public async Task What_is_exported_can_be_imported()
    {
        await using var app = shared.Borrow();
        await app.ApplyAsync(
            LeadEvents.Identify("exp1", 1, "exp-u1", traits: new { email = "exp-1@example.com", name = "=cmd()", plan = "gold", seats = 7, company = new { name = "Ash, Ltd", employees = 80 } }),
            LeadEvents.Track("exp2", "Consent Changed", 2, "exp-u1", properties: new { marketing = false }),
            LeadEvents.Identify("exp3", 1, "exp-u2", traits: new { name = "Not in the list" }));
        var lead = await app.App.LeadAsync("exp-1@example.com");
        await app.App.PutAsync($"/api/segments/exp-list/leads/{lead.GetProperty("id").GetString()}", "{}");
        await app.App.SettleAsync();

        var export = await app.App.GetAsync("/api/leads/export?segment=exp-list&columns=email,name,company,plan,seats,company.employees,consent.marketing,lists,stage");

        Assert.Equal("email,name,company,plan,seats,company.employees,consent.marketing,lists,stage\r\nexp-1@example.com,'=cmd(),\"Ash, Ltd\",gold,7,80,false,exp-list,lead\r\n", export.Text);
        var lines = (await app.App.GetAsync("/api/leads/export?format=jsonl&segment=exp-list")).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("exp-u1", JsonDocument.Parse(Assert.Single(lines)).RootElement.GetProperty("userId").GetString());
        Assert.StartsWith("id,userId,email,name,company,stage", (await app.App.GetAsync("/api/leads/export?bom=true&stage=mql")).Text.TrimStart('\uFEFF'), StringComparison.Ordinal);
        Assert.Equal("Email,Phone\r\n", (await app.App.GetAsync("/api/segments/exp-list/audience?format=google")).Text); // nobody said yes to that
        await app.ApplyAsync(LeadEvents.Track("exp-ads", "Consent Changed", 3, "exp-u1", properties: new { advertising = true, marketing = true }));
        Assert.Equal(3, (await app.App.GetAsync("/api/segments/exp-list/audience?format=google")).Text.Split("\r\n").Length);
        await app.App.PutAsync("/api/suppressions/exp-1@example.com", """{"reason":"manual"}""");
        Assert.Equal("Email,Phone\r\n", (await app.App.GetAsync("/api/segments/exp-list/audience?format=google")).Text);
        Assert.Equal(["format"], (await app.App.GetAsync("/api/segments/exp-list/audience")).ErrorPaths);
        Assert.Equal(["format", "stage", "colour"], (await app.App.GetAsync("/api/leads/export?format=xml&stage=none&colour=red")).ErrorPaths.OrderBy(path => path == "colour"));

        // Into another person, since it says who: the address is another's.
        var id = await app.App.ImportAsync("round", export.Text.Replace("exp-1@", "exp-9@", StringComparison.Ordinal));
        await app.App.PutAsync($"/api/imports/{id}/mapping", (await app.App.GetAsync($"/api/imports/{id}")).Json.GetProperty("proposal").GetRawText());
        var done = await app.App.RunAsync(id);
        Assert.Equal(0, done.GetProperty("progress").GetProperty("refused").GetInt32());
        var other = await app.App.LeadAsync("exp-9@example.com");
        Assert.Equal(Without(lead, "email"), Without(other, "email"));
        Assert.Equal("{\"marketing\":false}", other.GetProperty("consent").GetRawText());
        Assert.Equal(["exp-list"], other.GetProperty("segments").EnumerateArray().Select(list => list.GetString()));
    }

    private static string Without(JsonElement lead, string trait) =>
        string.Join(", ", lead.GetProperty("traits").EnumerateObject().Where(member => member.Name != trait).OrderBy(member => member.Name, StringComparer.Ordinal).Select(member => $"{member.Name}: {member.Value.GetRawText()}"));

    private static int Orders(JsonElement lead) => lead.GetProperty("activity").GetProperty("Order Completed").GetProperty("count").GetInt32();

    /// <summary>Says how long it is, and breaks off before that.</summary>
    private sealed class BrokenOff(ReadOnlyMemory<byte> content) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(content);
            await stream.FlushAsync();
            throw new IOException("The connection broke off.");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = content.Length * 2;
            return true;
        }
    }
}
