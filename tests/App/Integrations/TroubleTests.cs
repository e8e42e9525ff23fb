using System.Net;
using System.Text.Json;

namespace LeadFunctions.Tests.Integrations;

/// <summary>Receivers that fail, die, redirect, are gone, or say yes too late.</summary>
[Collection(nameof(OneWebhookApp))]
public sealed class TroubleTests(SharedWebhookApp shared)
{
    private static readonly string[] Stages = ["mql", "sal", "sql", "customer"];

    [Fact]
    public async Task While_the_first_event_of_a_lead_fails_the_next_wait_in_order_and_others_go_on()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = shared.Borrow();
        await app.HookAsync("order", receiver, new[] { "StageChanged" });
        var (ann, bob) = (await app.LeadAsync("order-ann"), await app.LeadAsync("order-bob"));
        var tries = 0;
        receiver.Answer = async (received, context) =>
        {
            if (received.Lead != ann || ++tries > 3)
            {
                return 200;
            }

            if (tries == 2)
            {
                context.Abort(); // without a word: once the status is out, it may be read before the connection's end is
                await Task.Yield();
            }

            return tries == 1 ? 503 : 302;
        };
        foreach (var stage in Stages)
        {
            await app.StageAsync(ann, stage);
            await app.SettleAsync();
        }

        await app.StageAsync(bob, "mql");
        await app.SettleAsync();
        Assert.Equal([(ann, 1L), (bob, 1L)], receiver.All.Select(one => (one.Lead, one.Number)));

