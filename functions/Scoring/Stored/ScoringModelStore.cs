using System.Collections.Concurrent;
using System.Text;
using LeadFunctions.Platform.Definitions;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Scoring.Stored;

/// <summary>
/// The scoring models, in memory and compiled: the live one, and every version that was ever live, since ledgers name them. One model is live in
/// a workspace, the <see cref="BuiltInModel"/> until one is published. A publication holds on this instance for the next function, on the others within 5 s.
/// </summary>
public sealed class ScoringModelStore : IFreshness
{
    public const string Kind = "scoring-model";

    private readonly LiveDefinitions<ScoringModels> _models;
    private readonly ConcurrentDictionary<(string Id, int Version), ScoringModel> _compiled = new();

    public ScoringModelStore(DefinitionsTable table, TimeProvider time, ILogger<ScoringModelStore> logger) =>
        _models = new(Kind, table, withHistory: true, Compile, time, logger);

    /// <summary>One snapshot: take it once per unit of work.</summary>
    internal ScoringModels Current => _models.Current;

    public ValueTask FreshAsync(CancellationToken cancellationToken) => _models.FreshAsync(cancellationToken);

    private ScoringModels Compile(DefinitionSet set)
    {
        var models = ScoringModels.None.With(BuiltInModel.Model); // also once another holds: ledgers name it
        foreach (var version in set.Published)
        {
            models = models.With(CompileOne(version));
        }

        // A model that takes another's place has the time of its end: whoever ends is told first. Before all of them there was the one that comes with the app.
        IReadOnlyList<(DateTimeOffset, ScoringModel)> past = set.Effects.Count == 0 ? [] : [(DateTimeOffset.MinValue, BuiltInModel.Model), .. set.Effects.Select(effect => (effect.Since, effect.Version is { } version ? CompileOne(version) : BuiltInModel.Model))];
        return models.WithLive(set.Live.Values.SingleOrDefault() is { } live ? CompileOne(live) : BuiltInModel.Model).WithRevision(set.Revision).WithPast(past);
    }

    private ScoringModel CompileOne(DefinitionVersion version) => _compiled.GetOrAdd((version.Id, version.Version), _ => Read(version));

    internal static ScoringModel Read(DefinitionVersion version)
    {
        var (document, errors) = ScoringModelDocument.Parse(Encoding.UTF8.GetBytes(version.Json));

        // It was checked when it was saved. Going on without it would score people wrongly and say nothing.
        return document is not null
            ? new ScoringModel(version.Id, version.Version, document)
            : throw new InvalidDataException($"The stored scoring model {version.Id}@{version.Version} cannot be read: {errors[0].Path} {errors[0].Message}");
    }
}
