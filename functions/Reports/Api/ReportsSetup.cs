using LeadFunctions.Journeys.Runs;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Platform.Hosting;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Reports.Stored;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Reports.Api;

internal static class ReportsSetup
{
    public static FunctionsApplicationBuilder AddReports(this FunctionsApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddTable(FactStore.Name);
        services.AddSingleton(provider => new FactStore(provider.GetRequiredService<LeadsTable>(), provider.GetRequiredService<StorageClients>()));
        services.AddSingleton<FactReader>();
        services.AddSingleton<ReportCounter>();
        services.AddSingleton<FilterValues>();
        services.AddSingleton<GoalReader>();
        services.AddSingleton<SavedReports>();
        services.AddSingleton<ReportMails>();
        services.AddSingleton<IDueOthers>(provider => provider.GetRequiredService<ReportMails>());
        return builder;
    }
}
