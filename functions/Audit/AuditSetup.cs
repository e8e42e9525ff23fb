using LeadFunctions.Platform.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LeadFunctions.Audit;

public static class AuditSetup
{
    /// <summary>After the access: who asks is known then, and who may not is gone.</summary>
    public static FunctionsApplicationBuilder AddAudit(this FunctionsApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AuditTable>();
        builder.Services.AddTable(AuditTable.Name);
        builder.UseMiddleware<AuditTrail>();
        builder.UseMiddleware<MaskedAnswers>();
        return builder;
    }
}
