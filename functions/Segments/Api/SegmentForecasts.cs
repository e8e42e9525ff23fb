using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Segments.Fill;

namespace LeadFunctions.Segments.Api;

/// <summary>What publishing a segment would do, by the very code that would do it.</summary>
public sealed class SegmentForecasts(LeadScan everybody, RulesInEffect rules, TimeProvider time)
{
    private const int Sampled = 20;

    internal async Task<PublicationForecast> ForecastAsync(Segment draft, CancellationToken cancellationToken)
    {
        var (known, now, scan) = (rules.Current, time.GetUtcNow(), new BriefScan(everybody, time));
        var then = known with { Segments = new SegmentRules(long.MaxValue, [.. known.Segments.All.Where(segment => segment.Id != draft.Id), draft], known.Segments.Rfm) };
        var moves = new SortedDictionary<string, (int Enter, int Leave, List<Member> Entering, List<Member> Leaving)>(StringComparer.Ordinal);
        await foreach (var lead in scan.ReadAsync(null, then.Deciding, cancellationToken))
        {
            var tick = FillFunctions.TickOf(lead.Id, "forecast", now);
            var (was, becomes) = (FillFunctions.Judged(lead, tick, known, now).Segments?.In.Keys ?? [], FillFunctions.Judged(lead, tick, then, now).Segments?.In.Keys ?? []);
            foreach (var (segment, enters) in becomes.Except(was).Select(id => (id, true)).Concat(was.Except(becomes).Select(id => (id, false))))
            {
                var (enter, leave, entering, leaving) = moves.TryGetValue(segment, out var counted) ? counted : (0, 0, [], []);
                var sample = enters ? entering : leaving;
                if (sample.Count < Sampled)
                {
                    sample.Add(Member.Of(lead, Reducer.ScoreOf(lead, known.Scoring, now), null));
                }

                moves[segment] = enters ? (enter + 1, leave, entering, leaving) : (enter, leave + 1, entering, leaving);
            }
        }

        return new(
            scan.Looked, [.. moves.Select(segment => new SegmentForecast(segment.Key, segment.Value.Enter, segment.Value.Leave, segment.Value.Entering, segment.Value.Leaving))], scan.StoppedAt is not null);
    }
}
