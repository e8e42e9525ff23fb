using System.Globalization;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Mail;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Reports.Kept;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using NodaTime;
using NodaTime.Text;

namespace LeadFunctions.Reports.Api;

/// <summary>Mails of a saved report that are due.</summary>
/// <param name="Version">The report as it was saved last before.</param>
/// <param name="At">When they were due.</param>
/// <param name="Readers">How many.</param>
public sealed record ReportOrder(string Id, int Version, DateTimeOffset At, int Readers);

/// <param name="Reader">Which of them.</param>
public sealed record ReportForOne(ReportOrder Order, int Reader);

/// <summary>The mails of saved reports. They go to colleagues, by the carrier alone: no consent, cap or quiet hour is about them, and nothing in them is counted.</summary>
public sealed class ReportMails(DefinitionsTable table, DueMinutes minutes, ReportCounter counter, TimeProvider time) : IDueOthers
{
    private const string Row = "report|";

    /// <summary>A mail that is later than that is not sent: the next one says more.</summary>
    private static readonly TimeSpan Latest = TimeSpan.FromDays(1);

    public string Prefix => Row;

    public bool BeginWalks => true;

    public async Task TickAsync(IReadOnlyList<string> rows, DateTimeOffset begins, DurableTaskClient client, CancellationToken cancellationToken)
    {
        foreach (var id in rows.Select(row => row[Row.Length..]))
        {
            if (await table.FindAsync(SavedReports.Kind, id, cancellationToken) is not { Live: { } version } pointer || await table.FindVersionAsync(SavedReports.Kind, id, version, cancellationToken) is not { } live
                || SavedReports.Read(id, live.Json) is not { Mail: { } mail } report)
            {
                continue; // nobody wants it any more: nothing is noted, and that was the last time
            }

            // A minute that was noted before it was saved anew may come as well: only times of the report as it stands count, and each once. A week has an hour more or less when clocks change.
            if (DueBy(mail, begins, counter.Zone)?.ToDateTimeOffset() is { } due && due >= pointer.UpdatedAt)
            {
                await DueMinutes.StartOnceAsync(
                    client, nameof(ReportMailFunctions.MailReport), new ReportOrder(id, version, due, mail.To.Count),
                    new StartOrchestrationOptions($"{ChoreOrchestrations.Chore}report.{id}.{due.ToUnixTimeSeconds()}"), mayExist: true, cancellationToken);
            }

            await NoteNextAsync(client, id, report, begins, cancellationToken); // by an instance whose clock is a moment behind it would be this one again
        }
    }

    /// <summary>The last time that it was due, if that was so lately that it is sent.</summary>
    internal static Instant? DueBy(ReportMailing mail, DateTimeOffset now, DateTimeZone zone) => mail.Next(Instant.FromDateTimeOffset(now - Latest), zone) is var due && due <= Instant.FromDateTimeOffset(now) ? due : null;

    /// <summary>Repeatable.</summary>
    /// <param name="after">Or now, if that is later.</param>
    internal async Task NoteNextAsync(DurableTaskClient client, string id, SavedReport report, DateTimeOffset after, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (report.Mail?.Next(Instant.FromDateTimeOffset(after > now ? after : now), counter.Zone).ToDateTimeOffset() is { } next)
        {
            await minutes.NoteAsync(client, Row + id, next, $"report.{id}.{next.ToUnixTimeSeconds()}", cancellationToken);
        }
    }
}

/// <summary>Sends them, each by itself: what one reader's server says is nothing to the others.</summary>
public sealed class ReportMailFunctions(DefinitionsTable table, ReportCounter counter, IMailProvider provider, TimeProvider time, ILogger<ReportMailFunctions> logger)
{
    [Function(nameof(MailReport))]
    public static async Task MailReport([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var order = context.GetInput<ReportOrder>() ?? throw new InvalidOperationException("It needs to know its report.");
        for (var reader = 0; reader < order.Readers; reader++)
        {
            try
            {
                await context.CallActivityAsync(nameof(MailReportToOne), new ReportForOne(order, reader), ChoreOrchestrations.Patient);
            }
            catch (TaskFailedException)
            {
                // Tried for over an hour: it is in the log, and next week comes another.
            }
        }
    }

    [Function(nameof(MailReportToOne))]
    public async Task MailReportToOne([ActivityTrigger] ReportForOne mail, CancellationToken cancellationToken)
    {
        var order = mail.Order;
        if (await table.FindVersionAsync(SavedReports.Kind, order.Id, order.Version, cancellationToken) is not { } saved || SavedReports.Read(order.Id, saved.Json) is not { Mail: { } mailing } report)
        {
            return; // it was deleted meanwhile
        }

        var outcome = await provider.SendAsync(await WriteAsync(report, mailing, mail, cancellationToken), cancellationToken);
        switch (outcome)
        {
            case MailOutcome.Rejected rejected:
                logger.ReportRefused(order.Id, mail.Reader, rejected.Code ?? "");
                break;
            case MailOutcome.Deferred:
                throw new ReportDeferredException(order.Id);
            case MailOutcome.Unknown when provider.IsIdempotent:
                throw new ReportDeferredException(order.Id);
        }
    }

    /// <summary>With the figures of the day on which it was due, counted as they are for whoever asks.</summary>
    private async Task<OutgoingMail> WriteAsync(SavedReport report, ReportMailing mailing, ReportForOne mail, CancellationToken cancellationToken)
    {
        var asked = SavedReports.RequestOn(report, Instant.FromDateTimeOffset(mail.Order.At).InZone(counter.Zone).Date);
        var shown = await counter.CountAsync(asked, cancellationToken);
        var page = new ReportPage(shown, [.. shown.Report.Rows.Take(ReportPage.MostRowsInMail)]);
        var (from, to) = (LocalDatePattern.Iso.Format(asked.Query.From), LocalDatePattern.Iso.Format(asked.Query.To));
        return new(
            $"report/{mail.Order.Id}/{mail.Order.At.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}/{mail.Reader}", mailing.From, null, Events.EmailAddress.Normalise(mailing.To[mail.Reader]) ?? mailing.To[mail.Reader],
            $"{report.Name ?? report.Metric.Name}, {from} to {to}", page.Html(), page.Text(), time.GetUtcNow());
    }
}

/// <summary>The carrier did not take it, for now.</summary>
internal sealed class ReportDeferredException(string id) : Exception($"A mail of the report {id} was not taken.");
