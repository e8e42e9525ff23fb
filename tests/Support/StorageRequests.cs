using System.Net.Http.Json;

namespace LeadFunctions.Tests.Support;

/// <summary>What kind of request it was, as the emulator saw it.</summary>
/// <param name="Resource">The queue (with <c>/messages</c> where one of these is meant), the table or <c>$batch</c>, the container.</param>
/// <param name="Status">As answered; 204 for a read of a queue that found no message.</param>
public sealed record RequestKind(string Service, string Method, string Resource, int Status)
{
    /// <summary>A listener found nothing to do, or not even its queue.</summary>
    public bool IsEmptyPoll => this is { Service: "queue", Method: "GET", Status: 204 or 404 };

    /// <summary>What the host and the engine do to keep their leases, whatever else happens.</summary>
    public bool IsUpkeep => Service == "blob" || Resource.EndsWith("Partitions", StringComparison.Ordinal);

    public override string ToString() => $"{Method} {Service} {Resource} {Status}";
}

/// <summary>Requests to the emulator, counted where they arrive. A transaction of many rows is one.</summary>
public sealed class StorageRequests(IReadOnlyDictionary<RequestKind, long> counts)
{
    public long All { get; } = counts.Values.Sum();

    /// <summary>Without the polls that found nothing and what an idle host does as well.</summary>
    public long Work { get; } = counts.Where(kind => !kind.Key.IsEmptyPoll && !kind.Key.IsUpkeep).Sum(kind => kind.Value);

    public long Of(string service, string method, string resource) =>
        counts.Where(kind => kind.Key.Service == service && kind.Key.Method == method && kind.Key.Resource == resource && kind.Key.Status < 300).Sum(kind => kind.Value);

    public long Where(Func<RequestKind, bool> isMeant) => counts.Where(kind => isMeant(kind.Key)).Sum(kind => kind.Value);

    /// <summary>Those of these tables and queues, without polls that found nothing.</summary>
    public long For(params IReadOnlyList<string> names) =>
        counts.Where(kind => !kind.Key.IsEmptyPoll && names.Contains(kind.Key.Resource.Split('/')[0])).Sum(kind => kind.Value);

    public static StorageRequests operator -(StorageRequests later, StorageRequests earlier) => later.Since(earlier);

    private StorageRequests Since(StorageRequests earlier) => new(counts
        .Select(kind => (kind.Key, Count: kind.Value - earlier.Count(kind.Key)))
        .Where(kind => kind.Count > 0)
        .ToDictionary(kind => kind.Key, kind => kind.Count));

    private long Count(RequestKind kind) => counts.GetValueOrDefault(kind);

    /// <summary>The most frequent kinds first, each with its count.</summary>
    public override string ToString() => string.Join(", ", counts.OrderByDescending(kind => kind.Value).Take(20).Select(kind => $"{kind.Key}: {kind.Value}"));
}

/// <summary>Reads what an <see cref="Emulator"/> has been asked for an account.</summary>
public sealed class StorageMeter : IDisposable
{
    private static readonly TimeSpan NeverQuietAfter = TimeSpan.FromMinutes(5);

    private static readonly string[] Services = ["Blob", "Queue", "Table"];

    private readonly HttpClient client = new();
    private readonly Uri counts;
    private readonly Dictionary<string, string> services;

    public StorageMeter(string connectionString)
    {
        var endpoints = Services.ToDictionary(service => service, service => new Uri(connectionString.Split(';').Single(part => part.StartsWith($"{service}Endpoint=", StringComparison.Ordinal)).Split('=', 2)[1]));
        services = endpoints.ToDictionary(endpoint => $"{endpoint.Value.Port}", endpoint => endpoint.Key.ToLowerInvariant());
        counts = new Uri($"{endpoints["Blob"]}/requests-so-far");
    }

    public async Task<StorageRequests> ReadAsync()
    {
        var kinds = await client.GetFromJsonAsync<Dictionary<string, long>>(counts);
        return new StorageRequests(kinds!.ToDictionary(kind => Parse(kind.Key), kind => kind.Value)); // it always answers
    }

    /// <summary>Waits until nothing but polls and upkeep has arrived for a while.</summary>
    /// <returns>What had been counted when it became quiet.</returns>
    /// <exception cref="TimeoutException">It never became quiet; says what kept arriving.</exception>
    public async Task<StorageRequests> QuietAsync(TimeSpan quiet)
    {
        var (last, since) = (await ReadAsync(), Environment.TickCount64);
        var (first, end) = (last, since + (long)NeverQuietAfter.TotalMilliseconds);
        while (Environment.TickCount64 - since < quiet.TotalMilliseconds)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100));
            var now = await ReadAsync();
            if (now.Work != last.Work)
            {
                if (Environment.TickCount64 > end)
                {
                    throw new TimeoutException($"Storage was never left alone for {quiet.TotalSeconds:N0} s. Of late it was asked for {now - last}; in all for {now - first}.");
                }

                (last, since) = (now, Environment.TickCount64);
            }
        }

        return last;
    }

    public void Dispose() => client.Dispose();

    private RequestKind Parse(string kind) => kind.Split(' ') is [var port, var method, var resource, var status]
        ? new(services[port], method, resource, int.Parse(status))
        : throw new InvalidDataException($"{kind} is no kind of request.");
}
