using LeadFunctions.Channels.Delivery;
using LeadFunctions.Messaging.Sending;
using LeadFunctions.Platform.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Channels.Api;

public static class ChannelsSetup
{
    public static FunctionsApplicationBuilder AddChannels(this FunctionsApplicationBuilder builder)
    {
        builder.Services.AddFresh<ChannelStore>();
        builder.Services.AddSingleton<ChannelSender>();
        builder.Services.AddSingleton<IGateways>(provider => provider.GetRequiredService<ChannelSender>());
        return builder;
    }
}
