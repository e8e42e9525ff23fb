using LeadFunctions.Lifecycle.Stored;
using LeadFunctions.Scoring.Api;
using LeadFunctions.Segments.Fill;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Lifecycle.Api;

/// <summary>When another scoring model counts, leads may have come to another stage: nothing else may happen to one for weeks.</summary>
public sealed class ScoredLifecycle(LifecycleStore lifecycle, Fills fills) : IScoresChanged
{
    public async Task HandleAsync(string publication, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (lifecycle.Current.AskScores)
        {
            await fills.StartAsync(client, Fills.Scores, publication, cancellationToken);
        }
    }
}
