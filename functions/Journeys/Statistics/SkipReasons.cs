using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Statistics;

/// <summary>Why steps were left out, in few kinds: runs keep the reason in words, with the numbers of the day, and a counter for each sentence would be one for each run.</summary>
internal static class SkipReasons
{
    public const string Address = "address";
    public const string Cap = "cap";
    public const string Consent = "consent";
    public const string Late = "late";
    public const string Suppressed = "suppressed";
    public const string Other = "other";

    private static readonly (string Part, string Kind)[] Parts =
    [
        ("too late.", Late),
        ("are the most.", Cap),
        ("something more important waits", Cap),
        ("days at most.", Cap),
        ("has no address", Address),
        ("Nothing is sent to the address", Suppressed),
        ("The lead does not want", Consent),
        ("The lead has not agreed", Consent),
        ("The lead's answer", Consent),
        ("The lead's last answer", Consent),
    ];

    public static string Of(RunRecord line) => Parts.FirstOrDefault(part => line.Reason?.Contains(part.Part, StringComparison.Ordinal) == true).Kind ?? Other;
}
