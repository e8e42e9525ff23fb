using System.Text.Json;

namespace LeadFunctions.Journeys.Delivery;

/// <summary>What became of a step that was done.</summary>
/// <param name="What">done, sent, not sent, failed …</param>
/// <param name="Saved">A webhook's answer.</param>
/// <param name="Ends">The run cannot go on, for this reason.</param>
/// <param name="Until">It was not done: it may be then.</param>
internal sealed record ActResult(string What, string? Detail = null, string? Reason = null, JsonElement? Saved = null, string? Ends = null, DateTimeOffset? Until = null);
