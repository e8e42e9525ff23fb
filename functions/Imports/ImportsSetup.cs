using LeadFunctions.Platform.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Imports;

public static class ImportsSetup
{
    public static FunctionsApplicationBuilder AddImports(this FunctionsApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ImportsOptions>().BindConfiguration("LeadFunctions:Imports").ValidateDataAnnotations().ValidateOnStart();
        services.AddTable(ImportsTable.Name);
        services.AddContainer(ImportFiles.Container);
        services.AddSingleton<ImportsTable>();
        services.AddSingleton<ImportFiles>();
        services.AddSingleton<ImportWork>();
        services.AddSingleton<ImportRuns>();
        return builder;
    }
}
