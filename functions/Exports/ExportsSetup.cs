using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Exports;

internal static class ExportsSetup
{
    public static FunctionsApplicationBuilder AddExports(this FunctionsApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PersonPlaces>();
        return builder;
    }
}
