using LeadFunctions.Access;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Delivery;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Platform.Hosting;
using LeadFunctions.Scoring.Api;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Journeys.Api;

public static class JourneysSetup
{
    public static FunctionsApplicationBuilder AddJourneys(this FunctionsApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<JourneysOptions>().BindConfiguration("LeadFunctions:Journeys").ValidateDataAnnotations().ValidateOnStart();
        services.AddTable(RunsTable.Name);
        services.AddTable(DueTable.Name);
        services.AddQueue(Queues.JourneyEffects);
        services.AddFresh<JourneyStore>();
        services.AddSingleton(new ApprovableKind(Approvable.Journeys, JourneyStore.Kind));
        services.AddSingleton<RunsTable>();
        services.AddSingleton<DueTable>();
        services.AddSingleton<DueLeads>();
        services.AddSingleton<DueMinutes>();
        services.AddSingleton<RunAlarms>();
        services.AddSingleton<Webhooks>();
        services.AddSingleton<IScoresChanged, ScoreWatch>();
        return builder;
    }
}
