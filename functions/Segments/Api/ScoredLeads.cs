using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Scoring.Api;
using LeadFunctions.Segments.Fill;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Segments.Api;

/// <summary>When another scoring model counts, segments and stages that ask for scores may have other leads: nothing else may happen to one for weeks.</summary>
public sealed class ScoredLeads(RulesInEffect rules, Fills fills) : IScoresChanged
{
    public async Task HandleAsync(string publication, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var known = rules.Current;
        if (known.Segments.AskScores || known.Lifecycle.AskScores)
        {
            await fills.StartAsync(client, Fills.Scores, publication, cancellationToken);
        }
    }
}
