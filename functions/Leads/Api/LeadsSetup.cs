using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Integrations.Delivery;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle.Stored;
using LeadFunctions.Messaging.Stored;
using LeadFunctions.Platform.Hosting;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Publications;
using LeadFunctions.Scoring;
using LeadFunctions.Scoring.Stored;
using LeadFunctions.Segments.Stored;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Leads.Api;

internal static class LeadsSetup
{
    public static FunctionsApplicationBuilder AddLeads(this FunctionsApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddTable(LeadRows.Table);
        services.AddTable(ListingSnapshots.Name);
        services.AddQueue(Queues.LeadEvents);
        services.AddQueue(Queues.LeadEffects);

        services.AddSingleton<LeadsTable>();
        services.AddSingleton<LeadCache>();
        services.AddSingleton<LeadDirectory>();
        services.AddSingleton<ListingSnapshots>();
        services.AddSingleton(provider => new ListingStore(
            provider.GetRequiredService<LeadsTable>(), provider.GetRequiredService<ListingSnapshots>(), AllRules(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Timeline>();
        services.AddSingleton(provider => new EffectPublisher(
            provider.GetRequiredService<StorageClients>(), provider.GetRequiredService<EventWriter>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new LeadPipeline(
            provider.GetRequiredService<LeadDirectory>(), provider.GetRequiredService<LeadsTable>(), provider.GetRequiredService<LeadCache>(), AllRules(provider), provider.GetRequiredService<TimeProvider>(),
            async (addresses, cancellationToken) => (await provider.GetRequiredService<Suppressions>().FindAsync(addresses, cancellationToken)).Keys.ToHashSet()));
        services.AddSingleton<LeadTeller>();
        services.AddSingleton<EventsByHand>();
        services.AddSingleton<NamedSegments>();
        services.AddSingleton(provider => new LeadScan(provider.GetRequiredService<LeadsTable>()));
        services.AddSingleton(provider => new RulesInEffect(AllRules(provider)));
        services.AddSingleton<PublicationEffects>();
        services.AddSingleton<DocumentReferrers>();
        services.AddSingleton(provider => new LeadListing(
            provider.GetRequiredService<ListingStore>(), Rules(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new LeadReader(
            provider.GetRequiredService<LeadsTable>(), provider.GetRequiredService<LeadListing>(), provider.GetRequiredService<Timeline>()));
        return builder;
    }

    private static Func<LeadRules> AllRules(IServiceProvider provider)
    {
        var (scoring, journeys, targets) = (provider.GetRequiredService<ScoringModelStore>(), provider.GetRequiredService<JourneyStore>(), provider.GetRequiredService<Targets>());
        var (segments, lifecycle, messaging) = (provider.GetRequiredService<SegmentStore>(), provider.GetRequiredService<LifecycleStore>(), provider.GetRequiredService<MessagingStore>());
        return () => new LeadRules(scoring.Current, journeys.Current, segments.Current, lifecycle.Current) { Heard = targets.Heard, Messages = messaging.Current };
    }

    private static Func<ScoringModels> Rules(IServiceProvider provider)
    {
        var store = provider.GetRequiredService<ScoringModelStore>();
        return () => store.Current;
    }
}
