using System.Text.Json;

namespace LeadFunctions.Integrations;

/// <summary>An event of each type as it might be, for a receiver to be tried with: of a lead that there is not.</summary>
internal static class SampleEvents
{
    public const string LeadId = "00000000000000000000000000";

    private const string Message = """ "messageId": "sample.welcome.1", "channel": "email", "template": "welcome", "journey": "welcome", "version": 1, "run": "welcome.sample", "step": "hello" """;

    private const string Lead = """
        "lead": {"id": "00000000000000000000000000", "userId": "sample", "email": "sample@example.com", "name": "Sam Sample", "company": "Example", "stage": "mql", "engagement": 62, "fit": 70, "grade": "B"}
        """;

    public static WorldEvent Of(string type, DateTimeOffset now) => new(type, LeadId, 1, now, DataOf(type));

    private static JsonElement DataOf(string type)
    {
        var said = type switch
        {
            HappeningTypes.StageChanged => """ "from": "lead", "to": "mql", "reason": "A sample." """,
            HappeningTypes.ScoreThresholdCrossed => """ "level": 50, "direction": "up", "engagement": 62 """,
            HappeningTypes.SegmentEntered or HappeningTypes.SegmentLeft => """ "segment": "sample" """,
            HappeningTypes.JourneyCompleted => """ "outcome": "completed", "journey": "welcome", "version": 1, "run": "welcome.sample" """,
            HappeningTypes.MessageSent => Message,
            HappeningTypes.MessageClicked => Message + """, "url": "https://example.com/pricing", "link": 1, "confidence": 0.9 """,
            HappeningTypes.MessageBounced => Message + """, "kind": "hard", "reason": "There is no such mailbox." """,
            HappeningTypes.SlaMissed => """ "stage": "mql", "since": "2026-05-30T10:00:00+00:00", "sla": "2d" """,
            HappeningTypes.LeadReopened => """ "since": "2026-03-01T10:00:00+00:00", "reason": "no budget", "count": 1, "low": 20, "engagement": 45 """,
            HappeningTypes.Neglected => """ "stage": "customer", "since": "2026-03-01T10:00:00+00:00", "after": "30d" """,
            HappeningTypes.LeadMerged => """ "merged": "00000000000000000000000001" """,
            _ => "",
        };
        using var data = JsonDocument.Parse(said.Length > 0 ? "{" + Lead + "," + said + "}" : """{"lead": {"id": "00000000000000000000000000"}}""");
        return data.RootElement.Clone();
    }
}
