using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Demo;

public static class DemoSetup
{
    public static FunctionsApplicationBuilder AddDemo(this FunctionsApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DemoFiles>();
        return builder;
    }
}
