using LeadFunctions.Journeys.Delivery;
using LeadFunctions.Mail.Acs;
using LeadFunctions.Mail.Outbox;
using LeadFunctions.Mail.Smtp;
using LeadFunctions.Platform.Hosting;
using LeadFunctions.Platform.Storage;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Mail.Api;

public static class MailSetup
{
    public static FunctionsApplicationBuilder AddMail(this FunctionsApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<MailOptions>().BindConfiguration("LeadFunctions").ValidateOnStart();
        services.AddOptions<SmtpOptions>().BindConfiguration("LeadFunctions:Smtp").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<AcsOptions>().BindConfiguration("LeadFunctions:Acs");
        services.AddOptions<DkimOptions>().BindConfiguration("LeadFunctions:Dkim");
        services.AddSingleton<IValidateOptions<MailOptions>, MailSettings>();
        services.AddTable(OutboxTable.Name);
        services.AddSingleton<OutboxTable>();
        services.AddSingleton(provider =>
        {
            var journeys = provider.GetRequiredService<IOptions<JourneysOptions>>().Value;
            return new OutboxPlace(journeys.OutboxFolder, journeys.OutboxDays);
        });
        services.AddSingleton(Provider);
        return builder;
    }

    private static IMailProvider Provider(IServiceProvider services) => Value<MailOptions>(services).EmailProvider switch
    {
        MailOptions.Smtp => new SmtpMail(MailServer.Of(Value<SmtpOptions>(services), () => Identity(services)), DkimSignature.Of(Value<DkimOptions>(services))),
        MailOptions.Acs => new AcsMail(Value<AcsOptions>(services), () => Identity(services), services.GetRequiredService<TimeProvider>(), TimeProvider.System),
        _ => new OutboxMail(services.GetRequiredService<OutboxTable>()),
    };

    private static T Value<T>(IServiceProvider services) where T : class => services.GetRequiredService<IOptions<T>>().Value;

    private static Azure.Core.TokenCredential Identity(IServiceProvider services) => StorageClients.Identity(services.GetRequiredService<IConfiguration>());
}

/// <summary>What the provider that was chosen needs: nothing is sent by half of the settings.</summary>
internal sealed class MailSettings(IOptions<SmtpOptions> smtp, IOptions<AcsOptions> acs, IOptions<DkimOptions> dkim) : IValidateOptions<MailOptions>
{
    public ValidateOptionsResult Validate(string? name, MailOptions options)
    {
        var faults = options.EmailProvider switch
        {
            MailOptions.Outbox => [],
            MailOptions.Smtp => smtp.Value.Faults().Concat(DkimSignature.FaultOf(dkim.Value) is { } fault ? [fault] : []).ToList(),
            MailOptions.Acs => acs.Value.Faults().ToList(),
            _ => (List<string>)[$"LeadFunctions__EmailProvider is none of {string.Join(", ", MailOptions.Providers)}."],
        };
        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}
