using System.Collections.Concurrent;
using System.Text;
using LeadFunctions.Platform.Definitions;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Templates.Stored;

/// <summary>The live templates, in memory, each put together when it is first sent. A publication holds on this instance for the next function, on the others within 5 s.</summary>
public sealed class TemplateStore : IFreshness
{
    public const string Kind = "template";

    private readonly LiveDefinitions<Copy> _templates;
    private readonly ConcurrentDictionary<(string Id, int Version), CompiledTemplate> _compiled = new();

    public TemplateStore(DefinitionsTable table, TimeProvider time, ILogger<TemplateStore> logger) => _templates = new(Kind, table, withHistory: false, Compile, time, logger);

    private sealed record Copy(IReadOnlyDictionary<string, CompiledTemplate> Live);

    /// <summary>Null when there is none, or none is published.</summary>
    internal CompiledTemplate? FindLive(string id) => _templates.Current.Live.GetValueOrDefault(id);

    public ValueTask FreshAsync(CancellationToken cancellationToken) => _templates.FreshAsync(cancellationToken);

    internal static Template Read(DefinitionVersion version)
    {
        var (document, errors) = TemplateParser.Parse(Encoding.UTF8.GetBytes(version.Json));

        // It was checked when it was saved. Going on without it would send nothing and say nothing.
        return document is not null
            ? new Template(version.Id, version.Version, document)
            : throw new InvalidDataException($"The stored template {version.Id}@{version.Version} cannot be read: {errors[0].Path} {errors[0].Message}");
    }

    private Copy Compile(DefinitionSet set) =>
        new(set.Live.ToDictionary(live => live.Key, live => _compiled.GetOrAdd((live.Value.Id, live.Value.Version), _ => new CompiledTemplate(Read(live.Value)))));
}
