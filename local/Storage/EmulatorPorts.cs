namespace DevHost.Storage;

/// <summary>Where the services of an emulator listen; 0 for any free port.</summary>
internal sealed record EmulatorPorts(int Blob, int Queue, int Table)
{
    private const string WellKnownAccount = "devstoreaccount1";

    internal static readonly EmulatorPorts Default = new(10000, 10001, 10002);

    /// <summary>The ports that a connection string means when it means the emulator on this machine; null for an account elsewhere.</summary>
    internal static EmulatorPorts? Find(string? connectionString)
    {
        var parts = (connectionString ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2))
            .Where(part => part.Length == 2)
            .ToDictionary(part => part[0], part => part[1], StringComparer.OrdinalIgnoreCase);
        if (parts.GetValueOrDefault("UseDevelopmentStorage") == "true")
        {
            return parts.Count == 1 ? Default : null;
        }

        return parts.GetValueOrDefault("AccountName") == WellKnownAccount
            && Port(parts.GetValueOrDefault("BlobEndpoint")) is { } blob
            && Port(parts.GetValueOrDefault("QueueEndpoint")) is { } queue
            && Port(parts.GetValueOrDefault("TableEndpoint")) is { } table
            ? new EmulatorPorts(blob, queue, table)
            : null;
    }

    private static int? Port(string? endpoint) => Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.IsLoopback ? uri.Port : null;
}
