using System.Collections.Concurrent;
using System.Text;
using LeadFunctions.Platform.Definitions;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Templates.Stored;

/// <summary>The live templates, in memory, each put together when it is first sent. A publication holds on this instance for the next function, on the others within 5 s.</summary>
public sealed class TemplateStore : IFreshness
{
    public const string Kind = "template";

    private readonly LiveDefinitions<DefinitionSet> _templates;
    private readonly ConcurrentDictionary<(string Id, int Version), Lazy<CompiledTemplate>> _compiled = new();

    public TemplateStore(DefinitionsTable table, TimeProvider time, ILogger<TemplateStore> logger) => _templates = new(Kind, table, withHistory: false, set => set, time, logger);

    /// <summary>Null when there is none, or none is published.</summary>
    internal CompiledTemplate? FindLive(string id) => _templates.Current.Live.TryGetValue(id, out var live)
        ? _compiled.GetOrAdd((live.Id, live.Version), _ => new Lazy<CompiledTemplate>(() => new CompiledTemplate(Read(live)))).Value
        : null;

    public ValueTask FreshAsync(CancellationToken cancellationToken) => _templates.FreshAsync(cancellationToken);

    internal static Template Read(DefinitionVersion version)
    {
        var (document, errors) = TemplateParser.Read(Encoding.UTF8.GetBytes(version.Json));

        // It was checked when it was saved. Going on without it would send nothing and say nothing.
        return document is not null
            ? new Template(version.Id, version.Version, document)
            : throw new InvalidDataException($"The stored template {version.Id}@{version.Version} cannot be read: {errors[0].Path} {errors[0].Message}");
    }
}
