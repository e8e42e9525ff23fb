using LeadFunctions.Platform.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace LeadFunctions.Clock.Moves;

public static class ClockSetup
{
    /// <summary>Before whatever asks what time it is. A real clock takes nothing of this.</summary>
    public static FunctionsApplicationBuilder AddClock(this FunctionsApplicationBuilder builder)
    {
        var services = builder.Services;
        var options = ClockOptions.From(builder.Configuration);
        services.AddSingleton(options);
        if (!options.IsMovable())
        {
            return builder;
        }

        services.AddTable(ClockTable.Name);
        services.AddSingleton<ClockTable>();
        services.AddSingleton(provider =>
        {
            var clock = new MovableClock(TimeProvider.System);
            clock.Set(provider.GetRequiredService<ClockTable>().ReadAtStart());
            return clock;
        });
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(provider => provider.GetRequiredService<MovableClock>()));
        services.AddSingleton<ClockReader>();
        services.AddSingleton<Invocations>();
        services.AddSingleton<OwedAdvances>();
        services.AddSingleton<Settling>();
        services.AddSingleton<ClockMoves>();
        builder.UseMiddleware<FreshClock>();
        return builder;
    }
}
