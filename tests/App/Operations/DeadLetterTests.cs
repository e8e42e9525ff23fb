using System.Net;
using System.Text.Json;
using Azure.Storage.Queues;
using LeadFunctions.Events;
using LeadFunctions.Events.Poison;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Tests.Operations;

public sealed class DeadLetterTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_poison_message_is_kept_whole_and_leaves_the_poison_queue()
    {
        await using var app = shared.Borrow();
        app.ExpectErrors();
        var poison = Queue(app, Queues.LeadEffects + "-poison");
        var text = "not a message: żółw " + new string('x', 20_000); // The emulator garbles what is not ASCII where it reads a request in pieces.

        await poison.SendMessageAsync(text);

        var listed = await Eventually.ThatAsync(() => app.GetAsync("/api/dead-letters"), a => Of(Queues.LeadEffects, a).Any());
        var item = Assert.Single(Of(Queues.LeadEffects, listed));
        Assert.Equal(("message", Queues.LeadEffects, text.Length), (item.GetProperty("kind").GetString(), item.GetProperty("queue").GetString(), item.GetProperty("size").GetInt32()));
        Assert.DoesNotContain("not a message", listed.Text, StringComparison.Ordinal);
        var whole = await app.GetAsync($"/api/dead-letters/{item.GetProperty("id").GetString()}");
        Assert.Equal(text, whole.Json.GetProperty("message").GetString());
        Assert.False(whole.Json.TryGetProperty("content", out _));
        await Eventually.ThatAsync(async () => (await poison.GetPropertiesAsync()).Value.ApproximateMessagesCount, count => count == 0);
    }

    [Fact]
    public async Task A_replay_puts_the_message_back_once()
    {
        await using var app = shared.Borrow();
        app.ExpectErrors();
        await Queue(app, "elsewhere").CreateIfNotExistsAsync();
        await Letters(app).AddMessageAsync("elsewhere", "{\"a\":1}", "m1", At, 5, "It failed.", None);
        var id = Assert.Single(Of("elsewhere", await app.GetAsync("/api/dead-letters"))).GetProperty("id").GetString();
        Assert.Equal(1, (await app.GetAsync($"/api/dead-letters/{id}")).Json.GetProperty("content").GetProperty("a").GetInt32());

        var first = await app.PostAsync($"/api/dead-letters/{id}/replay");
        var second = await app.PostAsync($"/api/dead-letters/{id}/replay");

        Assert.Equal(HttpStatusCode.OK, first.Status);
        Assert.NotEqual(default, first.Json.GetProperty("replayedAt").GetDateTimeOffset());
        Assert.Equal(first.Json.GetProperty("replayedAt").GetDateTimeOffset(), second.Json.GetProperty("replayedAt").GetDateTimeOffset());
        var messages = (await Queue(app, "elsewhere").ReceiveMessagesAsync(maxMessages: 32)).Value;
        Assert.Equal("{\"a\":1}", Assert.Single(messages).MessageText);
    }

    [Fact]
    public async Task An_event_that_cannot_be_applied_is_kept_once_and_replayed_as_a_batch_of_its_own()
    {
        await using var app = shared.Borrow();
        app.ExpectErrors();
        var lost = new LeadEvent { Id = "e1", Type = EventType.Track, Name = "Ordered", At = At, UserId = "u1" };

        await Letters(app).AddEventAsync(lost, At, "No such thing.", None);
        await Letters(app).AddEventAsync(lost, At, "No such thing.", None);

        var item = Assert.Single(Of(Queues.LeadEvents, await app.GetAsync("/api/dead-letters")));
        Assert.Equal("event", item.GetProperty("kind").GetString());
        Assert.Equal("No such thing.", item.GetProperty("reason").GetString());
        var id = item.GetProperty("id").GetString()!;
        Assert.Equal("e1", (await app.GetAsync($"/api/dead-letters/{id}")).Json.GetProperty("content").GetProperty("id").GetString());
        var batch = QueueText.Read(DeadLetters.Batch(id, JsonSerializer.Serialize(lost, EventsJson.Default.LeadEvent), At), EventsJson.Default.EventBatch);
        Assert.Equal(lost.Id, Assert.Single(batch.Events).Id);
        Assert.Contains(id, batch.Id, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_newest_come_first_page_by_page()
    {
        await using var app = shared.Borrow();
        app.ExpectErrors();
        for (var i = 0; i < 5; i++)
        {
            await Letters(app).AddMessageAsync("paged", $"{i}", $"m{i}", At.AddMinutes(i), 5, $"{i}", None);
        }

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await app.GetAsync("/api/dead-letters?limit=2" + (cursor is null ? "" : $"&cursor={cursor}"));
            seen.AddRange(Of("paged", page).Select(i => i.GetProperty("reason").GetString()!));
            cursor = page.Json.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Equal(["4", "3", "2", "1", "0"], seen);
    }

    [Fact]
    public async Task A_deleted_letter_is_gone_and_what_was_never_there_is_not_found()
    {
        await using var app = shared.Borrow();
        app.ExpectErrors();
        await Letters(app).AddMessageAsync("deleted", "x", "deleted-1", At, 5, "It failed.", None);
        var id = Assert.Single(Of("deleted", await app.GetAsync("/api/dead-letters"))).GetProperty("id").GetString();

        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync($"/api/dead-letters/{id}")).Status);

        Assert.Equal(HttpStatusCode.NotFound, (await app.DeleteAsync($"/api/dead-letters/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync($"/api/dead-letters/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.PostAsync($"/api/dead-letters/{id}/replay")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/api/dead-letters/%27%20or%201")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.GetAsync("/api/dead-letters?cursor=zzz")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.GetAsync("/api/dead-letters?limit=0")).Status);
    }

    /// <summary>Each test has a queue of its own.</summary>
    private static IEnumerable<JsonElement> Of(string queue, Answer listed) => listed.Json.GetProperty("items").EnumerateArray().Where(item => item.GetProperty("queue").GetString() == queue);

    private static DeadLetters Letters(TestApp app) => app.NewServices().GetRequiredService<DeadLetters>();

    private static QueueClient Queue(TestApp app, string name) => app.NewServices().GetRequiredService<StorageClients>().Queue(name);
}
