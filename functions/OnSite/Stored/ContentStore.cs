using System.Collections.Concurrent;
using System.Text;
using LeadFunctions.Platform.Definitions;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.OnSite.Stored;

/// <summary>The live contents, in memory and made ready. A publication holds on this instance for the next function, on the others within 5 s.</summary>
public sealed class ContentStore : IFreshness
{
    public const string Kind = "content";

    private readonly LiveDefinitions<IReadOnlyList<Content>> _contents;
    private readonly ConcurrentDictionary<(string Id, int Version), Content> _ready = new();

    public ContentStore(DefinitionsTable table, TimeProvider time, ILogger<ContentStore> logger) =>
        _contents = new(Kind, table, withHistory: false, set => [.. set.Live.Values.Select(version => _ready.GetOrAdd((version.Id, version.Version), _ => Read(version)))], time, logger);

    internal IReadOnlyList<Content> Live => _contents.Current;

    public ValueTask FreshAsync(CancellationToken cancellationToken) => _contents.FreshAsync(cancellationToken);

    internal static Content Read(DefinitionVersion version)
    {
        var (document, errors) = ContentDocument.Parse(Encoding.UTF8.GetBytes(version.Json));

        // It was checked when it was saved.
        return document is not null
            ? Content.Of(version.Id, version.Version, document)
            : throw new InvalidDataException($"The stored content {version.Id}@{version.Version} cannot be read: {errors[0].Path} {errors[0].Message}");
    }
}
