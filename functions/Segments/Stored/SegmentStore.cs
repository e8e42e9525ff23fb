using System.Collections.Concurrent;
using System.Text;
using LeadFunctions.Platform.Definitions;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Segments.Stored;

/// <summary>The live segments, in memory and compiled. A publication holds on this instance for the next function, on the others within 5 s.</summary>
public sealed class SegmentStore : IFreshness
{
    public const string Kind = "segment";

    private readonly LiveDefinitions<SegmentRules> _rules;
    private readonly ConcurrentDictionary<(string Id, int Version), Segment> _compiled = new();

    public SegmentStore(DefinitionsTable table, TimeProvider time, ILogger<SegmentStore> logger) =>
        _rules = new(Kind, table, withHistory: false, Compile, time, logger);

    /// <summary>One snapshot: take it once per unit of work.</summary>
    internal SegmentRules Current => _rules.Current;

    public ValueTask FreshAsync(CancellationToken cancellationToken) => _rules.FreshAsync(cancellationToken);

    internal static Segment Read(DefinitionVersion version)
    {
        var (document, errors) = SegmentDocument.Parse(Encoding.UTF8.GetBytes(version.Json));

        // It was checked when it was saved. Going on without it would empty the segment and say nothing.
        return document is not null
            ? new Segment(version.Id, version.Version, document)
            : throw new InvalidDataException($"The stored segment {version.Id}@{version.Version} cannot be read: {errors[0].Path} {errors[0].Message}");
    }

    private SegmentRules Compile(DefinitionSet set) =>
        new(set.Revision, [.. set.Live.Values.Select(version => _compiled.GetOrAdd((version.Id, version.Version), _ => Read(version)))]);
}
