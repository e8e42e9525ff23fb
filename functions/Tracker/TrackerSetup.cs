using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Tracker;

public static class TrackerSetup
{
    public static FunctionsApplicationBuilder AddTracker(this FunctionsApplicationBuilder builder)
    {
        builder.Services.AddSingleton<TrackerScript>();
        return builder;
    }
}
