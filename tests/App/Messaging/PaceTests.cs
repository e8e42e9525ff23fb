using Azure.Data.Tables;
using LeadFunctions.Messaging;
using LeadFunctions.Messaging.Sending;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LeadFunctions.Tests.Messaging;

/// <summary>How fast each provider is given messages, on clocks that are moved; what instances share lies in a real table.</summary>
public sealed class PaceTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset Monday = new(2026, 6, 1, 10, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Monday), _machine = new(Monday);
    private TableClient _table = null!; // set before every test

    public async Task InitializeAsync()
    {
        _table = new TableClient(await Emulator.NewSharedAccountAsync(), Pace.Name);
        await _table.CreateAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Each_provider_is_given_as_many_a_second_as_its_own_rate_says_and_none_waits_for_another()
    {
        var pace = PaceBy("""{"rate":4,"providers":{"sms":{"rate":1},"webpush":{"rate":10}}}""");

        Assert.Equal((4, 1, 10, 4), (TakenNow(pace, "email"), TakenNow(pace, "sms"), TakenNow(pace, "webpush"), TakenNow(pace, "chat"))); // which says nothing of its own
        Assert.Equal(0, TakenNow(pace, "email"));
        _machine.Advance(TimeSpan.FromMilliseconds(510)); // its stamps are rounded
        Assert.Equal((2, 0, 5), (TakenNow(pace, "email"), TakenNow(pace, "sms"), TakenNow(pace, "webpush")));

        var waits = pace.WaitAsync("sms", isUrgent: false, None);
        Assert.False(waits.IsCompleted);
        _machine.Advance(TimeSpan.FromMilliseconds(600));
        await waits.WaitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>Thousands of texts at one a second would keep every worker waiting, and mail with them.</summary>
    [Fact]
    public async Task Of_very_many_at_once_some_wait_and_the_others_come_back_one_after_another()
    {
        var pace = PaceBy("""{"providers":{"sms":{"rate":2}}}""");
        using var over = new CancellationTokenSource();
        Assert.Equal(2, TakenNow(pace, "sms"));
        var waiting = Enumerable.Range(0, Pace.MostWaiting).Select(_ => pace.WaitAsync("sms", isUrgent: false, over.Token)).ToList();

        Assert.DoesNotContain(waiting, one => one.IsCompleted);
        TimeSpan?[] away = [await pace.WaitAsync("sms", isUrgent: false, None), await pace.WaitAsync("sms", isUrgent: false, None), await pace.WaitAsync("sms", isUrgent: false, None)];
        Assert.Equal([25.5, 26, 26.5], away.Select(one => one?.TotalSeconds ?? 0));
        var urgent = pace.WaitAsync("sms", isUrgent: true, over.Token);
        Assert.False(urgent.IsCompleted); // it waits with the others
        Assert.Equal(1_000, TakenNow(pace, "email"));
        await over.CancelAsync();
    }

    /// <summary>What was promised while texts were slow is nothing to those that come when they are quick.</summary>
    [Fact]
    public async Task Of_a_slow_channel_few_wait_and_a_rate_that_is_raised_holds_from_then_on()
    {
        var rules = """{"providers":{"sms":{"rate":0.05}}}""";
        var pace = PaceBy(() => rules);
        using var over = new CancellationTokenSource();
        Assert.Equal(1, TakenNow(pace, "sms"));
        _ = Enumerable.Range(0, 3).Select(_ => pace.WaitAsync("sms", isUrgent: false, over.Token)).ToList();
        TimeSpan?[] away = [await pace.WaitAsync("sms", isUrgent: false, None), await pace.WaitAsync("sms", isUrgent: false, None)];
        Assert.Equal([80, 100], away.Select(one => one?.TotalSeconds ?? 0));

        rules = """{"providers":{"sms":{"rate":0.5}}}""";
        _ = Enumerable.Range(0, 27).Select(_ => pace.WaitAsync("sms", isUrgent: false, over.Token)).ToList();
        Assert.Equal(62, (await pace.WaitAsync("sms", isUrgent: false, None))?.TotalSeconds);
        await over.CancelAsync();
    }

    [Fact]
    public void Without_a_rate_nobody_waits() => Assert.Equal(1_000, TakenNow(PaceBy("""{"providers":{"sms":{"rate":1}}}"""), "email"));

    [Fact]
    public async Task Each_provider_has_a_ceiling_of_its_own_that_grows_by_day_and_holds_for_all_instances_together()
    {
        const string rules = """{"warmUp":{"from":"2026-06-01","start":30,"growth":2,"max":100},"providers":{"sms":{"warmUp":{"from":"2026-06-01","start":5,"growth":1,"max":9}}}}""";
        Pace first = PaceBy(rules), second = PaceBy(rules);

        var mails = await TakenTodayAsync(first, "email", 20) + await TakenTodayAsync(second, "email", 25);
        Assert.Equal((30, 5, 40), (mails, await TakenTodayAsync(first, "sms", 40), await TakenTodayAsync(first, "webpush", 40))); // which nobody has to get to know
        Assert.Equal(new DateTimeOffset(2026, 6, 2, 0, 0, 0, TimeSpan.Zero), await second.FindRoomAsync("email", None));
        Assert.Null(await first.FindRoomAsync("webpush", None));

        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal((60, 5), (await TakenTodayAsync(second, "email", 90), await TakenTodayAsync(second, "sms", 90)));
        _time.Advance(TimeSpan.FromDays(1)); // 120 would be more than the most: there is no ceiling any more
        Assert.Equal(200, await TakenTodayAsync(first, "email", 200));
    }

    private Pace PaceBy(string document) => PaceBy(() => document);

    private Pace PaceBy(Func<string> document) => new(_table, () => RulesOf(document()), _time, _machine);

    private static MessagingRules RulesOf(string document)
    {
        var (rules, errors) = MessagingDocument.Parse(System.Text.Encoding.UTF8.GetBytes(document));
        Assert.Empty(errors);
        return rules!; // there is no error
    }

    /// <summary>How many go out without waiting.</summary>
    private static int TakenNow(Pace pace, string channel)
    {
        using var over = new CancellationTokenSource();
        var taken = Enumerable.Range(0, 1_000).TakeWhile(_ => pace.WaitAsync(channel, isUrgent: false, over.Token) is { IsCompletedSuccessfully: true, Result: null }).Count();
        over.Cancel(); // the last one waits no longer
        return taken;
    }

    private static async Task<int> TakenTodayAsync(Pace pace, string channel, int asked)
    {
        var taken = 0;
        for (var i = 0; i < asked && await pace.FindRoomAsync(channel, None) is null; i++)
        {
            taken++;
        }

        return taken;
    }
}
