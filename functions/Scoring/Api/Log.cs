using Microsoft.Extensions.Logging;

namespace LeadFunctions.Scoring.Api;

/// <summary>Event ids 300 to 399.</summary>
internal static partial class Log
{
    [LoggerMessage(300, LogLevel.Information, "No scoring model yet: the sample {Id} is published. Replace it with PUT /api/scoring-models")]
    public static partial void SampleModelPublished(this ILogger logger, string id);
}
