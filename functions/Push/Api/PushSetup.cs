using LeadFunctions.Messaging.Sending;
using LeadFunctions.Push.Delivery;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Push.Api;

public static class PushSetup
{
    public static FunctionsApplicationBuilder AddPush(this FunctionsApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<PushOptions>().BindConfiguration("LeadFunctions:Push").ValidateOnStart();
        services.AddSingleton<IValidateOptions<PushOptions>, PushOptionsCheck>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<PushOptions>>().Value);
        services.AddSingleton<PushGateway>();
        services.AddSingleton<IGateways>(provider => provider.GetRequiredService<PushGateway>());
        return builder;
    }
}
