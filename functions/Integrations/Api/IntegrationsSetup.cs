using LeadFunctions.Events;
using LeadFunctions.Integrations.Delivery;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Platform.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Integrations.Api;

public static class IntegrationsSetup
{
    public static FunctionsApplicationBuilder AddIntegrations(this FunctionsApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<EventGridOptions>().BindConfiguration("LeadFunctions:EventGrid")
            .Validate(options => options.TopicEndpoint.Length == 0 || Uri.TryCreate(options.TopicEndpoint, UriKind.Absolute, out _), "LeadFunctions__EventGrid__TopicEndpoint is no address. Leave it empty for no topic.")
            .ValidateOnStart();
        services.AddTable(OutboundTable.Name);
        services.AddTable(DeliveriesTable.Name);
        services.AddQueue(Queues.Outbound);
        services.AddQueue(Queues.WebhookDeliveries);
        services.AddFresh<WebhookStore>();
        services.AddSingleton<Targets>();
        services.AddSingleton<OutboundTable>();
        services.AddSingleton<DeliveriesTable>();
        services.AddSingleton<TargetStates>();
        services.AddSingleton<Lanes>();
        services.AddSingleton<DeliveryOrders>();
        services.AddSingleton<DeliveryMetrics>();
        services.AddSingleton<Outgoing>();
        services.AddSingleton<Drain>();
        services.AddSingleton<Replays>();
        services.AddSingleton<IDueOthers, DueDeliveries>();
        return builder;
    }
}
