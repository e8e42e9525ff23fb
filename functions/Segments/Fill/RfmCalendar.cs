using LeadFunctions.Journeys.Runs;
using LeadFunctions.Segments.Stored;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Segments.Fill;

/// <summary>Has the fifths of all buyers computed anew when their day has come, as long as a segment asks for them.</summary>
public sealed class RfmCalendar(Fills fills, SegmentStore segments) : IDueOthers
{
    internal const string Row = "rfm|";

    public string Prefix => Row;

    public bool BeginWalks => true;

    public async Task TickAsync(IReadOnlyList<string> rows, DateTimeOffset begins, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (segments.Current.AskRfm)
        {
            await fills.CountByCalendarAsync(client, begins, cancellationToken);
        }
    }
}
