using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.State;
using LeadFunctions.Segments.Fill;

namespace LeadFunctions.Lifecycle.Api;

/// <summary>What a lifecycle would do to the leads as they are, were it published now: by the very code that would do it.</summary>
internal static class LifecycleTrial
{
    private const int MostSampled = 20;

    public static async Task<TrialAnswer> RunAsync(BriefScan everybody, LeadRules rules, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var moves = new SortedDictionary<(string From, string To), (int Count, List<TrialLead> Sample)>();
        await foreach (var lead in everybody.ReadAsync(null, rules.Deciding, cancellationToken))
        {
            var (from, to) = (lead.Whole.Stage, After(lead, rules, now));
            if (from != to)
            {
                var (count, sample) = moves.TryGetValue((from, to), out var known) ? known : (0, []);
                if (sample.Count < MostSampled)
                {
                    sample.Add(new(lead.Id, lead.Whole.Name, lead.Whole.Email));
                }

                moves[(from, to)] = (count + 1, sample);
            }
        }

        return new(everybody.Looked, everybody.StoppedAt is not null, [.. moves.Select(move => new TrialMove(move.Key.From, move.Key.To, move.Value.Count, move.Value.Sample))]);
    }

    private static string After(LeadState lead, LeadRules rules, DateTimeOffset now) =>
        FillFunctions.Judged(lead, FillFunctions.TickOf(lead.Id, "trial", now), rules, now).Whole.Stage;
}

/// <param name="Looked">Leads looked at.</param>
/// <param name="Partial">There are more that were not: time was up.</param>
internal sealed record TrialAnswer(int Looked, bool Partial, IReadOnlyList<TrialMove> Moves);

/// <param name="Sample">The first of them.</param>
internal sealed record TrialMove(string From, string To, int Leads, IReadOnlyList<TrialLead> Sample);

internal sealed record TrialLead(string LeadId, string? Name, string? Email);
