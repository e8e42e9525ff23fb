using LeadFunctions.Feedback.Stored;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Feedback.Api;

public static class FeedbackSetup
{
    public static FunctionsApplicationBuilder AddFeedback(this FunctionsApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<FeedbackOptions>().BindConfiguration("LeadFunctions:Feedback").ValidateDataAnnotations()
            .Validate(options => MachineRanges.AreRight(options.MachineRanges), "LeadFunctions__Feedback__MachineRanges cannot be read: write ranges of addresses, as 20.33.0.0/16, 2603:1000::/24, or leave it empty.")
            .Validate(options => CarrierKeys.AreRight(options.Keys), "LeadFunctions__Feedback__Keys cannot be read: write each carrier once with its key, as eventgrid=KEY;sendgrid=KEY;mailgun=KEY;postmark=USER:PASSWORD.")
            .Validate(options => BrowserLinks.AreRight(options.LinkBrowsers), "LeadFunctions__Feedback__LinkBrowsers cannot be read: write sites with their scheme, as https://shop.example, https://*.shop.example, or leave it empty.")
            .ValidateOnStart();
        services.AddSingleton(SiteOptions.From(builder.Configuration));
        services.AddTable(FeedbackKeys.Name);
        services.AddTable(SentIndex.Name);
        services.AddTable(Suppressions.Name);
        services.AddTable(CarrierTokens.Name);
        services.AddFresh<TopicsStore>();
        services.AddSingleton<FeedbackKeys>();
        services.AddSingleton<MessageLinks>();
        services.AddSingleton<SentIndex>();
        services.AddSingleton<Suppressions>();
        services.AddSingleton<MachineRanges>();
        services.AddSingleton<CarrierKeys>();
        services.AddSingleton<SesDoor>();
        services.AddSingleton<CarrierTokens>();
        services.AddSingleton(provider => new MailgunDoor(provider.GetRequiredService<CarrierKeys>(), provider.GetRequiredService<CarrierTokens>()));
        services.AddSingleton<RefusedCarriers>();
        services.AddSingleton<Hits>();
        services.AddSingleton<PartedReaders>();
        services.AddSingleton<BrowserLinks>();
        services.AddSingleton<Reports>();
        return builder;
    }
}
