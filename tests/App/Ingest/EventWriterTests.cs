using System.Diagnostics.Metrics;
using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Platform.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Tests.Ingest;

public sealed class EventWriterTests
{
    private static readonly DateTimeOffset Now = Normalised.Now;

    [Fact]
    public async Task An_idle_writer_writes_at_once_and_a_busy_one_gathers_what_arrives()
    {
        var queue = new GatedQueue();
        await using var writer = await RunningWriter.StartAsync(queue.PutAsync, writers: 1);

        var first = writer.WriteAsync(Event("0"));
        await queue.Until(1);
        var others = Enumerable.Range(1, 50).Select(i => writer.WriteAsync(Event(i.ToString()))).ToList();
        Assert.False(first.IsCompleted);
        queue.Open();

        Assert.True(await first);
        Assert.All(await Task.WhenAll(others), Assert.True);
        Assert.Equal(["0"], queue.Batches[0].Events.Select(e => e.Id));
        Assert.Equal(Enumerable.Range(1, 50).Select(i => i.ToString()), queue.Batches[1].Events.Select(e => e.Id));
        Assert.Equal(2, queue.Batches.Select(b => b.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_large_request_is_split_and_answered_when_all_of_it_is_durable()
    {
        var queue = new GatedQueue();
        await using var writer = await RunningWriter.StartAsync(queue.PutAsync, writers: 1);
        var events = Enumerable.Range(0, 40).Select(i => Event($"m{i}", Noise(i, 12_000))).ToArray();

        var all = writer.WriteAsync(events);
        await queue.Until(1);
        queue.Release(1);
        await queue.Until(2);
        Assert.False(all.IsCompleted);
        queue.Open();

        Assert.True(await all);
        Assert.True(queue.Batches.Count > 5);
        Assert.All(queue.Texts, text => Assert.True(text.Length <= QueueText.Budget));
        Assert.Equal(events.Select(e => e.Id), queue.Batches.SelectMany(b => b.Events).Select(e => e.Id));
    }

    [Fact]
    public async Task Of_several_callers_in_one_round_each_is_answered_by_its_own_message()
    {
        var queue = new GatedQueue { Fails = batch => batch.Events.Any(e => e.Id == "m5") };
        await using var writer = await RunningWriter.StartAsync(queue.PutAsync, writers: 1);
        var busy = writer.WriteAsync(Event("busy"));
        await queue.Until(1);

        // Too much for one message, and taken in one round: each fits with one other at most.
        var callers = Enumerable.Range(0, 9).Select(i => writer.WriteAsync(Event($"m{i}", Noise(i, 20_000)))).ToList();
        queue.Release(1);
        await busy;
        for (var written = 2; callers.Exists(caller => !caller.IsCompleted); written++)
        {
            await queue.Until(written);
            var stored = queue.Batches.SelectMany(batch => batch.Events).Select(e => e.Id).ToHashSet();
            Assert.All(callers.Select((caller, i) => (caller, i)), c => Assert.False(c.caller.IsCompletedSuccessfully && c.caller.Result && !stored.Contains($"m{c.i}")));
            queue.Release(1);
            await Task.WhenAny(Task.WhenAll(callers), queue.Until(written + 1));
        }

        var all = queue.Batches.SelectMany(batch => batch.Events).Select(e => e.Id).ToHashSet();
        Assert.Equal(callers.Select((caller, i) => all.Contains($"m{i}")), await Task.WhenAll(callers));
        Assert.False(await callers[5]);
        Assert.Contains("m8", all);
    }

    [Fact]
    public async Task Events_that_compress_share_a_message_beyond_its_size()
    {
        var queue = new GatedQueue();
        queue.Open();
        await using var writer = await RunningWriter.StartAsync(queue.PutAsync, writers: 1);

        Assert.True(await writer.WriteAsync([.. Enumerable.Range(0, 400).Select(i => Event($"m{i}", new string('x', 400)))]));

        Assert.True(queue.Batches.Count <= 2, $"{queue.Batches.Count} messages");
        Assert.All(queue.Texts, text => Assert.True(text.Length <= QueueText.Budget));
    }

    [Fact]
    public async Task A_failed_write_fails_those_whose_events_it_carried_and_nobody_else()
    {
        var queue = new GatedQueue { Fails = batch => batch.Events.Any(e => e.Id == "bad") };
        await using var writer = await RunningWriter.StartAsync(queue.PutAsync, writers: 1);
        var first = writer.WriteAsync(Event("first"));
        await queue.Until(1);

        // The second round: one message with "a" and "bad", then the rest of the large request.
        var a = writer.WriteAsync(Event("a"));
        var large = writer.WriteAsync([Event("bad"), .. Enumerable.Range(0, 20).Select(i => Event($"m{i}", Noise(i, 12_000)))]);
        var last = writer.WriteAsync(Event("last"));
        queue.Open();

        Assert.True(await first);
        Assert.False(await a);
        Assert.False(await large);
        Assert.True(await last);
    }

    [Fact]
    public async Task Too_much_waiting_is_refused_but_a_large_request_alone_is_not()
    {
        var queue = new GatedQueue();
        await using var writer = await RunningWriter.StartAsync(queue.PutAsync, writers: 1, megabytes: 1);
        Task<bool> Large(int i) => writer.WriteAsync([.. Enumerable.Range(0, 25).Select(n => Event($"{i}-{n}", Noise(n, 30_000)))]);

        var first = Large(1);
        await queue.Until(1);
        Assert.False(await Large(2));
        queue.Open();

        Assert.True(await first);
        Assert.True(await Large(3));
    }

    [Fact]
    public async Task Stopping_writes_what_waits()
    {
        var queue = new GatedQueue();
        var writer = await RunningWriter.StartAsync(queue.PutAsync, writers: 2);
        var waiting = Enumerable.Range(0, 20).Select(i => writer.WriteAsync(Event(i.ToString()))).ToList();

        var stopping = writer.DisposeAsync();
        queue.Open();
        await stopping;

        Assert.All(await Task.WhenAll(waiting), Assert.True);
        Assert.False(await writer.WriteAsync(Event("late")));
    }

    [Fact]
    public async Task Events_from_inside_are_durable_or_an_exception()
    {
        var queue = new GatedQueue { Fails = batch => batch.Events[0].Id == "bad" };
        queue.Open();
        await using var writer = await RunningWriter.StartAsync(queue.PutAsync, writers: 1);

        await writer.Writer.EnqueueAsync([Event("good")]);
        await Assert.ThrowsAsync<EventsNotStoredException>(() => writer.Writer.EnqueueAsync([Event("bad")]));
        await writer.Writer.EnqueueAsync([]);

        Assert.Equal("good", Assert.Single(queue.Batches).Events[0].Id);
    }

    private static LeadEvent Event(string id, string text = "") => new()
    {
        Id = id,
        Type = EventType.Track,
        Name = "x",
        At = Now,
        UserId = "u",
        Properties = text.Length == 0 ? default : JsonSerializer.SerializeToElement(new { text }),
    };

    private static string Noise(int seed, int length)
    {
        var bytes = new byte[length * 3 / 4];
        new Random(seed).NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }

    /// <summary>A queue whose writes wait until the test lets them go.</summary>
    private sealed class GatedQueue
    {
        private readonly SemaphoreSlim _gate = new(0);
        private readonly SemaphoreSlim _arrived = new(0);
        private int _arrivals;

        public List<string> Texts { get; } = [];

        public IReadOnlyList<EventBatch> Batches => [.. Texts.Select(text => QueueText.Read(text, EventsJson.Default.EventBatch))];

        public Func<EventBatch, bool> Fails { get; init; } = _ => false;

        public async Task PutAsync(string text)
        {
            _arrived.Release();
            await _gate.WaitAsync();
            if (Fails(QueueText.Read(text, EventsJson.Default.EventBatch)))
            {
                throw new IOException("The queue is away.");
            }

            lock (Texts)
            {
                Texts.Add(text);
            }
        }

        public void Open() => _gate.Release(100_000);

        public void Release(int writes) => _gate.Release(writes);

        /// <summary>Returns when as many writes have begun since the start.</summary>
        public async Task Until(int writes)
        {
            for (; _arrivals < writes; _arrivals++)
            {
                Assert.True(await _arrived.WaitAsync(TimeSpan.FromSeconds(30)));
            }
        }
    }

    private sealed class RunningWriter(EventWriter writer, ServiceProvider services) : IAsyncDisposable
    {
        public EventWriter Writer => writer;

        public static async Task<RunningWriter> StartAsync(Func<string, Task> put, int writers, int megabytes = 32)
        {
            var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
            var options = Options.Create(new IngestOptions { Writers = writers, MaxWaitingMegabytes = megabytes });
            var writer = new EventWriter(put, options, new IngestMetrics(services.GetRequiredService<IMeterFactory>()), TimeProvider.System, NullLogger<EventWriter>.Instance);
            await writer.StartAsync(CancellationToken.None);
            return new RunningWriter(writer, services);
        }

        public async Task<bool> WriteAsync(params LeadEvent[] events)
        {
            var buffer = EventBuffer.Rent();
            Assert.All(events, e => Assert.True(buffer.TryAdd(e)));
            var stored = await writer.TryWriteAsync(buffer, Now);
            buffer.Return();
            return stored;
        }

        public async ValueTask DisposeAsync()
        {
            await writer.StoppedAsync(CancellationToken.None);
            await services.DisposeAsync();
        }
    }
}
