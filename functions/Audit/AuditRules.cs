using LeadFunctions.Access;
using LeadFunctions.Events;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Audit;

/// <summary>What is put down of a request. Pure.</summary>
internal static class AuditRules
{
    private const string Hidden = "…";
    private const int MostCharacters = 500;

    /// <summary>Parameters that name no person, whose values are therefore kept. Of others only that they were there.</summary>
    private static readonly HashSet<string> Harmless =
        ["stage", "segment", "sort", "version", "from", "to", "by", "compare", "format", "network", "dryRun", "limit", "columns", "status", "kind", "action", "journey", "why", "source", "outcome", "a", "b",
        "of", "step", "how", "way", "day", "days", "rule", "asOf", "campaign", "template"];

    /// <summary>Null for what nobody need know: what shows no people and changes nothing.</summary>
    /// <param name="shows">What the route says of itself.</param>
    public static AuditKind? KindOf(string method, IQueryCollection query, ShowsPeopleAttribute? shows) =>
        shows is { IsExport: true } ? AuditKind.Export
        : shows is { } ? AuditKind.View
        : HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? null
        : query.ContainsKey("dryRun") ? HttpMethods.IsPost(method) ? AuditKind.View : null // a rehearsal names whom it would concern; a draft's does not
        : AuditKind.Write;

    /// <summary>The address without what would name a person in it.</summary>
    public static string TargetOf(PathString path, IQueryCollection query)
    {
        var segments = (path.Value ?? "").Split('/');
        if (Array.IndexOf(segments, "suppressions") is >= 0 and var place && place + 1 < segments.Length)
        {
            segments[place + 1] = Hidden; // an address
        }

        var asked = query.Where(one => one.Key is not ("cursor" or "note")).Select(one => $"{one.Key}={(Harmless.Contains(one.Key) ? one.Value.ToString() : Hidden)}").ToList();
        var target = string.Join('/', segments) + (asked.Count > 0 ? $"?{string.Join('&', asked)}" : "");
        return target.Length <= MostCharacters ? target : target[..MostCharacters];
    }

    /// <summary>Which list a request looks at, whichever page of it.</summary>
    public static string ListIn(HttpRequest request) =>
        $"{request.Method} {request.Path} {string.Join('&', request.Query.Where(one => one.Key is not ("cursor" or "limit")).Select(one => $"{one.Key}={one.Value}"))}";

    /// <summary>The lead that an address is about.</summary>
    public static string? LeadIn(PathString path) =>
        (path.Value ?? "").Split('/') is var segments && Array.IndexOf(segments, "leads") is >= 0 and var place && place + 1 < segments.Length && segments[place + 1] is var id && LeadIds.IsValid(id) ? id : null;
}
