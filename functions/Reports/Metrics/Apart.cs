namespace LeadFunctions.Reports.Metrics;

/// <summary>What a metric says apart: it is of neither the part nor the whole.</summary>
/// <param name="Name">As answers call it.</param>
/// <param name="Means">For people.</param>
internal sealed record Apart(string Name, string Means);
