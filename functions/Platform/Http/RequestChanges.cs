using System.Globalization;

namespace LeadFunctions.Platform.Http;

/// <summary>One thing that a request changed.</summary>
/// <param name="Kind">What sort of thing it is, as the code that keeps it calls it.</param>
/// <param name="Before">How it was, in few words; null: it was not there.</param>
/// <param name="After">How it is now; null: it is gone.</param>
public sealed record RequestChange(string Kind, string Id, string? Before = null, string? After = null)
{
    /// <summary>The version of its text that <see cref="Before"/> is about; null: there is none.</summary>
    public int? VersionBefore { get; init; }

    public int? VersionAfter { get; init; }

    /// <summary>Its whole text, where it can be read nowhere any more.</summary>
    public string? TextBefore { get; init; }
}

/// <summary>
/// What the request at hand has changed, noted where it is changed: so nobody who keeps an account of requests must know every route, and no route can forget to say. Outside of a request that somebody
/// listens to, nothing is kept.
/// </summary>
public static class RequestChanges
{
    private static readonly AsyncLocal<List<RequestChange>?> Current = new();

    /// <summary>Somebody listens.</summary>
    public static bool AreNoted => Current.Value is not null;

    /// <summary>From here on, until the caller returns, changes are noted in what this returns.</summary>
    public static IReadOnlyList<RequestChange> Listen() => Current.Value = [];

    public static void Note(RequestChange change)
    {
        if (Current.Value is { } list)
        {
            lock (list)
            {
                list.Add(change);
            }
        }
    }

    /// <summary>How a document with versions stands, such as "version 4, live 3".</summary>
    public static string Versions(int latest, int? live) => string.Create(CultureInfo.InvariantCulture, $"version {latest}, {(live is null ? "not live" : $"live {live}")}");
}
