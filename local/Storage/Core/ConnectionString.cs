namespace LeadFunctions.Local.Storage.Core;

/// <summary>A storage connection string, resolved for one service ("table" or "queue").</summary>
/// <param name="Endpoint">The service's address without a trailing slash or query.</param>
/// <param name="AccountName">Empty when only a SAS is given.</param>
/// <param name="AccountKey">Base64; null when a SAS or nothing signs.</param>
/// <param name="Sas">The shared access signature's query without "?", or null.</param>
internal sealed record ConnectionString(string Endpoint, string AccountName, string? AccountKey, string? Sas)
{
    // The emulator's published account; not a secret.
    private const string EmulatorAccount = "devstoreaccount1";
    private const string EmulatorKey =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <exception cref="FormatException">A part is missing or is not of the form name=value.</exception>
    public static ConnectionString Parse(string text, string service)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, "connectionString");
        var parts = Split(text);
        if (parts.TryGetValue("UseDevelopmentStorage", out var development))
        {
            return bool.TryParse(development, out var use) && use
                ? Emulator(parts, service)
                : throw new FormatException("Connection string: UseDevelopmentStorage must be true.");
        }

        parts.TryGetValue("AccountName", out var account);
        parts.TryGetValue("AccountKey", out var key);
        parts.TryGetValue("SharedAccessSignature", out var sas);
        if (!parts.TryGetValue(char.ToUpperInvariant(service[0]) + service[1..] + "Endpoint", out var endpoint))
        {
            if (account is null)
            {
                throw new FormatException($"Connection string: neither AccountName nor an endpoint for the {service} service is given.");
            }

            var scheme = parts.GetValueOrDefault("DefaultEndpointsProtocol", "https");
            endpoint = $"{scheme}://{account}.{service}.{parts.GetValueOrDefault("EndpointSuffix", "core.windows.net")}";
        }

        if (key is not null && account is null)
        {
            throw new FormatException("Connection string: AccountKey is given without AccountName.");
        }

        var address = new Uri(endpoint);
        if (sas is null && address.Query.Length > 1)
        {
            sas = address.Query;
        }

        var root = address.GetLeftPart(UriPartial.Path).TrimEnd('/');
        return new ConnectionString(root, account ?? AccountOf(address), key, sas?.TrimStart('?'));
    }

    /// <summary>The account that an endpoint belongs to: the first path segment of an emulator's or IP address, otherwise the first label of the host.</summary>
    public static string AccountOf(Uri endpoint) =>
        IsPathStyle(endpoint)
            ? endpoint.Segments.Length > 1 ? endpoint.Segments[1].TrimEnd('/') : ""
            : endpoint.Host.Split('.')[0];

    public static bool IsPathStyle(Uri endpoint) =>
        endpoint.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 || !endpoint.Host.Contains('.');

    private static ConnectionString Emulator(Dictionary<string, string> parts, string service)
    {
        var proxy = parts.GetValueOrDefault("DevelopmentStorageProxyUri", "http://127.0.0.1");
        var port = service switch { "queue" => 10001, "table" => 10002, _ => 10000 };
        return new ConnectionString($"{proxy.TrimEnd('/')}:{port}/{EmulatorAccount}", EmulatorAccount, EmulatorKey, null);
    }

    private static Dictionary<string, string> Split(string text)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=');
            if (equals <= 0)
            {
                throw new FormatException("Connection string: each part must be of the form name=value.");
            }

            parts[part[..equals].Trim()] = part[(equals + 1)..].Trim();
        }

        return parts;
    }
}
