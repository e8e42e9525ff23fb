using System.Text.Json.Nodes;

namespace LeadFunctions.Integrations.Delivery;

/// <summary>What sales needs to know of a lead that is handed over to it.</summary>
public interface IHandOvers
{
    /// <summary>Null for a lead that is not handed over by coming into this stage.</summary>
    Task<JsonObject?> FindAsync(string leadId, string? stage, CancellationToken cancellationToken);
}
