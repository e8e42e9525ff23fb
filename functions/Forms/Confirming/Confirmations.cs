using System.Text.Json.Serialization;
using Azure.Storage.Queues;
using LeadFunctions.Events;
using LeadFunctions.Forms.Stored;
using LeadFunctions.Mail;
using LeadFunctions.Platform.Storage;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Forms.Confirming;

/// <summary>The message of the queue <see cref="Queues.FormConfirmations"/>: somebody is to be asked.</summary>
/// <param name="Day">Where it waits: see <see cref="Pending.Day"/>.</param>
internal sealed record ConfirmationOrder(string Day, string Id, string? TraceParent = null);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ConfirmationOrder))]
internal sealed partial class ConfirmingJson : JsonSerializerContext;

/// <summary>Has what waits asked for, once: by whichever message claims it. Where the carrier did not say what became of a mail, it is sent again: one that comes twice is better than one that never does.</summary>
public sealed class Confirmations
{
    /// <summary>After that a message that has not come back will not: its work is somebody else's.</summary>
    private static readonly TimeSpan ClaimHolds = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan ForEver = TimeSpan.FromSeconds(-1);

    private readonly FormsTable _table;
    private readonly IConfirmMails _mails;
    private readonly QueueClient _queue;
    private readonly ILogger<Confirmations> _logger;
    private string _forgotten = "";

    public Confirmations(FormsTable table, IConfirmMails mails, StorageClients storage, ILogger<Confirmations> logger) =>
        (_table, _mails, _queue, _logger) = (table, mails, storage.Queue(Queues.FormConfirmations), logger);

    /// <summary>Stored, and on its way, when this returns. The same again changes nothing.</summary>
    internal async Task AskAsync(Pending pending, CancellationToken cancellationToken)
    {
        await _table.TryAddAsync(pending, cancellationToken);
        await _queue.PutAsync(Order(pending), cancellationToken);
    }

    /// <param name="message">The id of the queue message that says so.</param>
    internal async Task SendAsync(ConfirmationOrder order, string message, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await ForgetAsync(now, cancellationToken);
        if (await _table.FindPendingAsync(order.Day, order.Id, cancellationToken) is not { Mail: { SentAt: null, Refused: null } mail } pending || pending.Until < now
            || (mail.Claim is { } claim && claim != message && now - mail.ClaimedAt < ClaimHolds))
        {
            return;
        }

        var claimed = pending with { Mail = mail with { Claim = message, ClaimedAt = now } };
        if (!await _table.TrySaveAsync(pending, claimed, cancellationToken))
        {
            return; // another message has it now
        }

        var outcome = await _mails.SendAsync(
            new(pending.Id, pending.Form, pending.Version, pending.Locale, mail.Title, mail.To, mail.Url, mail.Template, mail.From, now), cancellationToken);
        await SettleAsync(order, outcome, now, cancellationToken);
    }

    private async Task SettleAsync(ConfirmationOrder order, MailOutcome outcome, DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (await _table.FindPendingAsync(order.Day, order.Id, cancellationToken) is { Mail: { } mail } pending)
        {
            var settled = outcome switch
            {
                MailOutcome.Accepted => mail with { SentAt = now },
                MailOutcome.Rejected rejected => mail with { Refused = rejected.Reason },
                _ => mail with { Claim = null, ClaimedAt = null, Tries = mail.Tries + 1 },
            };
            if (settled.Claim is null)
            {
                // Before it is let go: a crash in between leaves two messages, of which one claims it.
                var pause = FirstPause * Math.Pow(2, Math.Min(mail.Tries, 10));
                await _queue.SendMessageAsync(Order(pending), pause < LongestPause ? pause : LongestPause, ForEver, cancellationToken);
            }

            if (await _table.TrySaveAsync(pending, pending with { Mail = settled }, cancellationToken))
            {
                Tell(pending, outcome);
                return;
            }
        }
    }

    private void Tell(Pending pending, MailOutcome outcome)
    {
        switch (outcome)
        {
            case MailOutcome.Rejected rejected:
                _logger.MailRefused(pending.Form, pending.Id, rejected.Code ?? "");
                break;
            case MailOutcome.Deferred:
                _logger.MailDeferred(pending.Form, pending.Id);
                break;
            case MailOutcome.Unknown:
                _logger.MailUnknown(pending.Form, pending.Id);
                break;
        }
    }

    /// <summary>Once a day: they hold addresses.</summary>
    private async Task ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = Pending.DayOf(now);
        if (_forgotten != today)
        {
            await _table.ForgetPendingAsync(today, cancellationToken);
            _forgotten = today;
        }
    }

    private static string Order(Pending pending) => QueueText.Write(new ConfirmationOrder(pending.Day, pending.Id, System.Diagnostics.Activity.Current?.Id), ConfirmingJson.Default.ConfirmationOrder);
}
