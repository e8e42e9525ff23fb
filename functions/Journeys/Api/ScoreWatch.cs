using LeadFunctions.Journeys.Runs;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Scoring.Api;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Journeys.Api;

/// <summary>When another scoring model counts, whoever a journey watches for its score is looked at: nothing else may happen to a lead for weeks.</summary>
public sealed class ScoreWatch(JourneyStore journeys, DefinitionsTable table) : IScoresChanged
{
    public async Task HandleAsync(string publication, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var (letIn, within) = journeys.Current.WatchingScores;
        if (letIn || within.Count > 0)
        {
            await StartAsync(nameof(ChoreOrchestrations.NoteDates), "scores", "");
        }

        // Those inside may be anonymous, and so in no listing of leads.
        foreach (var journey in within)
        {
            await StartAsync(nameof(ChoreOrchestrations.NoteRuns), journey, $".{journey}");
        }

        Task StartAsync(string orchestrator, string journey, string suffix) =>
            JourneyStateFunctions.StartWalkAsync(client, orchestrator, journey, table, $"scores.{publication}{suffix}", cancellationToken);
    }
}
