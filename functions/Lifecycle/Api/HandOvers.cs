using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Integrations.Delivery;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Platform.Http;

namespace LeadFunctions.Lifecycle.Api;

/// <summary>Reads a lead for whoever is about to call it.</summary>
public sealed class HandOvers(LeadReader leads, RulesInEffect rules, TimeProvider time) : IHandOvers
{
    /// <summary>Events of the timeline that are looked through.</summary>
    private const int Looked = 200;

    /// <summary>Null where there is no such lead.</summary>
    internal async Task<HandOver?> FindAsync(string leadId, CancellationToken cancellationToken)
    {
        if (await leads.FindAsync(leadId, rules.Current.History, cancellationToken) is not { } lead)
        {
            return null;
        }

        var (entries, _) = await leads.TimelineAsync(lead, _ => true, Looked, null, cancellationToken);
        return HandOver.Of(lead, [.. entries.Select(entry => entry.Entry)], rules.Current, time.GetUtcNow());
    }

    /// <summary>Leads are handed over where they are given to somebody, else as MQLs.</summary>
    public async Task<JsonObject?> FindAsync(string leadId, string? stage, CancellationToken cancellationToken) =>
        stage == (rules.Current.Lifecycle.Document?.AssignAt ?? Stages.Mql) && await FindAsync(leadId, cancellationToken) is { } handOver
            ? JsonSerializer.SerializeToNode(handOver, WebJson.Options)!.AsObject() // a record is an object
            : null;
}
