using System.Collections.Concurrent;
using System.Text;
using LeadFunctions.Platform.Definitions;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Segments.Stored;

/// <summary>The live segments, in memory and compiled, with the fifths of all buyers. A publication holds on this instance for the next function, on the others within 5 s.</summary>
public sealed class SegmentStore : IFreshness
{
    public const string Kind = "segment";

    private readonly LiveDefinitions<DefinitionSet> _segments;
    private readonly LiveDefinitions<DefinitionSet> _rfm;
    private readonly ConcurrentDictionary<(string Id, int Version), Segment> _compiled = new();
    private volatile Both? _both;

    public SegmentStore(DefinitionsTable table, TimeProvider time, ILogger<SegmentStore> logger)
    {
        _segments = new(Kind, table, withHistory: false, set => set, time, logger);
        _rfm = new(RfmDefinition.Kind, table, withHistory: false, set => set, time, logger);
    }

    private sealed record Both(DefinitionSet Segments, DefinitionSet Rfm, SegmentRules Rules);

    /// <summary>One snapshot: take it once per unit of work.</summary>
    internal SegmentRules Current
    {
        get
        {
            var (segments, rfm, both) = (_segments.Current, _rfm.Current, _both);
            return both is not null && ReferenceEquals(both.Segments, segments) && ReferenceEquals(both.Rfm, rfm) ? both.Rules : (_both = new(segments, rfm, Compile(segments, rfm))).Rules;
        }
    }

    public async ValueTask FreshAsync(CancellationToken cancellationToken)
    {
        await _segments.FreshAsync(cancellationToken);
        await _rfm.FreshAsync(cancellationToken);
    }

    internal static Segment Read(DefinitionVersion version)
    {
        var (document, errors) = SegmentDocument.Parse(Encoding.UTF8.GetBytes(version.Json));

        // It was checked when it was saved. Going on without it would empty the segment and say nothing.
        return document is not null
            ? new Segment(version.Id, version.Version, document)
            : throw new InvalidDataException($"The stored segment {version.Id}@{version.Version} cannot be read: {errors[0].Path} {errors[0].Message}");
    }

    // Either change is a new revision of the rules: that of the two together grows with both.
    private SegmentRules Compile(DefinitionSet segments, DefinitionSet rfm) => new(
        segments.Revision + rfm.Revision, [.. segments.Live.Values.Select(version => _compiled.GetOrAdd((version.Id, version.Version), _ => Read(version)) with { QuietSince = segments.Quiet.TryGetValue(version.Id, out var since) ? since : null })],
        rfm.Live.TryGetValue(RfmDefinition.Id, out var fifths) ? RfmDefinition.Read(fifths).Boundaries : null);
}
