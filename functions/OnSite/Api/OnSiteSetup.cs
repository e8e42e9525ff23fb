using LeadFunctions.OnSite.Stored;
using LeadFunctions.Platform.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.OnSite.Api;

public static class OnSiteSetup
{
    public static FunctionsApplicationBuilder AddOnSite(this FunctionsApplicationBuilder builder)
    {
        builder.Services.AddFresh<ContentStore>();
        builder.Services.AddSingleton<Visitors>();
        return builder;
    }
}
