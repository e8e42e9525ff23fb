using System.Text;
using System.Text.Json;
using LeadFunctions.Mail;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Reports.Kept;
using NodaTime;

namespace LeadFunctions.Reports.Api;

/// <summary>What a saved report asks for, on whatever day.</summary>
public sealed class SavedReports(ReportCounter counter, TimeProvider time)
{
    internal const string Kind = "savedReport";

    /// <summary>The range says what of the time is meant; the form is whoever's who asks.</summary>
    private static readonly string[] Own = ["from", "to", "format", "limit", "cursor"];

    internal IReadOnlyList<FieldError> MistakesOf(SavedReport report) =>
    [
        .. report.Query.Keys.Where(name => Own.Contains(name)).Select(name => new FieldError($"$.query.{name}", "This is not saved.", "by, basis, origin, compare, and values of dimensions; range for the time")),
        .. RequestOn(report, counter.Today).Errors.Where(error => !Own.Contains(error.Path)).Select(error => error with { Path = $"$.query.{error.Path}" }),
        .. report.Mail is { } mail && MailAddresses.Find(mail.From) is null ? [new FieldError("$.mail.from", "This is no sender.", MailAddresses.Expected)] : (IEnumerable<FieldError>)[],
        .. (report.Mail?.To ?? []).Select((address, i) => (address, i)).Where(one => Events.EmailAddress.Normalise(one.address) is null).Select(one => new FieldError($"$.mail.to[{one.i}]", "This is no address.", "an address as ann@example.com")),
    ];

    /// <summary>As it stands in the table.</summary>
    internal static SavedReport Read(string id, string json) => SavedReport.Parse(Encoding.UTF8.GetBytes(json)).Report ?? throw new InvalidDataException($"The saved report {id} cannot be read.");

    internal static ReportRequest RequestOn(SavedReport report, LocalDate today) =>
        ReportRequest.Parse(report.QueryOn(today).Where(one => !(report.Range is null && Own.Contains(one.Key))).ToDictionary(), report.Metric, today);

    internal ShownSavedReport Show(DefinitionPointer pointer, string json)
    {
        var (report, today) = (Read(pointer.Id, json), counter.Today);
        var next = report.Mail?.Next(Instant.FromDateTimeOffset(time.GetUtcNow()), counter.Zone).ToDateTimeOffset();
        using var document = JsonDocument.Parse(json);
        return new(pointer.Id, document.RootElement.Clone(), $"/api/reports/{report.Metric.Id}{QueryText(report.QueryOn(today))}", next, pointer.UpdatedAt);
    }

    private static string QueryText(IReadOnlyDictionary<string, string> query) => query.Count == 0 ? "" : "?" + string.Join('&', query.Select(one => $"{one.Key}={Uri.EscapeDataString(one.Value)}"));
}

/// <param name="Report">Where its figures are, as of today.</param>
/// <param name="NextMail">Null where nobody gets it.</param>
internal sealed record ShownSavedReport(string Id, JsonElement Document, string Report, DateTimeOffset? NextMail, DateTimeOffset UpdatedAt);
