using LeadFunctions.Journeys.Rehearsal;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Templates.Stored;

namespace LeadFunctions.Publications;

/// <summary>Looks what a publication would do to the leads as they are, for as long as somebody waits for an answer.</summary>
public sealed class PublicationEffects(LeadScan everybody, RulesInEffect rules, TemplateStore templates, TimeProvider time)
{
    /// <summary>Of rehearsals for what a journey sends: the scan has its own time.</summary>
    private static readonly TimeSpan SendsTime = TimeSpan.FromSeconds(4);

    private const int SendsSteps = 50_000;

    /// <param name="change">The rules as they would be: of revisions that nobody has been judged by.</param>
    /// <param name="journey">The journey that is to be published; null: something else is.</param>
    internal async Task<PublicationEffect> OfAsync(Func<LeadRules, LeadRules> change, string? journey, CancellationToken cancellationToken)
    {
        var known = rules.Current;
        var (then, now, scan) = (change(known), time.GetUtcNow(), new BriefScan(everybody, time));
        var began = time.GetTimestamp();
        var budget = new SimulationBudget(SendsSteps, SendsTime, () => time.GetElapsedTime(began), cancellationToken);
        var sends = journey is not null && then.Journeys.Open.FirstOrDefault(one => one.Id == journey) is { } draft ? new SendCount(draft, then, templates.TopicOf, budget, now) : null;
        var (count, asked) = (new EffectCount(known, then, journey, now, sends), journey is null ? then.Deciding : then.History);
        await foreach (var lead in scan.ReadAsync(null, known.Deciding, cancellationToken))
        {
            count.Add(lead, await everybody.CompleteAsync(lead, asked, cancellationToken));
        }

        return count.Answer(scan.Looked, scan.StoppedAt is not null);
    }
}
