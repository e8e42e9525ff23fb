using System.Text.Json;
using LeadFunctions.Tests.Crash;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Forms;

/// <summary>Worker and host are killed as soon as somebody was told that their form is stored: each is asked to confirm, once, and is one lead.</summary>
[Collection(nameof(HeavyEvents))]
public sealed class KilledConfirmationTests
{
    [Fact]
    public async Task Killed_before_the_mail_is_sent_everybody_is_asked_once()
    {
        var account = await Emulator.NewSharedAccountAsync();
        var app = await AppProcess.StartAsync(settings: AppProcess.ForKills, account: account);
        var port = app.Address.Port;
        using var client = new StubbornClient(_ => app.Address);
        try
        {
            await client.SendAsync(HttpMethod.Put, "/api/forms/killed", """
                {"name":"Killed","fields":[{"type":"email","name":"email","label":"E","required":true}],"topics":["news"],"doubleOptIn":{"from":"a@b.example"}}
                """);
            await client.SendAsync(HttpMethod.Post, "/api/forms/killed/publish");
            var shown = await client.GetAsync("/f/killed?embed=1");
            var ticket = shown.GetProperty("html").GetString()!.Split("_ticket\" value=\"")[1].Split('"')[0]; // every form has one
            foreach (var person in new[] { "ann", "bob" })
            {
                var body = JsonSerializer.Serialize(new Dictionary<string, string> { ["email"] = $"{person}@killed.example", ["_ticket"] = ticket });
                await client.SendAsync(HttpMethod.Post, "/f/killed", body);
                app.Kill();
                await app.ExitAsync();
                await app.DisposeAsync();
                app = await AppProcess.StartAsync(settings: AppProcess.ForKills, account: account, port: port);
                await client.SendAsync(HttpMethod.Post, "/f/killed", body); // as a browser does that had no answer
            }

            await app.SettleAsync(TimeSpan.FromMinutes(2));

            var mails = (await client.GetAsync("/api/outbox?limit=100")).GetProperty("items").EnumerateArray().ToList();
            Assert.Equal(["ann@killed.example", "bob@killed.example"], mails.Select(mail => mail.GetProperty("to").GetString()).Order(StringComparer.Ordinal));
            foreach (var person in new[] { "ann", "bob" })
            {
                var lead = Assert.Single((await client.GetAsync($"/api/leads?email={person}@killed.example")).GetProperty("items").EnumerateArray()).GetProperty("id").GetString();
                var timeline = (await client.GetAsync($"/api/leads/{lead}/timeline")).GetProperty("items").EnumerateArray().Select(e => e.GetProperty("name").GetString()!).ToList(); // each has one
                Assert.Single(timeline, name => name == "Form Submitted");
                Assert.DoesNotContain("Consent Changed", timeline);
            }
        }
        finally
        {
            await app.DisposeAsync();
        }
    }
}
