using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Documents;

/// <summary>Reads a hold-out: a journey's, or the setting <c>holdout</c> of the workspace.</summary>
internal static class HoldoutReading
{
    public const string Shape = "{\"share\": 0.1, \"window\": \"30d\"}";

    public static readonly string[] Fields = ["share", "window"];

    private const double Least = 0.001;
    private const double Most = 0.5;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>Null when there is a mistake.</summary>
    public static Holdout? Read(DocumentObject reader)
    {
        var share = reader.Number("share", "a share of the people, from 0.001 to 0.5", number => number is >= Least and <= Most, required: true);
        var window = reader.Duration("window");
        if (window is { } given && given.Length > Longest)
        {
            reader.Add(reader.At("window"), "This is longer than anybody is followed.", "at most 366d");
        }

        return share is { } part ? new((int)Math.Round(part * 1e6), window ?? Holdout.UsualWindow) : null;
    }

    /// <summary>The setting. All mistakes at once; null without one is the setting that nobody is held out: <c>{}</c>.</summary>
    public static (Holdout? Holdout, IReadOnlyList<DocumentError> Errors) Parse(ReadOnlyMemory<byte> utf8) =>
        DocumentText.Read<(Holdout?, IReadOnlyList<DocumentError>)>(utf8, json => DocumentText.Read<(Holdout?, IReadOnlyList<DocumentError>)>(json, Parse, error => (null, [error])), error => (null, [error]));

    private static (Holdout? Holdout, IReadOnlyList<DocumentError> Errors) Parse(JsonElement json)
    {
        var errors = new List<DocumentError>();
        var root = new DocumentObject(json, "$", errors, Fields);
        var holdout = errors.Count == 0 && root.Members.Count == 0 ? null : Read(root);
        return (errors.Count == 0 ? holdout : null, errors);
    }
}
