using System.Reflection;
using Azure.Core.Serialization;
using Azure.Data.Tables;
using LeadFunctions.Local.Functions.Discovery;
using LeadFunctions.Local.Functions.Hosting;
using LeadFunctions.Local.Functions.Time;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

[assembly: FunctionsExtension(typeof(LeadFunctions.Local.DurableTask.DurableExtension))]

namespace LeadFunctions.Local.DurableTask;

/// <summary>Brings orchestrators, activities and the durable client to an app that uses their attributes. The hub lives in the host's storage.</summary>
internal sealed class DurableExtension : IFunctionsExtension
{
    public void Configure(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DataConverter>(provider => new SerializerConverter(provider.GetRequiredService<IOptions<WorkerOptions>>()));
        builder.Services.AddSingleton<ITaskCatalog, FunctionTasks>();
        builder.Services.AddSingleton(provider => new DurableHub(
            new TableServiceClient(ConnectionString(provider.GetRequiredService<IConfiguration>())),
            Options(Settings.Host(builder.Environment.ContentRootPath, builder.Configuration)),
            provider.GetRequiredService<VirtualClock>(),
            provider.GetRequiredService<ITaskCatalog>(),
            provider.GetRequiredService<DataConverter>(),
            provider.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddSingleton<LocalDurableTaskClient>();
        builder.Services.AddSingleton<ITriggerListener, DurableListener>();
    }

    public Func<LocalFunctionContext, object?>? Bind(ParameterInfo parameter)
    {
        if (parameter.IsDefined(typeof(DurableClientAttribute)))
        {
            return parameter.ParameterType == typeof(DurableTaskClient)
                ? context => context.InstanceServices.GetRequiredService<LocalDurableTaskClient>()
                : null;
        }

        if (parameter.IsDefined(typeof(OrchestrationTriggerAttribute)))
        {
            return parameter.ParameterType == typeof(TaskOrchestrationContext) ? context => context.TriggerValue : null;
        }

        var type = parameter.ParameterType;
        return context => context.InstanceServices.GetRequiredService<DataConverter>().Deserialize(((ActivityCall)context.TriggerValue).Input, type)
            ?? (type.IsValueType ? Activator.CreateInstance(type) : null);
    }

    /// <summary>host.json's names, as far as they mean something here.</summary>
    private static HubOptions Options(IConfiguration host)
    {
        var options = new HubOptions();
        var section = host.GetSection("extensions:durableTask");
        return options with
        {
            Name = section["hubName"] ?? options.Name,
            ActivitiesAtOnce = section.GetValue("maxConcurrentActivityFunctions", options.ActivitiesAtOnce),
        };
    }

    private static string ConnectionString(IConfiguration configuration) => configuration["AzureWebJobsStorage"]
        ?? configuration.GetConnectionString("AzureWebJobsStorage")
        ?? throw new LocalStartException("The setting AzureWebJobsStorage is missing: it names the storage account of the task hub.");
}

/// <summary>Inputs and outputs as the worker's serializer writes them.</summary>
internal sealed class SerializerConverter(IOptions<WorkerOptions> options) : DataConverter
{
    private readonly ObjectSerializer _serializer = options.Value.Serializer
        ?? new JsonObjectSerializer(new System.Text.Json.JsonSerializerOptions { PropertyNameCaseInsensitive = true });

    public override string? Serialize(object? value) => value is null ? null : _serializer.Serialize(value, value.GetType()).ToString();

    public override object? Deserialize(string? data, Type targetType) =>
        data is null ? null : _serializer.Deserialize(BinaryData.FromString(data).ToStream(), targetType, default);
}
