using LeadFunctions.Forms;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle;
using LeadFunctions.Messaging;
using LeadFunctions.Segments;

namespace LeadFunctions.Ingest.Reading;

/// <summary>Names of events that come from inside only: caps, counters and conditions rely on them, and nobody may send one from outside.</summary>
internal static class ReservedNames
{
    private static readonly HashSet<string> All = new(
        [
            .. JourneyEvents.FromInside,
            .. SegmentEvents.Names,
            RunOrder.Waits, RunOrder.Ended, RunOrder.Stop, RunOrder.Move, RunOrder.Start, RunOrder.Tick, RunOrder.NoStart,
            .. StageEvents.Names,
            .. MessageEvents.Names,
            FormEvents.Confirmed,
            "merge", "unmerge", "stage", "points", "journey", "segment", "owner",
            LeadRecord.OtherNames,
        ],
        StringComparer.OrdinalIgnoreCase);

    public static bool Include(string name) => All.Contains(name);
}
