using LeadFunctions.Access;
using LeadFunctions.Integrations.Delivery;
using LeadFunctions.Lifecycle.Notes;
using LeadFunctions.Lifecycle.Owners;
using LeadFunctions.Lifecycle.Stored;
using LeadFunctions.Platform.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Lifecycle.Api;

public static class LifecycleSetup
{
    public static FunctionsApplicationBuilder AddLifecycle(this FunctionsApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddTable(OwnersTable.Name);
        services.AddTable(NotesTable.Name);
        services.AddFresh<LifecycleStore>();
        services.AddSingleton<OwnersTable>();
        services.AddSingleton<NotesTable>();
        services.AddSingleton<HandOvers>();
        services.AddSingleton<IHandOvers>(provider => provider.GetRequiredService<HandOvers>());
        services.AddSingleton(new ApprovableKind(Approvable.Lifecycle, LifecycleStore.Kind));
        return builder;
    }
}
