using System.Data.Common;
using Azure.Core;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using LeadFunctions.Events;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LeadFunctions.Operations;

/// <summary>
/// Sends traces and metrics to Application Insights when <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> is set, and by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is; the other
/// standard variables of both hold too. Without either nothing listens and nothing is built. Logs go through the host, which sends them to Application Insights itself.
/// </summary>
internal static class TelemetryExport
{
    private static readonly string[] Meters = [Telemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime"];

    internal static void AddTelemetryExport(this FunctionsApplicationBuilder builder)
    {
        var insights = builder.Configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"];
        var sendsOtlp = builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 };
        if (sendsOtlp || insights is { Length: > 0 })
        {
            Add(builder, insights, sendsOtlp); // a method of its own, so that nothing of it is even loaded otherwise
        }
    }

    private static void Add(FunctionsApplicationBuilder builder, string? insights, bool sendsOtlp)
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            .UseFunctionsWorkerDefaults()
            .ConfigureResource(resource => resource.AddService(builder.Configuration["OTEL_SERVICE_NAME"] ?? Telemetry.Name))
            .WithTracing(traces => traces.AddSource(Telemetry.Name).AddHttpClientInstrumentation())
            .WithMetrics(metrics => metrics.AddMeter(Meters));
        if (sendsOtlp)
        {
            // Application Insights has each request from the host already.
            builder.UseMiddleware<RequestSpans>();
            telemetry.WithTracing(traces => traces.AddAspNetCoreInstrumentation()).UseOtlpExporter();
        }

        if (insights is { Length: > 0 })
        {
            var credential = FindCredential(builder.Configuration["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"]);
            telemetry
                .WithTracing(traces => traces.AddAzureMonitorTraceExporter(options => options.ConnectionString = insights, credential))
                .WithMetrics(metrics => metrics.AddAzureMonitorMetricExporter(options => options.ConnectionString = insights, credential));
        }
    }

    /// <summary>Null where the key in the connection string is enough.</summary>
    /// <param name="authentication">As the Functions host reads it: <c>Authorization=AAD</c>, with <c>ClientId=…</c> for a user-assigned identity.</param>
    internal static TokenCredential? FindCredential(string? authentication)
    {
        var parts = new DbConnectionStringBuilder { ConnectionString = authentication };
        return !parts.TryGetValue("Authorization", out var kind) || !"AAD".Equals(kind as string, StringComparison.OrdinalIgnoreCase) ? null
            : new ManagedIdentityCredential(parts.TryGetValue("ClientId", out var id) ? ManagedIdentityId.FromUserAssignedClientId($"{id}") : ManagedIdentityId.SystemAssigned);
    }
}
