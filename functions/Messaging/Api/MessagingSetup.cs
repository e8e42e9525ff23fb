using LeadFunctions.Events;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Messaging.Campaigns;
using LeadFunctions.Messaging.Sending;
using LeadFunctions.Messaging.Stored;
using LeadFunctions.Platform.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Messaging.Api;

public static class MessagingSetup
{
    public static FunctionsApplicationBuilder AddMessaging(this FunctionsApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddFresh<MessagingStore>();
        services.AddTable(Pace.Name);
        services.AddSingleton<Pace>();
        services.AddSingleton<Outbox>();
        services.AddSingleton<MailCarrier>();
        services.AddSingleton<Carriers>();
        services.AddSingleton<Attempts>();
        services.AddSingleton<Sender>();
        services.AddSingleton<Post>();
        services.AddTable(CampaignsTable.Name);
        services.AddQueue(Queues.Campaigns);
        services.AddSingleton<CampaignsTable>();
        services.AddSingleton<CampaignRuns>();
        services.AddSingleton<CampaignNeeds>();
        services.AddSingleton<CampaignWork>();
        services.AddSingleton<CampaignForecasts>();
        services.AddSingleton<IReturns, CampaignReturns>();
        services.AddSingleton<IDueOthers>(provider => provider.GetRequiredService<CampaignRuns>());
        return builder;
    }
}
