using LeadFunctions.Events;
using LeadFunctions.Forms.Confirming;
using LeadFunctions.Forms.Stored;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Forms.Api;

public static class FormsSetup
{
    public static FunctionsApplicationBuilder AddForms(this FunctionsApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<FormsOptions>().BindConfiguration("LeadFunctions:Forms").ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<FormsOptions>>().Value);
        services.AddTable(FormsTable.Name);
        services.AddQueue(Queues.FormConfirmations);
        services.AddFresh<FormStore>();
        services.AddSingleton<FormsTable>();
        services.AddContainer(FormFiles.Container);
        services.AddSingleton<FormFiles>();
        services.AddSingleton<FormCounts>();
        services.AddHostedService(provider => provider.GetRequiredService<FormCounts>());
        services.AddSingleton<FormRates>();
        services.AddSingleton<IConfirmMails, ConfirmMails>();
        services.AddSingleton<Confirmations>();
        services.AddSingleton<FormIntake>();
        if (!Deployment.Of(builder.Environment, builder.Configuration).IsDeployed)
        {
            services.AddHostedService<FormSeed>();
        }

        return builder;
    }
}
