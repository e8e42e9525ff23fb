using System.Net;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Mail;
using LeadFunctions.Mail.Api;
using LeadFunctions.Mail.Outbox;
using LeadFunctions.Platform;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Tests.Mail;

/// <summary>What the outbox keeps, and what people see of it.</summary>
[Collection(nameof(OneManagedApp))]
public sealed class OutboxTests(SharedApp shared)
{
    private const string Hostile = "<html><head><title>x</title></head><body><script>alert(1)</script><a href=\"https://shop.example/?a=1&b=2\">Shop</a><a href=\"javascript:alert(1)\"><img alt=\"Logo\" src=x></a></body></html>";

    [Theory]
    [InlineData("welcome", "20260601-120000-welcome-")]
    [InlineData("../../etc/passwd", "20260601-120000-______etc_passwd-")]
    [InlineData("a/b\\c", "20260601-120000-a_b_c-")]
    [InlineData("a\0b:c|d", "20260601-120000-a_b_c_d-")]
    [InlineData("Привет 2", "20260601-120000-Привет_2-")]
    public void A_file_is_named_for_its_template(string template, string begins) => Assert.StartsWith(begins, OutboxFiles.NameOf(Message(template)), StringComparison.Ordinal);

    [Fact]
    public void Whatever_a_template_is_called_its_file_is_in_the_folder() => Prop.ForAll<NonNull<string>>(template =>
    {
        var name = OutboxFiles.NameOf(Message(template.Get + "/../" + new string('x', 200)));
        return Path.GetFullPath(Path.Combine("/outbox", name)) == "/outbox/" + name && System.Text.Encoding.UTF8.GetByteCount(name) < 250;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task A_mail_is_a_file_that_mail_programs_open_and_another_message_is_json()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            await OutboxFiles.WriteAsync(folder.FullName, Message("a") with { Html = "<p>" }, "Subject: \u00e9\r\n\r\n", CancellationToken.None);
            await OutboxFiles.WriteAsync(folder.FullName, Message("b"), null, CancellationToken.None);

            var files = folder.GetFiles().OrderBy(file => file.Name).ToList();
            Assert.Equal([".eml", ".json"], files.Select(file => file.Extension));
            Assert.Equal("Subject: \u00e9\r\n\r\n"u8.ToArray().Length - 1, files[0].Length);
            Assert.Equal("ann@example.com", JsonDocument.Parse(await File.ReadAllTextAsync(files[1].FullName)).RootElement.GetProperty("to").GetString());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_mail_is_kept_once_listed_and_shown_without_anything_that_runs()
    {
        await using var app = shared.Borrow();
        var provider = app.NewServices().GetRequiredService<IMailProvider>();
        var mail = Mails.Of("outbox/<test>/\u0142", "kept@example.com") with { Subject = "<b>Spring</b>", Html = Hostile, Text = "Hello <script>", Origin = new("lead-1", "spring", "news", "welcome", 3, "run-1", "hello") };

        Assert.Equal(("outbox", true), (provider.Name, provider.IsIdempotent));
        Assert.IsType<MailOutcome.Accepted>(await provider.SendAsync(mail, CancellationToken.None));
        Assert.IsType<MailOutcome.Accepted>(await provider.SendAsync(mail, CancellationToken.None));

        var listed = Assert.Single((await app.GetAsync("/api/outbox?template=spring")).Json.GetProperty("items").EnumerateArray());
        Assert.Equal(("kept@example.com", "welcome", 3, Hostile), (Text(listed, "to"), Text(listed, "journey"), listed.GetProperty("version").GetInt32(), Text(listed, "html")));

        var list = await app.GetAsync("/outbox?q=KEPT", key: null);
        Assert.Contains("&lt;b&gt;Spring&lt;/b&gt;", list.Text, StringComparison.Ordinal);
        var key = SendIds.Short(mail.SendId);
        Assert.Contains($"href=\"/outbox/{key}\"", list.Text, StringComparison.Ordinal);
        Assert.Contains("Nothing holds", (await app.GetAsync("/outbox?q=%3Cnobody%3E", key: null)).Text, StringComparison.Ordinal);

        var page = await app.GetAsync($"/outbox/{key}", key: null);
        Assert.DoesNotContain("<script", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("href=\"javascript", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.All(["Message-Id", "List-Unsubscribe", "<span>Logo</span>", "href=\"https://shop.example/?a=1&amp;b=2\"", "Links <span class=\"number\">2</span>"], part => Assert.Contains(part, page.Text, StringComparison.OrdinalIgnoreCase));
        Assert.StartsWith("default-src 'none'; style-src 'self'; frame-src 'self';", Policy(page), StringComparison.Ordinal);

        var frame = await app.GetAsync($"/outbox/{key}/html", key: null);
        Assert.Equal(Hostile.Replace("<head>", "<head><base target=\"_blank\">", StringComparison.Ordinal), frame.Text);
        Assert.StartsWith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';", Policy(frame), StringComparison.Ordinal);
        Assert.DoesNotContain("http", Policy(await app.GetAsync($"/outbox/{key}/html?pictures=no", key: null)).Replace("font-src data: https:", "", StringComparison.Ordinal), StringComparison.Ordinal);

        Assert.Equal(System.Text.Encoding.UTF8.GetString(Mails.Raw(mail)), (await app.GetAsync($"/outbox/{key}/mail.eml", key: null)).Text);
        Assert.Equal("text/css", (await app.GetAsync("/outbox/outbox.css", key: null)).ContentType);
        foreach (var path in new[] { "/outbox/nothing", $"/outbox/{new string('a', 22)}", $"/outbox/{key}/other", $"/outbox/{key}/html/more", "/outbox/../outbox.css/x" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync(path, key: null)).Status);
        }
    }

    [Fact]
    public async Task A_deployed_app_has_no_such_page()
    {
        await using var app = shared.Borrow();
        var deployed = new OutboxFunctions(app.NewServices().GetRequiredService<OutboxTable>(), new Deployment(IsDeployed: true));
        var context = new Microsoft.AspNetCore.Http.DefaultHttpContext();

        foreach (var path in new[] { null, "outbox.css", new string('a', 22) })
        {
            Assert.Equal(404, Assert.IsType<LeadFunctions.Platform.Http.ProblemResult>(await deployed.OpenOutbox(context.Request, path, CancellationToken.None)).Problem.Status);
        }
    }

    [Fact]
    public async Task What_was_stored_before_mail_was_is_read()
    {
        await using var app = shared.Borrow();
        const string before = """{"id":"old/1","channel":"sms","leadId":"lead-old","to":"+48123456789","subject":"","text":"Hi","journey":"j","version":2,"run":"r","step":"s","due":"2026-01-01T10:00:00+00:00","sentAt":"2026-01-01T10:00:01+00:00","template":"old-one","data":{"a":1}}""";
        var table = new Azure.Data.Tables.TableClient(app.ConnectionString, "Outbox");
        await table.AddEntityAsync(new Azure.Data.Tables.TableEntity("messages", SendIds.Short("old/1")) { ["lead"] = "lead-old", ["journey"] = "j", ["template"] = "old-one", ["json"] = before });

        var listed = Assert.Single((await app.GetAsync("/api/outbox?lead=lead-old")).Json.GetProperty("items").EnumerateArray());
        Assert.Equal(("+48123456789", "Hi", 1), (Text(listed, "to"), Text(listed, "text"), listed.GetProperty("data").GetProperty("a").GetInt32()));
        Assert.Contains("(no subject)", (await app.GetAsync($"/outbox/{SendIds.Short("old/1")}", key: null)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_of_a_row_is_what_it_was()
    {
        Assert.Equal(LeadFunctions.Journeys.Model.StableHash.Text("run/step/0"), SendIds.Short("run/step/0"));
        Assert.Equal(8, SendIds.Uuid("run/step/0").Version);
    }

    private static string Policy(Answer answer) => Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? "";

    private static OutboxMessage Message(string template) => new("run/step/0", "email", "lead", "ann@example.com", "Subject", "Text", Mails.Noon, Template: template);
}