        await app.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal([1L, 1, 1, 1, 2, 3, 4], receiver.All.Where(one => one.Lead == ann).Select(one => one.Number));
        Assert.Equal(Stages, receiver.Taken.Where(one => one.Lead == ann).DistinctBy(one => one.Id).Select(one => one.Data.GetProperty("to").GetString()));
        Assert.Single(receiver.All.Where(one => one.Lead == ann && one.Number == 1).Select(one => one.Id).Distinct());
        var first = (await app.DeliveriesAsync("order")).Single(delivery => delivery.GetProperty("leadId").GetString() == ann && delivery.GetProperty("event").GetProperty("sequence").GetString() == "0000000001");
        Assert.Equal("delivered", first.GetProperty("status").GetString());
        Assert.Equal([503, null, 302, 200], first.GetProperty("attempts").EnumerateArray().Select(attempt => attempt.TryGetProperty("status", out var status) ? status.GetInt32() : (int?)null));
        await app.DeleteAsync("/api/webhooks/order");
    }

    [Fact]
    public async Task Who_says_yes_after_fifteen_seconds_is_asked_again_under_the_same_id()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = shared.Borrow();
        await app.HookAsync("slow", receiver, new[] { "StageChanged" });
        var lead = await app.LeadAsync("slow-ann");
        var isFirst = true;
        receiver.Answer = async (_, context) =>
        {
            if (isFirst)
            {
                isFirst = false;
                await Task.Delay(TimeSpan.FromSeconds(17), TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return 200;
        };
        await app.StageAsync(lead, "mql");
        await app.SettleAsync(TimeSpan.FromSeconds(40));
        await app.AdvanceAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(2, receiver.All.Count);
        Assert.Single(receiver.All.Select(one => one.Id).Distinct());
        var delivery = Assert.Single(await app.DeliveriesAsync("slow"));
        Assert.Contains("15 s", delivery.GetProperty("attempts")[0].GetProperty("error").GetString(), StringComparison.Ordinal);
        await app.DeleteAsync("/api/webhooks/slow");
    }

    [Fact]
    public async Task After_three_days_an_event_has_failed_the_target_was_spared_and_a_replay_brings_it_all()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = shared.Borrow();
        await app.HookAsync("down", receiver, new[] { "StageChanged" });
        receiver.Answer = (_, _) => Task.FromResult(500);
        var leads = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            leads.Add(await app.LeadAsync($"down-{i}"));
        }

        var from = (await app.GetAsync("/api/clock")).Json.GetProperty("now").GetDateTimeOffset();
        foreach (var (i, lead) in leads.Index())
        {
            await app.StageAsync(lead, "mql");
            await (i < 5 ? app.SettleAsync() : Task.CompletedTask); // what is under way at once is not spared
        }

        await app.SettleAsync();
        var shown = (await app.GetAsync("/api/webhooks/down")).Json;
        Assert.Equal(("failing", 5), (shown.GetProperty("state").GetString(), shown.GetProperty("failures").GetInt32()));
        Assert.Equal(5, receiver.All.Count); // the sixth waits to see

        await app.AdvanceAsync(TimeSpan.FromDays(1));
        await app.StageAsync(leads[0], "sal");
        await app.AdvanceAsync(TimeSpan.FromDays(2.1));

        Assert.InRange(receiver.All.Count, 70, 150); // once an hour, whoever waits
        var failed = await app.DeliveriesAsync("down", "?status=failed");
        Assert.Equal(leads.Order(), failed.Select(delivery => delivery.GetProperty("leadId").GetString()).Order());
        Assert.Equal("sal", Assert.Single(await app.DeliveriesAsync("down", "?status=pending")).GetProperty("event").GetProperty("data").GetProperty("to").GetString());

        receiver.Answer = (_, _) => Task.FromResult(200);
        await app.AdvanceAsync(TimeSpan.FromHours(7));
        Assert.Equal("active", (await app.GetAsync("/api/webhooks/down")).Json.GetProperty("state").GetString());
        Assert.Equal(["sal"], receiver.Taken.Select(one => one.Data.GetProperty("to").GetString()));

        var replay = await app.PostAsync("/api/webhooks/down/replay", JsonSerializer.Serialize(new { from, to = from.AddMinutes(1) }));
        Assert.Equal(HttpStatusCode.Accepted, replay.Status);
        await app.SettleAsync();

        Assert.Equal(leads.Order(), receiver.Taken.Skip(1).Select(one => one.Lead).Order());
        Assert.Subset(failed.Select(delivery => delivery.GetProperty("id").GetString()).ToHashSet(), receiver.Taken.Skip(1).Select(one => (string?)one.Id).ToHashSet());
        var done = (await app.GetAsync("/api/webhooks/down")).Json.GetProperty("replay");
        Assert.Equal((6, true), (done.GetProperty("found").GetInt32(), done.TryGetProperty("finishedAt", out _)));
        Assert.Equal(7, (await app.DeliveriesAsync("down", "?status=delivered")).Count);
        await app.DeleteAsync("/api/webhooks/down");
    }

    [Fact]
    public async Task Who_answers_410_is_left_alone_until_the_webhook_is_saved_again_and_can_have_what_it_missed()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = shared.Borrow();
        await app.HookAsync("gone", receiver, new[] { "StageChanged" });
        receiver.Answer = (_, _) => Task.FromResult(410);
        var lead = await app.LeadAsync("gone-ann");
        var from = (await app.GetAsync("/api/clock")).Json.GetProperty("now").GetDateTimeOffset();
        await app.StageAsync(lead, "mql");
        await app.SettleAsync();
        await app.StageAsync(lead, "sal");
        await app.SettleAsync();

        Assert.Single(receiver.All);
        var shown = (await app.GetAsync("/api/webhooks/gone")).Json;
        Assert.Equal("disabled", shown.GetProperty("state").GetString());
        Assert.Contains("410", shown.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, (await app.DeliveriesAsync("gone", "?status=disabled")).Count);
        var range = JsonSerializer.Serialize(new { from, to = from.AddMinutes(5) });
        Assert.Equal(HttpStatusCode.Conflict, (await app.PostAsync("/api/webhooks/gone/replay", range)).Status);

        receiver.Answer = (_, _) => Task.FromResult(200);
        var put = await app.PutAsync("/api/webhooks/gone", JsonSerializer.Serialize(new { name = "back", url = receiver.Url, types = new[] { "StageChanged" } }));
        Assert.Equal((HttpStatusCode.OK, "active", false), (put.Status, put.Json.GetProperty("state").GetString(), put.Json.TryGetProperty("secret", out _)));
        await app.PostAsync("/api/webhooks/gone/replay", range);
        await app.SettleAsync();

        Assert.Equal(["mql", "sal"], receiver.Taken.Select(one => one.Data.GetProperty("to").GetString()));
        Assert.Equal(receiver.All.First().Id, receiver.Taken.First().Id);
        await app.DeleteAsync("/api/webhooks/gone");
    }
}
