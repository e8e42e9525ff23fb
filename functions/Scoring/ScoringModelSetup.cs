using LeadFunctions.Platform;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LeadFunctions.Scoring;

public static class ScoringModelSetup
{
    public static FunctionsApplicationBuilder AddScoring(this FunctionsApplicationBuilder builder)
    {
        builder.Services.AddFresh<ScoringModelStore>();
        if (builder.Environment.IsDevelopment())
        {
            builder.Services.AddHostedService<ScoringModelSeed>();
        }

        return builder;
    }
}
