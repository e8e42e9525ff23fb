using System.Text.Json;
using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Runs;

/// <summary>What statistics ask of a run: kept in columns of its row, so that they need not read what happened in it line by line.</summary>
/// <param name="Sent">Messages.</param>
/// <param name="Paths">Which way it went at steps that choose, each way once.</param>
internal sealed record RunSummary(RunStatus Status, int Version, string? Step, int Sent, IReadOnlyList<PathTaken> Paths)
{
    /// <summary>What a column holds, in characters; a run that went so many ways is counted on the first of them.</summary>
    private const int TextLimit = 30_000;

    public static RunSummary Of(RunState run) => new(
        run.Status,
        run.Version,
        run.Step,
        run.Log.Count(line => line.What == "sent"),
        [.. run.Log.Where(line => line is { What: "path", Step: not null, Detail: not null }).Select(line => new PathTaken(line.Step!, line.Detail!)).Distinct()]);

    public static string Text(IReadOnlyList<PathTaken> paths)
    {
        var length = 2;
        return paths.Count == 0 ? "" : JsonSerializer.Serialize(paths.TakeWhile(path => (length += path.Step.Length + path.Path.Length + 6) < TextLimit).SelectMany(path => new[] { path.Step, path.Path }));
    }

    public static IReadOnlyList<PathTaken> PathsIn(string? text) =>
        string.IsNullOrEmpty(text) ? [] : [.. (JsonSerializer.Deserialize<string[]>(text) ?? []).Chunk(2).Select(pair => new PathTaken(pair[0], pair[1]))];
}

internal readonly record struct PathTaken(string Step, string Path);
