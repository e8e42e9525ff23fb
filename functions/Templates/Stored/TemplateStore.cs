using System.Collections.Concurrent;
using System.Text;
using LeadFunctions.Platform.Definitions;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Templates.Stored;

/// <summary>The live templates, in memory, each put together when it is first sent. A publication holds on this instance for the next function, on the others within 5 s.</summary>
public sealed class TemplateStore : IFreshness
{
    public const string Kind = "template";

    private readonly DefinitionsTable _table;
    private readonly LiveDefinitions<DefinitionSet> _templates;
    private readonly ConcurrentDictionary<(string Id, int Version), Lazy<CompiledTemplate>> _compiled = new();

    public TemplateStore(DefinitionsTable table, TimeProvider time, ILogger<TemplateStore> logger) =>
        (_table, _templates) = (table, new(Kind, table, withHistory: false, set => set, time, logger));

    /// <summary>Null when there is none, or none is published.</summary>
    internal CompiledTemplate? FindLive(string id) => _templates.Current.Live.TryGetValue(id, out var live)
        ? _compiled.GetOrAdd((live.Id, live.Version), _ => new Lazy<CompiledTemplate>(() => new CompiledTemplate(Read(live)))).Value
        : null;

    /// <summary>Also one that another instance published a moment ago. Null when there is none, or none is published.</summary>
    internal async Task<Template?> FindLiveAsync(string id, CancellationToken cancellationToken) =>
        FindLive(id)?.Template
        ?? (DefinitionId.IsValid(id) && await _table.FindAsync(Kind, id, cancellationToken) is { Live: { } live } && await _table.FindVersionAsync(Kind, id, live, cancellationToken) is { } version ? Read(version) : null);

    /// <summary>What consent a message needs that is made of it: that of the topic that whoever sends it names, else the template's own. Null: none.</summary>
    internal string? TopicOf(string? template, string? named) => named ?? FindLive(template ?? "")?.Template.Document.Topic;

    /// <summary>The languages in which a published mail shows its reader no way to unsubscribe.</summary>
    internal IReadOnlyList<string> WithoutWayOut(string template) => FindLive(template) is { } live ? TemplateWarnings.WithoutWayOut(live) : [];

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
