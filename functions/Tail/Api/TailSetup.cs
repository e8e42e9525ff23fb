using LeadFunctions.Access;
using LeadFunctions.Platform.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Tail.Api;

public static class TailSetup
{
    public static FunctionsApplicationBuilder AddTail(this FunctionsApplicationBuilder builder)
    {
        builder.Services.AddTable(TailTable.Name);
        builder.Services.AddSingleton<TailTable>();
        builder.Services.AddSingleton(provider => ActivatorUtilities.CreateInstance<TailWriter>(provider, (Func<DateTimeOffset, bool>)provider.GetRequiredService<Sources>().AreWatched));
        builder.Services.AddSingleton<TailSweep>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<TailSweep>());
        return builder;
    }
}
