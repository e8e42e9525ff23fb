using LeadFunctions.Access;
using LeadFunctions.Audit;
using LeadFunctions.Channels.Api;
using LeadFunctions.Clock.Moves;
using LeadFunctions.Dashboard;
using LeadFunctions.Demo;
using LeadFunctions.Erasures;
using LeadFunctions.Exports;
using LeadFunctions.Feedback.Api;
using LeadFunctions.Forms.Api;
using LeadFunctions.Imports;
using LeadFunctions.Ingest;
using LeadFunctions.Integrations.Api;
using LeadFunctions.Journeys.Api;
using LeadFunctions.Leads.Api;
using LeadFunctions.Lifecycle.Api;
using LeadFunctions.Mail.Api;
using LeadFunctions.Messaging.Api;
using LeadFunctions.OnSite.Api;
using LeadFunctions.Operations;
using LeadFunctions.Platform.Hosting;
using LeadFunctions.Push.Api;
using LeadFunctions.Reports.Api;
using LeadFunctions.Scoring.Api;
using LeadFunctions.Segments.Api;
using LeadFunctions.Tail.Api;
using LeadFunctions.Templates.Api;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

namespace LeadFunctions;

/// <summary>The whole app, slice by slice. <c>Program.cs</c> runs it; tests build it in process.</summary>
public static class App
{
    public static IHost Build(string[] args)
    {
        var builder = FunctionsApplication.CreateBuilder(args);
        builder.ConfigureFunctionsWebApplication();

        builder.AddPlatform();
        builder.AddClock();
        builder.AddAccess();
        builder.AddAudit();
        builder.AddTail();
        builder.AddIngest();
        builder.AddScoring();
        builder.AddLeads();
        builder.AddSegments();
        builder.AddLifecycle();
        builder.AddTemplates();
        builder.AddMail();
        builder.AddJourneys();
        builder.AddMessaging();
        builder.AddIntegrations();
        builder.AddFeedback();
        builder.AddChannels();
        builder.AddImports();
        builder.AddForms();
        builder.AddOnSite();
        builder.AddPush();
        builder.AddErasures();
        builder.AddExports();
        builder.AddReports();
        builder.AddDashboard();
        builder.AddDemo();
        builder.AddOperations();

        return builder.Build();
    }
}
