using System.ComponentModel.DataAnnotations;

namespace LeadFunctions.Segments.Fill;

/// <summary>Settings under <c>LeadFunctions:Segments</c>.</summary>
public sealed class SegmentsOptions
{
    /// <summary>After so many days the fifths of all buyers are computed anew, while a segment asks for them; 0: only when somebody asks.</summary>
    [Range(0, 365)]
    public int RfmDays { get; set; } = 1;
}
