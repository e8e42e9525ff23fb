namespace LeadFunctions.Platform.Storage;

/// <summary>The documents of a kind cannot be read, and there is no copy young enough to go by. Counts as a storage outage.</summary>
public sealed class DefinitionsUnavailableException(string kind, string reason) : Exception($"Definitions of kind {kind} are not available: {reason}.")
{
    public string Reason { get; } = reason;
}
