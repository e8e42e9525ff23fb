using LeadFunctions.Access;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Hosting;
using LeadFunctions.Scoring.Stored;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Scoring.Api;

public static class ScoringModelSetup
{
    public static FunctionsApplicationBuilder AddScoring(this FunctionsApplicationBuilder builder)
    {
        builder.Services.AddFresh<ScoringModelStore>();
        builder.Services.AddSingleton(new ApprovableKind(Approvable.ScoringModels, ScoringModelStore.Kind));
        if (!Deployment.Of(builder.Environment, builder.Configuration).IsDeployed)
        {
            builder.Services.AddHostedService<ScoringModelSeed>();
        }

        return builder;
    }
}
