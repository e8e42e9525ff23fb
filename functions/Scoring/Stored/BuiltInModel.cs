using System.Text.Json;

namespace LeadFunctions.Scoring.Stored;

/// <summary>
/// The scoring model that comes with the app and holds until another is published: without one nobody would ever become an MQL by themselves. It is version 0 of its id, so that
/// ledgers can name it, and whoever saves a model of their own under the id begins with version 1.
/// </summary>
internal static class BuiltInModel
{
    public const string Id = "standard";

    private static readonly Lazy<(JsonElement Json, ScoringModel Model)> Own = new(() =>
    {
        using var stream = typeof(BuiltInModel).Assembly.GetManifestResourceStream("scoring-model.json") ?? throw new InvalidOperationException("The app was built without its scoring model.");
        using var parsed = JsonDocument.Parse(stream);
        var json = parsed.RootElement.Clone();
        var (document, errors) = ScoringModelDocument.Parse(json);
        return (json, new(Id, 0, document ?? throw new InvalidDataException($"The scoring model that comes with the app is not valid: {errors[0].Path} {errors[0].Message}")));
    });

    public static JsonElement Json => Own.Value.Json;

    public static ScoringModel Model => Own.Value.Model;
}
