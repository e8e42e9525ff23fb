namespace LeadFunctions.Local.Functions.Azurite;

/// <summary>Tells a connection string that means the emulator on this machine from any other.</summary>
internal static class EmulatorPorts
{
    private const string WellKnownAccount = "devstoreaccount1";

    /// <summary>The ports of its queue and table services; null for an account elsewhere.</summary>
    internal static (int Queue, int Table)? Find(string? connectionString)
    {
        var parts = (connectionString ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2))
            .Where(part => part.Length == 2)
            .ToDictionary(part => part[0], part => part[1], StringComparer.OrdinalIgnoreCase);
        if (parts.GetValueOrDefault("UseDevelopmentStorage") == "true")
        {
            return parts.Count == 1 ? (10001, 10002) : null;
        }

        return parts.GetValueOrDefault("AccountName") == WellKnownAccount
            && Port(parts.GetValueOrDefault("QueueEndpoint")) is { } queue
            && Port(parts.GetValueOrDefault("TableEndpoint")) is { } table
            ? (queue, table)
            : null;
    }

    private static int? Port(string? endpoint) => Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.IsLoopback ? uri.Port : null;
}
