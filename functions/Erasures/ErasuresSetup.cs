using LeadFunctions.Journeys.Runs;
using LeadFunctions.Leads.Erasing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Platform.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Erasures;

internal static class ErasuresSetup
{
    public static FunctionsApplicationBuilder AddErasures(this FunctionsApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddTable(ErasuresTable.Name);
        services.AddSingleton<ErasuresTable>();
        services.AddSingleton(provider => new LeadBurial(
            provider.GetRequiredService<LeadsTable>(), provider.GetRequiredService<LeadCache>(), provider.GetRequiredService<LeadPipeline>(),
            provider.GetRequiredService<EffectPublisher>(), provider.GetRequiredService<RulesInEffect>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Places>();
        services.AddSingleton<ErasureWork>();
        services.AddSingleton<ErasureRuns>();
        services.AddSingleton<IDueOthers>(provider => provider.GetRequiredService<ErasureRuns>());
        return builder;
    }
}
