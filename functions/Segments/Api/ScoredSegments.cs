using LeadFunctions.Scoring.Api;
using LeadFunctions.Segments.Fill;
using LeadFunctions.Segments.Stored;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Segments.Api;

/// <summary>When another scoring model counts, segments that ask for scores may have other members: nothing else may happen to a lead for weeks.</summary>
public sealed class ScoredSegments(SegmentStore segments, Fills fills) : IScoresChanged
{
    public async Task HandleAsync(string publication, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (segments.Current.AskScores)
        {
            await fills.StartAsync(client, Fills.Scores, publication, cancellationToken);
        }
    }
}
