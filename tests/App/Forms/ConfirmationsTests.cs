using System.Text.Json;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using LeadFunctions.Events;
using LeadFunctions.Forms;
using LeadFunctions.Forms.Confirming;
using LeadFunctions.Forms.Stored;
using LeadFunctions.Mail;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace LeadFunctions.Tests.Forms;

/// <summary>Mails that ask to confirm, on a real emulator, without an app: which message sends which mail.</summary>
public sealed class ConfirmationsTests : IAsyncLifetime, IConfirmMails
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Pending Ann = new(
        "20260615", "s1", "f", 3, "pl", FormSamples.Monday.AddDays(7), new("f", 3, FormSamples.Sending("browser"), "ann@example.com", ["news"], new Dictionary<string, string> { ["ok"] = "h" }),
        new("ann@example.com", "A form", "https://a.example/f/confirm/x", null, "b@c.example"));

    private readonly List<FormConfirmation> _sent = [];
    private Func<MailOutcome> _answer = () => new MailOutcome.Accepted();
    private FormsTable _table = null!; // set before every test
    private QueueClient _queue = null!; // likewise
    private Confirmations _confirmations = null!; // likewise

    public async Task InitializeAsync()
    {
        var account = await Emulator.NewSharedAccountAsync();
        var storage = new StorageClients(new TableServiceClient(account), new QueueServiceClient(account), new Azure.Storage.Blobs.BlobServiceClient(account));
        await storage.Table(FormsTable.Name).CreateAsync();
        _queue = storage.Queue(Queues.FormConfirmations);
        await _queue.CreateAsync();
        _table = new(storage);
        _confirmations = new(_table, this, storage, NullLogger<Confirmations>.Instance);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public Task<MailOutcome> SendAsync(FormConfirmation confirmation, CancellationToken cancellationToken)
    {
        var outcome = _answer();
        _sent.Add(confirmation);
        return Task.FromResult(outcome);
    }

    [Fact]
    public async Task A_form_that_is_sent_twice_asks_once()
    {
        await _confirmations.AskAsync(Ann, None);
        await _confirmations.AskAsync(Ann with { Locale = "de" }, None);

        foreach (var (order, message) in await OrdersAsync(2))
        {
            await _confirmations.SendAsync(order, message, FormSamples.Monday, None);
        }

        Assert.Equal(("form/s1", "ann@example.com", "pl", "b@c.example"), (Assert.Single(_sent).SendId, _sent[0].To, _sent[0].Locale, _sent[0].From));
        Assert.Equal(FormSamples.Monday, (await _table.FindPendingAsync(Ann.Day, Ann.Id, None))!.Mail!.SentAt); // it waits
    }

    [Fact]
    public async Task What_a_killed_instance_had_claimed_is_sent_by_the_same_message_and_by_no_other()
    {
        await _confirmations.AskAsync(Ann, None);
        var (order, message) = Assert.Single(await OrdersAsync(1));
        _answer = () => throw new TimeoutException("killed");
        await Assert.ThrowsAsync<TimeoutException>(() => _confirmations.SendAsync(order, message, FormSamples.Monday, None));
        _answer = () => new MailOutcome.Accepted();

        await _confirmations.SendAsync(order, "another", FormSamples.Monday.AddMinutes(1), None);
        Assert.Empty(_sent);
        await _confirmations.SendAsync(order, message, FormSamples.Monday.AddMinutes(2), None);
        Assert.Single(_sent);
        await _confirmations.SendAsync(order, message, FormSamples.Monday.AddMinutes(3), None);
        await _confirmations.SendAsync(order, "another", FormSamples.Monday.AddHours(1), None);
        Assert.Single(_sent);
    }

    [Fact]
    public async Task A_message_that_does_not_come_back_leaves_its_work_to_another()
    {
        await _confirmations.AskAsync(Ann, None);
        var (order, message) = Assert.Single(await OrdersAsync(1));
        _answer = () => throw new TimeoutException("killed");
        await Assert.ThrowsAsync<TimeoutException>(() => _confirmations.SendAsync(order, message, FormSamples.Monday, None));
        _answer = () => new MailOutcome.Accepted();

        await _confirmations.SendAsync(order, "replayed", FormSamples.Monday.AddMinutes(15), None);

        Assert.Single(_sent);
    }

    public static TheoryData<MailOutcome, bool> Outcomes => new()
    {
        { new MailOutcome.Deferred("busy"), true },
        { new MailOutcome.Unknown("lost"), true },
        { new MailOutcome.Rejected("no such user", "550", IsAddress: true), false },
    };

    [Theory, MemberData(nameof(Outcomes))]
    public async Task What_a_carrier_does_not_take_is_tried_again_unless_it_never_will(MailOutcome outcome, bool isTriedAgain)
    {
        await _confirmations.AskAsync(Ann, None);
        var (order, message) = Assert.Single(await OrdersAsync(1));
        _answer = () => outcome;

        await _confirmations.SendAsync(order, message, FormSamples.Monday, None);

        Assert.Equal(isTriedAgain ? 1 : 0, (await _queue.GetPropertiesAsync()).Value.ApproximateMessagesCount - 1); // the first is still in hand
        _answer = () => new MailOutcome.Accepted();
        await _confirmations.SendAsync(order, "again", FormSamples.Monday.AddSeconds(10), None);
        Assert.Equal(isTriedAgain ? 2 : 1, _sent.Count);
    }

    [Fact]
    public async Task What_can_no_longer_be_confirmed_is_not_asked_for_and_forgotten()
    {
        await _confirmations.AskAsync(Ann, None);
        var (order, message) = Assert.Single(await OrdersAsync(1));

        await _confirmations.SendAsync(order, message, Ann.Until.AddSeconds(1), None);
        Assert.Empty(_sent);
        Assert.NotNull(await _table.FindPendingAsync(Ann.Day, Ann.Id, None));

        await _confirmations.SendAsync(order, message, new DateTimeOffset(2026, 6, 16, 0, 0, 1, TimeSpan.Zero), None);
        Assert.Null(await _table.FindPendingAsync(Ann.Day, Ann.Id, None));
    }

    [Fact]
    public async Task Counters_of_several_instances_add_up()
    {
        var counters = Enumerable.Range(0, 4).Select(_ => new FormCounts(_table, NullLogger<FormCounts>.Instance)).ToList();
        counters.ForEach(counts => Enumerable.Range(0, 5).ToList().ForEach(_ => counts.Add("f", FormCounts.Shown)));
        counters[0].Add("f", SpamReason.Links);

        await Task.WhenAll(counters.Select(counts => counts.FlushAsync(None)));
        await counters[1].FlushAsync(None);

        Assert.Equal("""{"shown":20,"spam_links":1}""", JsonSerializer.Serialize((await _table.CountsAsync("f", None)).OrderBy(count => count.Key).ToDictionary()));
    }

    private async Task<IReadOnlyList<(ConfirmationOrder Order, string Message)>> OrdersAsync(int count)
    {
        var messages = (await _queue.ReceiveMessagesAsync(32, TimeSpan.FromMinutes(10))).Value;
        Assert.Equal(count, messages.Length);
        return [.. messages.Select(message => (QueueText.Read(message.MessageText, ConfirmingJson.Default.ConfirmationOrder), message.MessageId))];
    }
}
