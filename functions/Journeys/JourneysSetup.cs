using LeadFunctions.Platform;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Journeys;

public static class JourneysSetup
{
    public static FunctionsApplicationBuilder AddJourneys(this FunctionsApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<JourneysOptions>().BindConfiguration("LeadFunctions:Journeys").ValidateDataAnnotations().ValidateOnStart();
        services.AddTable(RunsTable.Name);
        services.AddTable(DueTable.Name);
        services.AddTable(Outbox.Name);
        services.AddQueue(Queues.JourneyEffects);
        services.AddFresh<JourneyStore>();
        services.AddSingleton<RunsTable>();
        services.AddSingleton<DueTable>();
        services.AddSingleton<DueLeads>();
        services.AddSingleton<RunAlarms>();
        services.AddSingleton<Outbox>();
        services.AddSingleton<IChannel>(provider => provider.GetRequiredService<Outbox>());
        services.AddSingleton<SendArbiter>();
        services.AddSingleton<Webhooks>();
        services.AddSingleton<Scoring.IScoresChanged, ScoreWatch>();
        return builder;
    }
}
