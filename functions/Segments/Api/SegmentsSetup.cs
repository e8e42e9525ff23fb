using LeadFunctions.Access;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Platform.Hosting;
using LeadFunctions.Scoring.Api;
using LeadFunctions.Segments.Fill;
using LeadFunctions.Segments.Stored;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Segments.Api;

public static class SegmentsSetup
{
    public static FunctionsApplicationBuilder AddSegments(this FunctionsApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddTable(MembersTable.Name);
        services.AddFresh<SegmentStore>();
        services.AddSingleton(new ApprovableKind(Approvable.Segments, SegmentStore.Kind));
        services.AddSingleton<MembersTable>();
        services.AddOptions<SegmentsOptions>().BindConfiguration("LeadFunctions:Segments").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Fills>();
        services.AddSingleton<IDueOthers, RfmCalendar>();
        services.AddSingleton<IScoresChanged, ScoredLeads>();
        return builder;
    }
}
