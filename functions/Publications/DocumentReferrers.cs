using System.Collections.Concurrent;
using System.Text.Json;
using LeadFunctions.Forms.Stored;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Journeys.Statistics;
using LeadFunctions.Lifecycle.Stored;
using LeadFunctions.OnSite.Stored;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Scoring.Stored;
using LeadFunctions.Segments.Stored;
using LeadFunctions.Templates.Stored;

namespace LeadFunctions.Publications;

/// <summary>Which documents name a document: what somebody who deletes it, or changes it, should know. Campaigns are no documents.</summary>
public sealed class DocumentReferrers(DefinitionsTable table, RunsTable runs)
{
    private const int AtOnce = 8;

    /// <summary>Kinds whose documents name others, as addresses have them and as they are stored.</summary>
    private static readonly (string Name, string Kind)[] Kinds =
    [
        ("journeys", JourneyStore.Kind), ("scoring-models", ScoringModelStore.Kind), ("segments", SegmentStore.Kind), ("templates", TemplateStore.Kind),
        ("forms", FormStore.Kind), ("content", ContentStore.Kind), ("lifecycle", LifecycleStore.Kind),
    ];

    /// <summary>Of each document the live version is looked at, else the latest. A document that names itself is left out.</summary>
    /// <param name="kind">One of <see cref="DocumentUses.Kinds"/>.</param>
    internal async Task<IReadOnlyList<Use>> FindAsync(string kind, string id, CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll(Kinds.Select(async one => (await table.ReadShownAsync(one.Kind, cancellationToken)).Where(shown => one.Name != kind || shown.Pointer.Id != id).Select(shown => (one.Name, shown.Pointer, shown.Version))));
        return [.. from one in found.SelectMany(some => some)
                   let document = one.Version.ToElement()
                   let paths = DocumentUses.Of(document, kind, id).ToList()
                   where paths.Count > 0
                   select new Use(one.Name, one.Pointer.Id, NameIn(document), one.Version.Version, one.Pointer.Live is not null, paths)];
    }

    /// <summary>Versions of journeys that name it and that people are inside, live ones too: they go on by the version that they entered.</summary>
    /// <inheritdoc cref="FindAsync"/>
    internal async Task<IReadOnlyList<Use>> FindInsideAsync(string kind, string id, CancellationToken cancellationToken)
    {
        var found = new ConcurrentBag<Use>();
        await Parallel.ForEachAsync(await table.ListAsync(JourneyStore.Kind, cancellationToken), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (journey, token) =>
        {
            foreach (var version in RunCounts.Inside(await runs.SumsAsync(journey.Id, null, token)))
            {
                if (await table.FindVersionAsync(JourneyStore.Kind, journey.Id, version, token) is { } stored && stored.ToElement() is var document && DocumentUses.Of(document, kind, id).ToList() is { Count: > 0 } paths)
                {
                    found.Add(new("journeys", journey.Id, NameIn(document), version, journey.Live == version, paths));
                }
            }
        });
        return [.. found.OrderBy(use => use.Id, StringComparer.Ordinal).ThenBy(use => use.Version)];
    }

    private static string? NameIn(JsonElement document) => document.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
}

/// <param name="Kind">As addresses have it.</param>
/// <param name="Version">That names it: the live one, else the latest.</param>
/// <param name="Paths">Where it does.</param>
internal sealed record Use(string Kind, string Id, string? Name, int Version, bool Live, IReadOnlyList<string> Paths);
