using System.Collections.Concurrent;
using System.Text;
using LeadFunctions.Platform.Definitions;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Forms.Stored;

/// <summary>The live forms, in memory and read, with their former versions: a page that was shown before a publication is still answered. A publication holds on this instance for the next function, on the others within 5 s.</summary>
public sealed class FormStore : IFreshness
{
    public const string Kind = "form";

    private readonly LiveDefinitions<Forms> _forms;
    private readonly ConcurrentDictionary<(string Id, int Version), Form> _read = new();

    public FormStore(DefinitionsTable table, TimeProvider time, ILogger<FormStore> logger) =>
        _forms = new(Kind, table, withHistory: true, set => new(
            set.Live.Values.Select(ReadOnce).ToDictionary(form => form.Id),
            set.Published.Select(ReadOnce).ToDictionary(form => (form.Id, form.Version))), time, logger);

    private sealed record Forms(IReadOnlyDictionary<string, Form> Live, IReadOnlyDictionary<(string, int), Form> Published);

    public ValueTask FreshAsync(CancellationToken cancellationToken) => _forms.FreshAsync(cancellationToken);

    /// <summary>As it is now; null when none of this id is live.</summary>
    internal Form? Find(string id) => _forms.Current.Live.GetValueOrDefault(id);

    /// <summary>As it is, or was once; null for a version that never was.</summary>
    internal Form? Find(string id, int version) => _forms.Current.Published.GetValueOrDefault((id, version));

    internal static Form Read(DefinitionVersion version)
    {
        var (document, errors) = FormDocument.Parse(Encoding.UTF8.GetBytes(version.Json));

        // It was checked when it was saved.
        return document is not null
            ? new Form(version.Id, version.Version, document)
            : throw new InvalidDataException($"The stored form {version.Id}@{version.Version} cannot be read: {errors[0].Path} {errors[0].Message}");
    }

    private Form ReadOnce(DefinitionVersion version) => _read.GetOrAdd((version.Id, version.Version), _ => Read(version));
}
