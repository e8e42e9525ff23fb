using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Dashboard;

public static class DashboardSetup
{
    public static FunctionsApplicationBuilder AddDashboard(this FunctionsApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DashboardFiles>();
        return builder;
    }
}
