using LeadFunctions.Access;
using LeadFunctions.Platform.Hosting;
using LeadFunctions.Templates.Stored;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Templates.Api;

public static class TemplatesSetup
{
    public static FunctionsApplicationBuilder AddTemplates(this FunctionsApplicationBuilder builder)
    {
        builder.Services.AddFresh<TemplateStore>();
        builder.Services.AddSingleton<TemplateSenders>();
        builder.Services.AddSingleton(new ApprovableKind(Approvable.Templates, TemplateStore.Kind));
        return builder;
    }
}
