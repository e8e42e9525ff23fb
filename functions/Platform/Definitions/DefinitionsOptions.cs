using System.ComponentModel.DataAnnotations;

namespace LeadFunctions.Platform.Definitions;

/// <summary>Settings under <c>LeadFunctions:Definitions</c>.</summary>
public sealed class DefinitionsOptions
{
    /// <summary>How soon every instance goes by what was published, paused, or revoked: each looks that often, while it is used.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan KnownWithin { get; set; } = TimeSpan.FromSeconds(5);
}
